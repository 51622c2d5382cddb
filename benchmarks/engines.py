"""Compares the index with other search engines, over the same tokens and questions.

The others are rank_bm25, bm25s with NumPy and with numba, tantivy, and SQLite's FTS5 (`peers.py`).
Each is built in a process of its own, to measure time, memory, size on disk and start from disk.
Then all answer the same questions on one thread. `ENGINE_SIZES=10000,100000,1000000` sets how many
tweets; `ENGINE_PLOT=file.svg` draws the latencies.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.peers import BEST, ENGINES, Engine, Tokens
from bot.search.analyzer import STOP_WORDS, Analyzer
from bot.search.query import parse

SIZES = [int(each) for each in os.environ.get("ENGINE_SIZES", "10000,100000").split(",")]
PLOT = os.environ.get("ENGINE_PLOT")
QUESTIONS = 200
VOCABULARY = 300_000
COLUMNS = (
    "p50", "p99", "mean", "mean, of ours", "build, tweets/s", "memory, MB", "disk, MB", "start, ms"
)  # fmt: skip

Figures = Mapping[str, float]


def texts_of(number: int) -> list[str]:
    """Generate tweets whose word frequencies follow the Zipf–Mandelbrot law."""
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
    """Generate questions of 1 to 6 words from the tweets; some start with stop words."""
    dice = random.Random(11)  # noqa: S311  # a fixed seed: the same questions each time
    asked = []
    for number in range(QUESTIONS):
        words = dice.sample(" ".join(dice.sample(texts, 3)).split(), 1 + number % 6)
        asked.append(" ".join(["what about the", *words] if number % 5 == 0 else words))
    return asked


def _word(rank: int) -> str:
    """Return a word that the stemmer does not change; frequent words are short."""
    letters = "bdfgklmnprtv"
    vowels = "aou"
    made, left = "", rank
    while left or not made:
        made += letters[left % 12] + vowels[left // 12 % 3]
        left //= 36
    return f"{made}x"


def main() -> None:
    """Print a table for each size, and draw the latencies if ENGINE_PLOT names a file."""
    drawn: dict[int, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as name:
        kept = {size: Path(name) / str(size) for size in SIZES}
        for size, path in kept.items():
            _in_a_process(partial(_kept, path, size))
        # Measure these first, as processes started later would inherit this one's memory.
        alone = {
            size: {each.name: _alone(each, path) for each in _engines(size)}
            for size, path in kept.items()
        }
        for size, path in kept.items():
            with tempfile.TemporaryDirectory() as folder:
                took = _interleaved(_engines(size), list(_Lines(path)), Path(folder))
            drawn[size] = {each: statistics.mean(some) for each, some in took.items()}
            _table(size, took, alone[size])
    if PLOT:
        _draw(drawn, PLOT)


def _engines(size: int) -> list[type[Engine]]:
    """Return the engines that support that many tweets."""
    return [each for each in ENGINES if size <= each.most]


def _table(size: int, latencies: Mapping[str, list[float]], alone: Mapping[str, Figures]) -> None:
    ours = statistics.mean(latencies[ENGINES[0].name])
    print(f"\n{size:,} tweets, {QUESTIONS} questions, the best {BEST}; µs a question\n")
    print(f"| engine | {' | '.join(COLUMNS)} |\n|---|{'---|' * len(COLUMNS)}")
    for name, took in latencies.items():
        figures, mean = alone[name], statistics.mean(took)
        print(
            f"| {name} | {np.percentile(took, 50):,.0f} | {np.percentile(took, 99):,.0f} "
            f"| {mean:,.0f} | {mean / ours:.2f} "
            f"| {size / figures['build']:,.0f} | {figures['memory'] / 1e6:,.0f} "
            f"| {figures['disk'] / 1e6:,.0f} | {figures['start'] * 1e3:,.0f} |",
            flush=True,
        )


def _tokens(texts: Sequence[str]) -> Tokens:
    analyzer = Analyzer()
    return [analyzer.terms(each) for each in texts]


def _kept(path: Path, size: int) -> Figures:
    """Write the texts, in a process of its own, so that measured processes do not inherit them."""
    path.write_text("".join(f"{each}\n" for each in texts_of(size)), encoding="utf-8")
    return {}


class _Lines(Sequence[str]):
    """Texts that are read from a file, one at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __iter__(self) -> Iterator[str]:
        with self._path.open(encoding="utf-8") as lines:
            yield from (line.rstrip("\n") for line in lines)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __getitem__(self, at: Any) -> Any:
        return list(self)[at]


def _alone(engine: type[Engine], kept: Path) -> Figures:
    """Measure an engine in processes of its own.

    Returns:
        Seconds to build the index from texts, bytes in memory and on disk, and seconds from disk to
        the first answer.
    """
    with tempfile.TemporaryDirectory(prefix="engine-") as name:
        folder = Path(name)
        built = _in_a_process(lambda: _built(engine, kept, folder))
        disk = sum(each.stat().st_size for each in folder.rglob("*") if each.is_file())
        return {**built, "disk": float(disk), **_in_a_process(lambda: _started(engine, folder))}


def _built(engine: type[Engine], kept: Path, folder: Path) -> Figures:
    texts = _Lines(kept)
    gc.collect()
    gc.freeze()
    before = _resident()
    started = time.perf_counter()
    made = engine.build(texts, None, folder)
    seconds = time.perf_counter() - started
    gc.collect()
    ctypes.CDLL("libc.so.6").malloc_trim(0)
    memory = _resident() - before
    made.search("warm", ["warm"])
    made.save(folder)
    return {"build": seconds, "memory": float(memory)}


def _started(engine: type[Engine], folder: Path) -> Figures:
    """Return the seconds to start and answer, the second time: with warm imports and files."""
    took = 0.0
    for _ in range(2):
        started = time.perf_counter()
        engine.start(folder).search("warm", ["warm"])
        took = time.perf_counter() - started
    return {"start": took}


def _in_a_process(work: Callable[[], Figures]) -> Figures:
    reading, writing = os.pipe()
    if os.fork() == 0:
        os.write(writing, json.dumps(work()).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as told:
        figures: Figures = json.load(told)
    os.wait()
    return figures


def _resident() -> int:
    """Return the bytes of memory that only this process uses."""
    fields = Path("/proc/self/smaps_rollup").read_text(encoding="ascii").split()
    parts = {"Private_Clean:", "Private_Dirty:"}
    return 1024 * sum(int(fields[at + 1]) for at, each in enumerate(fields) if each in parts)


def _interleaved(
    engines: Sequence[type[Engine]], texts: Sequence[str], folder: Path
) -> dict[str, list[float]]:
    """Return the latencies of each engine in microseconds, one for each question."""
    tokens = _tokens(texts)
    analyzer = Analyzer()
    asked = [
        (each, [term.term for term in parse(each, analyzer).terms]) for each in questions_of(texts)
    ]
    made = [each.build(texts, tokens, _made(folder / str(at))) for at, each in enumerate(engines)]
    del tokens
    gc.collect()
    gc.freeze()
    took: dict[str, list[float]] = {each.name: [] for each in made}
    for measured in (False, True):  # the first pass warms the caches
        for number, (question, terms) in enumerate(asked):
            for each in made:
                if number >= each.questions:
                    continue
                started = time.perf_counter()
                each.search(question, terms)
                if measured:
                    took[each.name].append((time.perf_counter() - started) * 1e6)
    return took


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


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
