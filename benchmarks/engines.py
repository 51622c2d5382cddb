"""The index beside every engine that could be had instead: over the same tokens and questions.

rank_bm25, bm25s with NumPy and with numba, tantivy, SQLite's FTS5. Each is built in a process of
its own, for time and memory; then all answer the same questions in turn, on one thread.
`ENGINE_SIZES=10000,100000,1000000` says how many tweets;
`ENGINE_PLOT=file.svg` draws the latencies.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import Stemmer

from bot.analyzer import STOP_WORDS, Analyzer
from bot.index import K1, B, Index
from bot.query import parse

SIZES = [int(each) for each in os.environ.get("ENGINE_SIZES", "10000,100000").split(",")]
PLOT = os.environ.get("ENGINE_PLOT")
QUESTIONS = 200
BEST = 10
VOCABULARY = 300_000
MOST_FOR_OKAPI = 100_000
"""rank_bm25 looks at every tweet for every word: more take it minutes and gigabytes."""
OKAPI_QUESTIONS = 10

Tokens = list[list[str]]
Search = Callable[[str, list[str]], object]


@dataclass(frozen=True, slots=True)
class Engine:
    """One engine: how it is built from the tokens, and then asked a question and its terms."""

    name: str
    build: Callable[[Sequence[str], Tokens | None], Search]


def texts_of(number: int) -> list[str]:
    """Made tweets whose words are as frequent as words are: by the law of Zipf and Mandelbrot."""
    dice = np.random.default_rng(number)
    ranks = np.arange(1, VOCABULARY + 1)
    odds = 1 / (ranks + 2.7) ** 1.07
    cumulated = np.cumsum(odds / odds.sum())
    words = [*sorted(STOP_WORDS), *(_word(rank) for rank in range(len(STOP_WORDS), VOCABULARY))]
    lengths = np.clip(dice.gamma(4.0, 4.5, number).astype(int), 3, 50)
    drawn = np.searchsorted(cumulated, dice.random(int(lengths.sum()))).tolist()
    texts, at = [], 0
    for length in lengths.tolist():
        texts.append(" ".join(words[each] for each in drawn[at : at + length]))
        at += length
    return texts


def questions_of(texts: Sequence[str]) -> list[str]:
    """Questions of 1 to 6 words of the tweets; some begin as questions do."""
    dice = random.Random(11)  # noqa: S311  # the same questions each time, no secret
    asked = []
    for number in range(QUESTIONS):
        words = dice.sample(" ".join(dice.sample(texts, 3)).split(), 1 + number % 6)
        asked.append(" ".join(["what about the", *words] if number % 5 == 0 else words))
    return asked


def _word(rank: int) -> str:
    """A word that the stemmer leaves alone, frequent ones short."""
    letters = "bdfgklmnprtv"
    vowels = "aou"
    made, left = "", rank
    while left or not made:
        made += letters[left % 12] + vowels[left // 12 % 3]
        left //= 36
    return f"{made}x"


def ours(texts: Sequence[str], tokens: Tokens | None, feedback: float | None = None) -> Search:
    """This project's index."""
    index = Index.build(texts) if tokens is None else Index(tokens, analyzer=Analyzer())
    if feedback is not None:
        index.feedback = feedback
    return lambda question, _: index.search(question, BEST)


def bare(texts: Sequence[str], tokens: Tokens | None) -> Search:
    """The same without feedback."""
    return ours(texts, tokens, 0.0)


def okapi(texts: Sequence[str], tokens: Tokens | None) -> Search:
    """rank_bm25."""
    from rank_bm25 import BM25Okapi

    index = BM25Okapi(tokens or [each.lower().split() for each in texts], k1=K1, b=B)
    return lambda _, terms: np.argsort(-index.get_scores(terms))[:BEST]


