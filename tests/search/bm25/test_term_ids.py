"""Tests of assigning ids to terms."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search.analyzer import Analyzer, Token
from bot.search.bm25 import term_ids
from bot.search.bm25.term_ids import TermIds
from tests.kernels import by_name

ANALYZER = Analyzer()


@pytest.mark.parametrize("kernels", ["with", "without"])
def test_terms_are_numbered_in_the_order_of_their_first_appearance(kernels: str) -> None:
    with by_name[kernels]():
        made = TermIds(ANALYZER)
        assert made.add("Ports and chips, and quays") == 5
        assert made.take().tolist() == [0, 1, 2, 1, 3]
        assert made.take().tolist() == []
        assert made.add("quays: chips") == 2
        assert made.take().tolist() == [3, 2]
    assert list(made.terms()) == ["port", "and", "chip", "quay"]
    assert list(made.words) == ["Ports", "and", "chips", "quays"]


@pytest.mark.parametrize("kernels", ["with", "without"])
def test_texts_and_terms_keep_their_order(kernels: str) -> None:
    with by_name[kernels]():
        made = TermIds(ANALYZER)
        made.add("ports grow")
        assert made.add_terms(["quay", "port", "quay"]) == 3
        made.add("quays grow")
        assert made.add("GROW \ud800 PORTS") == 2 + len(ANALYZER.terms("\ud800"))
        made.add("ALL PORTS GROW")
        numbers = made.take().tolist()
    terms = list(made.terms())
    told = [terms[each] for each in numbers]
    assert told[:7] == ["port", "grow", "quay", "port", "quay", "quay", "grow"]
    assert told[-3:] == ["all", "port", "grow"]
    assert len(set(terms)) == len(terms)


def test_what_is_forgotten_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(term_ids, "CACHED", 2)
    with by_name["without"]():
        made = TermIds(ANALYZER)
        for _ in range(2):
            assert made.add("a b c d a b c d") == 8
    assert made.take().tolist() == [0, 1, 2, 3] * 4


class Counting(Analyzer):
    """Counts the characters that it reads."""

    count = 0

    def read(self, chunk: str, *, all_caps: bool = False) -> tuple[Token, ...]:
        self.count += len(chunk)
        return super().read(chunk, all_caps=all_caps)


@pytest.mark.parametrize("kernels", ["with", "without"])
@pytest.mark.parametrize("text", ["[1a](b.c", "&<#x41;", "x-Yz/w:it’s!", "&<#X41;"])
def test_the_parts_of_long_chunks_are_read_once(text: str, kernels: str) -> None:
    said = f"{text * 50} {text}"
    counting = Counting()
    with by_name[kernels]():
        made = TermIds(counting)
        made.add(said)
        numbers = made.take().tolist()
    terms = list(made.terms())
    assert [terms[each] for each in numbers] == ANALYZER.terms(said)
    assert counting.count <= 2 * len(text)


@given(st.lists(st.text("aBC1_#.,:é", min_size=1).map("#{}".format), max_size=5).map(" ".join))
def test_hashtags_have_the_terms_that_the_analyzer_finds(said: str) -> None:
    made = TermIds(ANALYZER)
    made.add(said)
    terms, words = list(made.terms()), list(made.words)
    told = made.take().tolist()
    tokens = ANALYZER.tokens(said)
    assert [terms[each] for each in told] == [each.term for each in tokens]
    first = {each.term: said[each.start : each.end] for each in reversed(tokens)}
    assert words == [first[each] for each in terms]


@pytest.mark.parametrize("kernels", ["with", "without"])
def test_plain_hashtags_are_read_without_the_analyzer(kernels: str) -> None:
    counting = Counting()
    with by_name[kernels]():
        made = TermIds(counting)
        assert made.add("#HardDrives2024, #ports #a_b.") == 8
    assert list(made.terms()) == [
        "harddrives2024",
        "hard",
        "drive",
        "2024",
        "port",
        "a_b",
        "a",
        "b",
    ]
    assert counting.count == 0


@pytest.mark.parametrize("kernels", ["with", "without"])
def test_its_memory_is_free_as_soon_as_nobody_uses_it(kernels: str) -> None:
    with by_name[kernels](), collector_off():
        made = TermIds(ANALYZER)
        made.add("Ports and chips")
        left = weakref.ref(made)
        del made
        assert left() is None


@contextmanager
def collector_off() -> Iterator[None]:
    """Without the search for circles of objects, which loads do seldom."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
