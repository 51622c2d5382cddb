"""Test collections in the form of BEIR: `corpus.jsonl`, `queries.jsonl`, `qrels.tsv`."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(os.environ.get("IR_COLLECTIONS", Path(__file__).parents[3] / "shared" / "ir"))
"""Where the collections are, a folder each."""


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents, questions, and which documents answer which question."""

    name: str
    """Its folder's name."""
    ids: tuple[str, ...]
    """The documents' ids."""
    texts: tuple[str, ...]
    """The documents: title and text."""
    questions: dict[str, str]
    """Questions by id; those alone that some document answers."""
    grades: dict[str, dict[str, int]]
    """For each question the grades of the documents that answer it, 1 or more."""


def collections() -> list[Collection]:
    """All collections in the folder; none where there is no such folder."""
    return [read(each) for each in sorted(FOLDER.glob("*")) if (each / "qrels.tsv").is_file()]


def read(folder: Path) -> Collection:
    """Read the collection in `folder`.

    Raises:
        OSError: a file of it cannot be read.
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
