"""Layers held by Ray actors: questions over 1, 2 and 4 parts beside one process that holds all.

`SPREAD_DATA` is the data folder of a library with a layer of about a million tweets for each part;
`python -m benchmarks libraries` builds one. Its layers are only read. Each run asks the same
questions of both, in turns. A figure is the median of RUNS, with the lowest and the highest.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import statistics
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.archive import vocabulary
from bot.cluster.driver import LOCAL
from bot.cluster.ray_hosts import RemotePart, connected
from bot.library import layer_files
from bot.library.answers import AnswerOptions, search
from bot.library.snapshot.layered import Part
from bot.library.snapshot.served import Served
from bot.library.snapshot.snapshot import Snapshot
from bot.library.spread.snapshot import SpreadSnapshot
from bot.library.spread.spreading import Spreader
from bot.search.query import parse

DATA = os.environ.get("SPREAD_DATA")
PARTS = (1, 2, 4)
RUNS = 5
QUESTIONS = 200
WARM = 20
"""Questions of each run that are asked once before."""
LEAST = 800_000
"""Tweets of the smallest layer that is used."""
WORDS = vocabulary()[:3_000]
OPTIONS = AnswerOptions(limit=7, exact=True)
MEGABYTE = 1 << 20


def main() -> None:
    """Print the figures of each number of parts."""
    if not DATA:
        print("set SPREAD_DATA to the data folder of a library with several large layers")
        return
    for count in PARTS:
        context = multiprocessing.get_context("spawn")
        for measure in (_measure, _measure_memory):
            process = context.Process(target=measure, args=(Path(DATA), count))
            process.start()
            process.join()
            if process.exitcode:
                raise SystemExit(process.exitcode)


def _snapshot(data: Path, count: int) -> Snapshot:
    """Return a snapshot of so many large layers, as they are in their files."""
    found = layer_files.named(data / "index-0.bin")
    parts: list[Part] = []
    for name, _ in found.layers:
        file = layer_files.layer_file(data, name)
        layer = layer_files.mapped(file, name) if file else None
        if layer and len(layer.index) >= LEAST:
            parts.append(Part(layer))
    if len(parts) < count:
        raise SystemExit(f"{data} has only {len(parts)} layers of {LEAST:,} tweets")
    return Snapshot(1, parts[:count])


def _measure(data: Path, count: int) -> None:
    """Measure questions, in one process and over actors."""
    near = _snapshot(data, count)
    print(f"\n{len(near.index):,} tweets in {count} parts")
    with connected(LOCAL, count) as hosts:
        far = Spreader(hosts).spread(near, data, None)
        took: dict[str, list[list[float]]] = {"one process": [], "actors": []}
        spent = dict.fromkeys(took, 0.0)
        for run in range(RUNS):
            questions = _questions(run)
            for snapshot in (near, far):
                for question in questions[:WARM]:
                    _ask(snapshot, question)
            times: dict[str, list[float]] = {name: [] for name in took}
            for question in questions:
                found = []
                for name, snapshot in (("one process", near), ("actors", far)):
                    started, cpu = time.perf_counter(), time.process_time()
                    found.append(_ask(snapshot, question))
                    times[name].append((time.perf_counter() - started) * 1000)
                    spent[name] += time.process_time() - cpu
                if found[0] != found[1]:
                    raise SystemExit(f"{question!r} has other answers")
            for name, some in times.items():
                took[name].append(some)
        for name, runs in took.items():
            for percent in (50, 99):
                found_at = [float(np.percentile(each, percent)) for each in runs]
                _print(f"p{percent}, {name}", found_at)
            mean = spent[name] * 1000 / RUNS / QUESTIONS
            print(f"processor time of the process that asks, {name}: {mean:.2f} ms a question")
        every = far.parts if isinstance(far, SpreadSnapshot) else ()
        remote = [each for each in every if isinstance(each, RemotePart)]
        for part, sizes in zip(remote, hosts.memory(), strict=False):
            mapped = (sizes["rss"] - sizes["private_dirty"]) / MEGABYTE
            print(
                f"an actor with {part.facts.documents:,} tweets: "
                f"{sizes['private_dirty'] / MEGABYTE:.0f} MB of its own, {mapped:.0f} MB mapped"
            )


def _measure_memory(data: Path, count: int) -> None:
    """Measure the memory of a process that asks, and maps no layers."""
    with connected(LOCAL, count) as hosts:
        before = _memory()
        far = Spreader(hosts).spread(_snapshot(data, count), data, None)
        for question in _questions(0):
            _ask(far, question)
        print(
            f"the process that asks: {_memory() - before:.0f} MB above {before:.0f} MB, "
            "which it has with Ray alone"
        )


def _questions(run: int) -> list[str]:
    dice = random.Random(run)  # noqa: S311  # not a secret
    return [" ".join(dice.sample(WORDS, dice.randint(1, 4))) for _ in range(QUESTIONS)]


def _ask(snapshot: Served, question: str) -> object:
    found = search(snapshot, parse(question, snapshot.index.analyzer), OPTIONS)
    ranking = found.ranking
    return (
        [(snapshot.catalogue[each.thread].summary.id, each.scores) for each in ranking.threads],
        ranking.tweets_found,
        ranking.pages,
    )


def _memory() -> float:
    for line in Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Rss:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _print(what: str, values: Sequence[float]) -> None:
    middle = statistics.median(values)
    print(f"{what}: {middle:.2f} ms ({min(values):.2f} to {max(values):.2f})")