def bm25s_with(backend: str) -> Callable[[Sequence[str], Tokens | None], Search]:
    """bm25s on `numpy` or `numba`."""

    def build(texts: Sequence[str], tokens: Tokens | None) -> Search:
        import bm25s

        index = bm25s.BM25(method="lucene", k1=K1, b=B, backend=backend)
        if tokens is None:
            stemmer = Stemmer.Stemmer("english")
            index.index(
                bm25s.tokenize(list(texts), stemmer=stemmer, show_progress=False),
                show_progress=False,
            )
        else:
            index.index(tokens, show_progress=False)

        def search(_: str, terms: list[str]) -> object:
            known = [each for each in terms if each in index.vocab_dict]
            return index.retrieve([known], k=BEST, show_progress=False) if known else None

        return search

    return build


def tantivy(texts: Sequence[str], tokens: Tokens | None) -> Search:
    """tantivy, in a folder of its own."""
    import tantivy as engine

    folder = tempfile.mkdtemp(prefix="engine-tantivy-")
    builder = engine.SchemaBuilder()
    tokenizer = "en_stem" if tokens is None else "whitespace"
    builder.add_text_field("text", stored=False, tokenizer_name=tokenizer)
    builder.add_unsigned_field("doc", stored=True)
    schema = builder.build()
    index = engine.Index(schema, path=folder)
    writer = index.writer(128_000_000, 1)
    for doc, text in enumerate(_joined(texts, tokens)):
        writer.add_document(engine.Document(text=text, doc=doc))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def search(_: str, terms: list[str]) -> object:
        clauses = [
            (engine.Occur.Should, engine.Query.term_query(schema, "text", each)) for each in terms
        ]
        return searcher.search(engine.Query.boolean_query(clauses), BEST).hits

    return search


def fts5(texts: Sequence[str], tokens: Tokens | None) -> Search:
    """SQLite's full-text search, in a file."""
    path = Path(tempfile.mkdtemp(prefix="engine-fts5-")) / "fts.db"
    store = sqlite3.connect(path)
    tokenizer = "porter unicode61" if tokens is None else "unicode61"
    store.execute(
        f"CREATE VIRTUAL TABLE tweets USING fts5(text, content='', tokenize='{tokenizer}')"
    )
    store.executemany(
        "INSERT INTO tweets(rowid, text) VALUES (?, ?)",
        enumerate(_joined(texts, tokens), start=1),
    )
    store.commit()
    ask = "SELECT rowid, rank FROM tweets WHERE tweets MATCH ? ORDER BY rank LIMIT ?"

    def search(_: str, terms: list[str]) -> object:
        quoted = " OR ".join(f'"{each}"' for each in terms)
        return store.execute(ask, (quoted, BEST)).fetchall()

    return search


ENGINES = [
    Engine("Threadbot", ours),
    Engine("… without feedback", bare),
    Engine("tantivy", tantivy),
    Engine("bm25s, numba", bm25s_with("numba")),
    Engine("bm25s, NumPy", bm25s_with("numpy")),
    Engine("SQLite FTS5", fts5),
    Engine("rank_bm25", okapi),
]


def main() -> None:
    """Print a table for each size, and draw the latencies if a file is named for that."""
    drawn: dict[int, dict[str, float]] = {}
    for size in SIZES:
        texts = texts_of(size)
        engines = [e for e in ENGINES if e.name != "rank_bm25" or size <= MOST_FOR_OKAPI]
        with tempfile.TemporaryDirectory() as folder:
            kept = Path(folder) / "texts"
            kept.write_text("".join(f"{each}\n" for each in texts), encoding="utf-8")
            built = {each.name: _in_a_process(each, kept) for each in engines}
        latencies = _interleaved(engines, texts)
        mean = {name: statistics.mean(each) for name, each in latencies.items()}
        drawn[size] = mean
        print(f"\n{size:,} tweets, {QUESTIONS} questions, the best {BEST}; µs a question\n")
        print("| engine | p50 | p99 | mean | mean, of ours | build, tweets/s | memory, MB |")
        print("|---|---|---|---|---|---|---|")
        for each in engines:
            took = latencies[each.name]
            seconds, megabytes = built[each.name]
            print(
                f"| {each.name} | {np.percentile(took, 50):,.0f} | {np.percentile(took, 99):,.0f} "
                f"| {mean[each.name]:,.0f} | {mean[each.name] / mean['Threadbot']:.2f} "
                f"| {size / seconds:,.0f} | {megabytes:,.0f} |",
                flush=True,
            )
    if PLOT:
        _draw(drawn, PLOT)


