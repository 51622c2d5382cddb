"""Compares the index with other search engines, over the same tokens and questions.

The others are rank_bm25, bm25s with NumPy and with numba, tantivy, and SQLite's FTS5 (`peers.py`).
Each is built in a process of its own, to measure time, memory, size on disk and start from disk.
Then each indexes the same tokens, again in a process of its own, and all open their indexes from
disk and answer the same questions on one thread. `ENGINE_SIZES=10000,100000,1000000` sets how many
tweets; `ENGINE_SLOW_UP_TO=1000000` the most for engines that take a tenth of a second for a
question; `ENGINE_PLOT=file.svg` draws the latencies.
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
from functools import cache, partial
from itertools import chain, islice
from pathlib import Path

import numpy as np

from benchmarks.peers import BEST, ENGINES, Engine, Lines, Tokens
from bot.search.analyzer import STOP_WORDS, Analyzer
from bot.search.query import parse

SIZES = [int(each) for each in os.environ.get("ENGINE_SIZES", "10000,100000").split(",")]
SLOW_UP_TO = int(os.environ.get("ENGINE_SLOW_UP_TO", "1000000"))
PLOT = os.environ.get("ENGINE_PLOT")
QUESTIONS = 200
VOCABULARY = 300_000
AT_A_TIME = 50_000
"""Tweets to generate at a time."""
TEXTS, TOKENS = "texts", "tokens"
"""The files that keep the tweets, and the terms of each."""
COLUMNS = (
    "p50", "p99", "mean", "mean, of ours", "build, tweets/s", "memory, MB", "disk, MB", "start, ms"
)  # fmt: skip

Figures = Mapping[str, float]


def texts_of(number: int) -> Iterator[str]:
    """Generate tweets whose word frequencies follow the Zipf–Mandelbrot law."""
    dice = np.random.default_rng(number)
    ranks = np.arange(1, VOCABULARY + 1)
    odds = 1 / (ranks + 2.7) ** 1.07
    cumulated = np.cumsum(odds / odds.sum())
    words = [*sorted(STOP_WORDS), *(_word(rank) for rank in range(len(STOP_WORDS), VOCABULARY))]
    lengths = np.clip(dice.gamma(4.0, 4.5, number).astype(int), 3, 50)
    for first in range(0, number, AT_A_TIME):
        some = lengths[first : first + AT_A_TIME].tolist()
        drawn = iter(np.searchsorted(cumulated, dice.random(sum(some))).tolist())
        for length in some:
            yield " ".join([words[each] for each in islice(drawn, length)])


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
    for size in SIZES:
        with tempfile.TemporaryDirectory(prefix="engines-") as name:
            folder = Path(name)
            _in_a_process(partial(_kept, folder, size))
            texts = Lines(folder / TEXTS)
            chosen = [each for each in ENGINES if size <= _most(each)]
            alone = {each: _alone(each, texts, folder) for each in chosen if not each.is_variant}
            took = _interleaved(chosen, texts, folder)
        drawn[size] = {each.name: statistics.mean(some) for each, some in took.items()}
        _table(size, took, alone)
    if PLOT:
        _draw(drawn, PLOT)


def _table(
    size: int,
    latencies: Mapping[type[Engine], list[float]],
    alone: Mapping[type[Engine], Figures],
) -> None:
    ours = statistics.mean(latencies[ENGINES[0]])
    print(f"\n{size:,} tweets, {QUESTIONS} questions, the best {BEST}; µs a question\n")
    print(f"| engine | {' | '.join(COLUMNS)} |\n|---|{'---|' * len(COLUMNS)}")
    for engine, took in latencies.items():
        mean = statistics.mean(took)
        row = [f"{value:,.0f}" for value in (*np.percentile(took, (50, 99)), mean)]
        row.append(f"{mean / ours:.2f}")
        figures = alone.get(engine)
        if figures:
            row += [
                f"{size / figures['build']:,.0f}",
                f"{figures['memory'] / 1e6:,.0f}",
                f"{figures['disk'] / 1e6:,.0f}",
                f"{figures['start'] * 1e3:,.0f}",
            ]
        else:
            row += [""] * 4  # it has the index of the one above
        print(f"| {engine.name} | {' | '.join(row)} |", flush=True)


def _most(engine: type[Engine]) -> int:
    """Return the most tweets for an engine."""
    return min(engine.most, SLOW_UP_TO) if engine.slow else engine.most


def _kept(folder: Path, size: int) -> Figures:
    """Write the texts, and the terms of each, to files."""
    terms_of = cache(Analyzer().terms)  # a tweet's terms are those of its words
    with (
        (folder / TEXTS).open("w", encoding="utf-8") as texts,
        (folder / TOKENS).open("w", encoding="utf-8") as tokens,
    ):
        for text in texts_of(size):
            texts.write(f"{text}\n")
            tokens.write(f"{' '.join(chain(*map(terms_of, text.split())))}\n")
    return {}


def _alone(engine: type[Engine], texts: Lines, kept: Path) -> Figures:
    """Measure an engine in processes of its own.

    Returns:
        Seconds to build the index from texts, bytes in memory and on disk, and seconds from disk to
        the first answer.
    """
    with tempfile.TemporaryDirectory(dir=kept) as name:
        folder = Path(name)
        built = _in_a_process(lambda: _built(engine, texts, folder))
        disk = sum(each.stat().st_size for each in folder.rglob("*") if each.is_file())
        return {**built, "disk": float(disk), **_in_a_process(lambda: _started(engine, folder))}


def _built(engine: type[Engine], texts: Lines, folder: Path) -> Figures:
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
    engines: Sequence[type[Engine]], texts: Lines, kept: Path
) -> dict[type[Engine], list[float]]:
    """Return the latencies of each engine in microseconds, one for each question."""
    analyzer = Analyzer()
    asked = [
        (each, [term.term for term in parse(each, analyzer).terms]) for each in questions_of(texts)
    ]
    folders = [kept / f"of-tokens-{at}" for at in range(len(engines))]
    for at, (engine, folder) in enumerate(zip(engines, folders, strict=True)):
        if engine.is_variant:
            folder.symlink_to(folders[at - 1])
        else:
            folder.mkdir()
            _in_a_process(partial(_saved, engine, texts, Tokens(kept / TOKENS), folder))
    made = [engine.start(folder) for engine, folder in zip(engines, folders, strict=True)]
    gc.collect()
    gc.freeze()
    took: dict[type[Engine], list[float]] = {each: [] for each in engines}
    for measured in (False, True):  # the first pass warms the caches
        for number, (question, terms) in enumerate(asked):
            for each in made:
                if number >= each.questions:
                    continue
                started = time.perf_counter()
                each.search(question, terms)
                if measured:
                    took[type(each)].append((time.perf_counter() - started) * 1e6)
    return took


def _saved(engine: type[Engine], texts: Lines, tokens: Tokens, folder: Path) -> Figures:
    engine.build(texts, tokens, folder).save(folder)
    return {}


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
