"""Test collections in BEIR's format: `corpus.jsonl`, `queries.jsonl` and `qrels.tsv`.

https://github.com/beir-cellar/beir
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(os.environ.get("IR_COLLECTIONS", Path(__file__).parents[3] / "shared" / "ir"))
"""The folder of the collections, each in a folder of its own."""


@dataclass(frozen=True, slots=True)
class Collection:
    """A test collection: documents, questions, and judgments of relevance."""

    name: str
    """The name of its folder."""
    ids: tuple[str, ...]
    """The documents' ids."""
    texts: tuple[str, ...]
    """The documents, title and text, in the order of `ids`."""
    questions: dict[str, str]
    """The questions by id. Those without any relevant document are left out."""
    grades: dict[str, dict[str, int]]
    """For each question the relevant documents, by id, with their grades, 1 or more."""


def collections() -> list[Collection]:
    """Return all collections in the folder; none if the folder does not exist."""
    return [read(each) for each in sorted(FOLDER.glob("*")) if (each / "qrels.tsv").is_file()]


def read(folder: Path) -> Collection:
    """Read the collection in `folder`.

    Raises:
        OSError: a file cannot be read.
    """
    grades: dict[str, dict[str, int]] = {}
    with (folder / "qrels.tsv").open(encoding="utf-8", newline="") as lines:
        for query, document, grade in list(csv.reader(lines, delimiter="\t"))[1:]:
            if int(grade) >= 1:
                grades.setdefault(query, {})[document] = int(grade)
    documents = list(_records(folder / "corpus.jsonl"))
    questions = {each["_id"]: each["text"] for each in _records(folder / "queries.jsonl")}
    return Collection(
        name=folder.name,
        ids=tuple(each["_id"] for each in documents),
        texts=tuple(f"{each.get('title', '')} {each['text']}".strip() for each in documents),
        questions={each: questions[each] for each in questions if each in grades},
        grades=grades,
    )


def _records(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())
