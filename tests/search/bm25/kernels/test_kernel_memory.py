"""Tests of the kernels without memory: each allocation fails once. Runs in `tests.sanitized`."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from bot.search.bm25.inverter import invert
from bot.search.index import Index
from tests.corpora import flat, many_pairs
from tests.kernels import built


@pytest.fixture(scope="module")
def module() -> ModuleType:
    """The kernels' module, where it can have an allocation fail."""
    found: ModuleType = built().inverted.__self__  # type: ignore[attr-defined]  # a module's function has it
    if not hasattr(found, "refuse"):
        pytest.skip("only in the build of tests.sanitized")
    return found


def each_failure(
    module: ModuleType, call: Callable[[], Any], prepare: Callable[[], None] = lambda: None
) -> Iterator[Any]:
    """What `call` raises or returns when its first allocation fails, its second, and so on."""
    for after in range(1_000):
        prepare()
        module.refuse(after)
        try:
            result = call()
        except MemoryError as error:
            result = error
        if not module.refuse(-1):
            return
        yield result


def ids_of(texts: str) -> bytes:
    """The numbers of chunks: three of each."""
    term_ids = built().term_ids(lambda chunk: [len(chunk)] * 3, 2_000)
    term_ids.add(texts)
    return term_ids.take()


MANY = many_pairs(300, 0, np.random.default_rng(1))


@pytest.mark.parametrize(
    ("call", "allocations"),
    [
        (lambda: ids_of(" ".join("x" * each for each in range(64)) + " y" * 400), 6),
        (lambda: invert(*flat(MANY), 30), 8),
        (lambda: Index([["ai"]]), 11),
    ],
)
def test_a_build_without_memory_raises_memory_error(
    module: ModuleType, call: Callable[[], Any], allocations: int
) -> None:
    results = list(each_failure(module, call))
    assert len(results) >= allocations
    assert all(isinstance(each, MemoryError) for each in results)


@pytest.mark.parametrize("feedback", [0.0, 1.5])
def test_a_question_without_memory_raises_memory_error_or_is_answered(
    module: ModuleType, feedback: float
) -> None:
    corpus = [["ai", "chip"]] * 1_100

    def ask(index: Index) -> list[Any]:
        docs, scores = index.search("ai chip", 5)
        matches = index.match(["ai", "chip"])
        best = index.best(["ai", "chip"], 5)
        return [each.tolist() for each in (docs, scores, matches.docs, index.boosts(*best))]

    expected = ask(Index(corpus, feedback=feedback))
    index = Index(corpus, feedback=feedback)
    results = list(each_failure(module, lambda: ask(index)))
    # What is known of a long list is kept if there is memory; without it the answer is the same.
    assert sum(isinstance(each, MemoryError) for each in results) > 15
    assert all(isinstance(each, MemoryError) or each == expected for each in results)
    anew = [index]

    def prepare() -> None:
        anew[0] = Index(corpus, feedback=feedback)

    results = list(each_failure(module, lambda: ask(anew[0]), prepare))
    assert all(isinstance(each, MemoryError) or each == expected for each in results)


def test_a_module_without_memory_is_not_imported(module: ModuleType) -> None:
    def load() -> None:
        assert module.__file__ is not None
        spec = importlib.util.spec_from_file_location("bot.search.bm25._kernels", module.__file__)
        assert spec is not None
        assert spec.loader is not None
        spec.loader.exec_module(importlib.util.module_from_spec(spec))

    results = list(each_failure(module, load))
    assert len(results) == 3
    assert all(isinstance(each, MemoryError) for each in results)


def test_a_write_outside_an_array_ends_the_process_and_says_where(module: ModuleType) -> None:
    code = (
        "import sys, numpy as np\n"
        "from tests.sanitized.run import load\n"
        "load(sys.argv[1])\n"
        "from bot.search.bm25 import native\n"
        "starts, tokens = np.array([0, 2]), np.array([0, 1], np.int32)\n"
        "native.kernels.term_starts(starts, tokens, np.empty(2, np.int64))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(module.__file__)], capture_output=True, text=True
    )
    assert done.returncode < 0
    assert "inverter.c" in done.stderr
    assert "1 items from 1 on, in an array of 1" in done.stderr
