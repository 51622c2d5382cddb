"""Other search engines behind a common interface.

To compare latency, all index the same tokens. To compare build time, each indexes the texts with
its own analyzer.
"""

from __future__ import annotations

import pickle
import sqlite3
from abc import ABC, abstractmethod
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate, count
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import Stemmer

from bot.arrays.array_file import read_arrays, write_arrays
from bot.search.analyzer import Analyzer
from bot.search.index import K1, B, Index

BEST = 10


class Lines(Sequence[str]):
    """Texts that are read from a file, one at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __iter__(self) -> Iterator[str]:
        with self._path.open(encoding="utf-8") as lines:
            yield from (line.rstrip("\n") for line in lines)

    def __len__(self) -> int:
        return len(self._begins)

    def __getitem__(self, at: Any) -> Any:
        with self._path.open("rb") as lines:
            lines.seek(self._begins[at])
            return lines.readline().decode().rstrip("\n")

    @cached_property
    def _begins(self) -> array[int]:
        with self._path.open("rb") as lines:
            ends = accumulate(map(len, lines), initial=0)
            return array("q", ends)[:-1]


class Tokens:
    """The terms of texts, which are read from a file, one text at a time."""

    def __init__(self, path: Path) -> None:
        self._texts = Lines(path)

    def __iter__(self) -> Iterator[list[str]]:
        return map(str.split, self._texts)


class Engine(ABC):
    """A search engine with an index."""

    name: ClassVar[str]
    """The name in the table."""
    most: ClassVar[int] = 10_000_000
    """The most tweets to index with it."""
    slow: ClassVar[bool] = False
    """Whether a question takes long, so that many tweets would keep all waiting."""
    questions: ClassVar[int] = 10_000
    """The most questions to ask it."""
    is_variant: ClassVar[bool] = False
    """Whether it has the same index as the engine before it."""

    @classmethod
    @abstractmethod
    def build(cls, texts: Sequence[str], tokens: Tokens | None, folder: Path) -> Engine:
        """Index `tokens`, or `texts` if they are None. Files go to `folder`."""

    @abstractmethod
    def search(self, question: str, terms: list[str]) -> object:
        """Return the best ten tweets for `terms`, which are the terms of `question`."""

    @abstractmethod
    def save(self, folder: Path) -> None:
        """Save the index to `folder`."""

    @classmethod
    @abstractmethod
    def start(cls, folder: Path) -> Engine:
        """Open the index saved in `folder`."""


class Ours(Engine):
    """This project's index."""

    name = "Threadbot"
    feedback: ClassVar[float | None] = None

    def __init__(self, index: Index) -> None:
        self._index = index
        if self.feedback is not None:
            index.feedback = self.feedback

    @classmethod
    def build(cls, texts: Sequence[str], tokens: Tokens | None, folder: Path) -> Engine:
        return cls(Index.build(texts))  # its own analyzer made the tokens

    def search(self, question: str, terms: list[str]) -> object:
        return self._index.search(question, BEST)

    def save(self, folder: Path) -> None:
        write_arrays(folder / "index.bin", "benchmark", None, self._index.to_arrays())

    @classmethod
    def start(cls, folder: Path) -> Engine:
        return cls(Index.from_arrays(read_arrays(folder / "index.bin", "benchmark")[1], Analyzer()))


class Bare(Ours):
    """This project's index without feedback: plain BM25, like the other engines."""

    name = "… without feedback"
    is_variant = True
    feedback = 0.0


class Okapi(Engine):
    """rank_bm25. Scores every tweet for every word, so more tweets take minutes and gigabytes."""

    name = "rank_bm25"
    most = 100_000
    questions = 10

    def __init__(self, index: Any) -> None:
        self._index = index

    @classmethod
    def build(cls, texts: Sequence[str], tokens: Tokens | None, folder: Path) -> Engine:
        from rank_bm25 import BM25Okapi

        corpus = [each.lower().split() for each in texts] if tokens is None else [*tokens]
        return cls(BM25Okapi(corpus, k1=K1, b=B))

    def search(self, question: str, terms: list[str]) -> object:
        return np.argsort(-self._index.get_scores(terms))[:BEST]

    def save(self, folder: Path) -> None:
        (folder / "index.pickle").write_bytes(pickle.dumps(self._index, protocol=5))

    @classmethod
    def start(cls, folder: Path) -> Engine:
        return cls(pickle.loads((folder / "index.pickle").read_bytes()))  # noqa: S301  # our own


