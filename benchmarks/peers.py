"""The engines that could be had instead of the index, each behind the same four verbs.

They answer over the same tokens, which they are given; and they are built from the raw texts, with
their own analyzers.
"""

from __future__ import annotations

import pickle
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import Stemmer

from bot.arrays.array_file import read_arrays, write_arrays
from bot.search.analyzer import Analyzer
from bot.search.index import K1, B, Index

BEST = 10
Tokens = list[list[str]]


class Engine(ABC):
    """An engine that holds an index."""

    name: ClassVar[str]
    """What it is called in the table."""
    most: ClassVar[int] = 10_000_000
    """Tweets that it is asked to hold at the most."""
    questions: ClassVar[int] = 10_000
    """Questions that it is asked at the most."""

    @classmethod
    @abstractmethod
    def build(cls, texts: Sequence[str], tokens: Tokens | None, folder: Path) -> Engine:
        """Index `tokens` if they are given, else `texts`; what is kept in files is in `folder`."""

    @abstractmethod
    def search(self, question: str, terms: list[str]) -> object:
        """The best ten for `terms`, which are those of `question`."""

    @abstractmethod
    def save(self, folder: Path) -> None:
        """Keep in `folder` all that is needed to start from it."""

    @classmethod
    @abstractmethod
    def start(cls, folder: Path) -> Engine:
        """Start from what was saved in `folder`."""


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
        return cls(Index.build(texts) if tokens is None else Index(tokens, analyzer=Analyzer()))

    def search(self, question: str, terms: list[str]) -> object:
        return self._index.search(question, BEST)

    def save(self, folder: Path) -> None:
        write_arrays(folder / "index.bin", "benchmark", None, self._index.to_arrays())

    @classmethod
    def start(cls, folder: Path) -> Engine:
        return cls(Index.from_arrays(read_arrays(folder / "index.bin", "benchmark")[1], Analyzer()))


class Bare(Ours):
    """The same without feedback, which is bare BM25, as the others have it."""

    name = "… without feedback"
    feedback = 0.0


class Okapi(Engine):
    """rank_bm25: it looks at every tweet for every word; more take it minutes and gigabytes."""

    name = "rank_bm25"
    most = 100_000
    questions = 10

    def __init__(self, index: Any) -> None:
        self._index = index

    @classmethod
    def build(cls, texts: Sequence[str], tokens: Tokens | None, folder: Path) -> Engine:
        from rank_bm25 import BM25Okapi

        return cls(BM25Okapi(tokens or [each.lower().split() for each in texts], k1=K1, b=B))

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
    backend: ClassVar[str] = "numpy"

    def __init__(self, index: Any) -> None:
        self._index = index

    @classmethod
    def build(cls, texts: Sequence[str], tokens: Tokens | None, folder: Path) -> Engine:
        import bm25s

        index = bm25s.BM25(method="lucene", k1=K1, b=B, backend=cls.backend)
        corpus: Any = tokens
        if tokens is None:
            stemmer = Stemmer.Stemmer("english")
            corpus = bm25s.tokenize(list(texts), stemmer=stemmer, show_progress=False)
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
    backend = "numba"


class Tantivy(Engine):
    """tantivy, in a folder of its own."""

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
        for doc, text in enumerate(_joined(texts, tokens)):
            writer.add_document(tantivy.Document(text=text, doc=doc))
        writer.commit()
        writer.wait_merging_threads()
        return cls(index)

    def search(self, question: str, terms: list[str]) -> object:
        should, query = self._engine.Occur.Should, self._engine.Query
        clauses = [(should, query.term_query(self._schema, "text", each)) for each in terms]
        return self._searcher.search(query.boolean_query(clauses), BEST).hits

    def save(self, folder: Path) -> None:
        """It is there already."""

    @classmethod
    def start(cls, folder: Path) -> Engine:
        import tantivy

        return cls(tantivy.Index.open(str(folder)))


class Fts5(Engine):
    """SQLite's full-text search, in a file."""

    name = "SQLite FTS5"
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
            enumerate(_joined(texts, tokens), start=1),
        )
        made._store.commit()
        return made

    def search(self, question: str, terms: list[str]) -> object:
        quoted = " OR ".join(f'"{each}"' for each in terms)
        return self._store.execute(self.asking, (quoted, BEST)).fetchall()

    def save(self, folder: Path) -> None:
        """It is there already."""

    @classmethod
    def start(cls, folder: Path) -> Engine:
        return cls(folder)


ENGINES: tuple[type[Engine], ...] = (Ours, Bare, Tantivy, Bm25sNumba, Bm25s, Fts5, Okapi)


def _joined(texts: Sequence[str], tokens: Tokens | None) -> Iterable[str]:
    """The raw texts for an engine's own analyzer; or our terms, for it to split at spaces."""
    return texts if tokens is None else (" ".join(terms) for terms in tokens)