def _joined(texts: Sequence[str], tokens: Tokens | None) -> Iterable[str]:
    """The raw texts for an engine's own analyzer; or our terms, for it to split at spaces."""
    return texts if tokens is None else (" ".join(terms) for terms in tokens)


def _tokens(texts: Sequence[str]) -> Tokens:
    analyzer = Analyzer()
    return [analyzer.terms(each) for each in texts]


class _Lines(Sequence[str]):
    """Texts read from a file, for what a parent process shares is counted when it is touched."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __iter__(self) -> Iterator[str]:
        with self._path.open(encoding="utf-8") as lines:
            yield from (line.rstrip("\n") for line in lines)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __getitem__(self, at: Any) -> Any:
        return list(self)[at]


def _in_a_process(engine: Engine, kept: Path) -> tuple[float, float]:
    """Seconds from raw text to searchable, and megabytes that stay, in a process of its own."""
    reading, writing = os.pipe()
    if os.fork() == 0:
        texts = _Lines(kept)
        gc.collect()
        gc.freeze()
        before = _resident()
        started = time.perf_counter()
        search = engine.build(texts, None)
        seconds = time.perf_counter() - started
        gc.collect()
        ctypes.CDLL("libc.so.6").malloc_trim(0)
        after = _resident()
        search("warm", ["warm"])
        os.write(writing, json.dumps([seconds, (after - before) / 1e6]).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        seconds, megabytes = json.load(told)
    os.wait()
    return seconds, megabytes


def _resident() -> int:
    """Bytes of this process alone: what it shares with its parent is the texts."""
    fields = Path("/proc/self/smaps_rollup").read_text(encoding="ascii").split()
    parts = {"Private_Clean:", "Private_Dirty:"}
    return 1024 * sum(int(fields[at + 1]) for at, each in enumerate(fields) if each in parts)


def _interleaved(engines: Sequence[Engine], texts: Sequence[str]) -> dict[str, list[float]]:
    """Microseconds that each question took each engine, one engine after the other."""
    tokens = _tokens(texts)
    analyzer = Analyzer()
    asked = [
        (each, [term.term for term in parse(each, analyzer).terms]) for each in questions_of(texts)
    ]
    searches = [(each.name, each.build(texts, tokens)) for each in engines]
    del tokens
    gc.collect()
    gc.freeze()
    took: dict[str, list[float]] = {name: [] for name, _ in searches}
    for measured in (False, True):  # once through for the caches
        for number, (question, terms) in enumerate(asked):
            for name, search in searches:
                if name == "rank_bm25" and number >= OKAPI_QUESTIONS:
                    continue
                started = time.perf_counter()
                search(question, terms)
                if measured:
                    took[name].append((time.perf_counter() - started) * 1e6)
    return took


def _draw(means: dict[int, dict[str, float]], path: str) -> None:
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(8, 4.5))
    for name in dict.fromkeys(name for each in means.values() for name in each):
        sizes = [size for size in means if name in means[size]]
        axes.plot(sizes, [means[size][name] for size in sizes], marker="o", label=name)
    axes.set(xscale="log", yscale="log", xlabel="tweets", ylabel="µs a question, mean")
    axes.legend(fontsize="small")
    axes.grid(which="major", alpha=0.3)
    figure.tight_layout()
    figure.savefig(path)