class Bm25s(Engine):
    """bm25s with NumPy."""

    name = "bm25s, NumPy"
    slow = True
    backend: ClassVar[str] = "numpy"

    def __init__(self, index: Any) -> None:
        self._index = index

    @classmethod
    def build(cls, texts: Sequence[str], tokens: Tokens | None, folder: Path) -> Engine:
        import bm25s

        index = bm25s.BM25(method="lucene", k1=K1, b=B, backend=cls.backend)
        corpus: Any
        if tokens is None:
            stemmer = Stemmer.Stemmer("english")
            corpus = bm25s.tokenize(list(texts), stemmer=stemmer, show_progress=False)
        else:
            terms: defaultdict[str, int] = defaultdict(count().__next__)
            corpus = [[terms[each] for each in some] for some in tokens], dict(terms)
        index.index(corpus, show_progress=False)
        return cls(index)

    def search(self, question: str, terms: list[str]) -> object:
        known = [each for each in terms if each in self._index.vocab_dict]
        return self._index.retrieve([known], k=BEST, show_progress=False) if known else None

    def save(self, folder: Path) -> None:
        self._index.save(folder)

    @classmethod
    def start(cls, folder: Path) -> Engine:
        import bm25s

        index = bm25s.BM25.load(folder, load_corpus=False)
        index.backend = cls.backend
        return cls(index)


class Bm25sNumba(Bm25s):
    """bm25s with numba."""

    name = "bm25s, numba"
    slow = False
    backend = "numba"


class Tantivy(Engine):
    """tantivy, with an index on disk."""

    name = "tantivy"

    def __init__(self, index: Any) -> None:
        import tantivy

        self._engine, self._schema = tantivy, index.schema
        index.reload()
        self._searcher = index.searcher()

    @classmethod
    def build(cls, texts: Sequence[str], tokens: Tokens | None, folder: Path) -> Engine:
        import tantivy

        builder = tantivy.SchemaBuilder()
        tokenizer = "en_stem" if tokens is None else "whitespace"
        builder.add_text_field("text", stored=False, tokenizer_name=tokenizer)
        builder.add_unsigned_field("doc", stored=True)
        index = tantivy.Index(builder.build(), path=str(folder))
        writer = index.writer(128_000_000, 1)
        for doc, text in enumerate(_documents(texts, tokens)):
            writer.add_document(tantivy.Document(text=text, doc=doc))
        writer.commit()
        writer.wait_merging_threads()
        return cls(index)

    def search(self, question: str, terms: list[str]) -> object:
        should, query = self._engine.Occur.Should, self._engine.Query
        clauses = [(should, query.term_query(self._schema, "text", each)) for each in terms]
        return self._searcher.search(query.boolean_query(clauses), BEST).hits

    def save(self, folder: Path) -> None:
        """Do nothing: the index is already on disk."""

    @classmethod
    def start(cls, folder: Path) -> Engine:
        import tantivy

        return cls(tantivy.Index.open(str(folder)))


class Fts5(Engine):
    """SQLite's full-text search FTS5, in a file."""

    name = "SQLite FTS5"
    slow = True
    asking = "SELECT rowid, rank FROM tweets WHERE tweets MATCH ? ORDER BY rank LIMIT ?"

    def __init__(self, folder: Path) -> None:
        self._store = sqlite3.connect(folder / "fts.db")

    @classmethod
    def build(cls, texts: Sequence[str], tokens: Tokens | None, folder: Path) -> Engine:
        made = cls(folder)
        tokenizer = "porter unicode61" if tokens is None else "unicode61"
        made._store.execute(
            f"CREATE VIRTUAL TABLE tweets USING fts5(text, content='', tokenize='{tokenizer}')"
        )
        made._store.executemany(
            "INSERT INTO tweets(rowid, text) VALUES (?, ?)",
            enumerate(_documents(texts, tokens), start=1),
        )
        made._store.commit()
        return made

    def search(self, question: str, terms: list[str]) -> object:
        quoted = " OR ".join(f'"{each}"' for each in terms)
        return self._store.execute(self.asking, (quoted, BEST)).fetchall()

    def save(self, folder: Path) -> None:
        """Do nothing: the index is already on disk."""

    @classmethod
    def start(cls, folder: Path) -> Engine:
        return cls(folder)


ENGINES: tuple[type[Engine], ...] = (Ours, Bare, Tantivy, Bm25sNumba, Bm25s, Fts5, Okapi)


def _documents(texts: Sequence[str], tokens: Tokens | None) -> Iterable[str]:
    """Return the texts, for the engine's own analyzer; or our terms, to be split at spaces."""
    return texts if tokens is None else (" ".join(terms) for terms in tokens)
