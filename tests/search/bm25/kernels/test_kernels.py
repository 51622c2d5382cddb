"""Tests of the kernels that build postings: their results equal NumPy's."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import example, given

from bot.search.bm25.inverter import invert
from tests.corpora import (
    Documents,
    count_terms,
    documents_of_many_pairs,
    flat,
    long_documents,
    postings_of,
    small_documents,
)
from tests.kernels import assert_refuses, built, by_name, few
from tests.sanitized.build import SOURCES


def assert_inverted(documents: Documents) -> None:
    """Postings say which documents hold each term, and how often."""
    counts = [Counter(each) for each in documents]
    terms = count_terms(documents) + 1  # one that no document holds
    for used in by_name.values():
        with used():
            pairs, lists = invert(*flat(documents), terms)
        assert postings_of(lists, pairs, documents) == [
            {doc: held[term] for doc, held in enumerate(counts) if term in held}
            for term in range(terms)
        ]


@given(small_documents)
def test_postings_say_which_documents_hold_a_term_and_how_often(documents: Documents) -> None:
    assert_inverted(documents)


@few
@given(long_documents)
@example([[0] * 64, [0] * 64, [0] * 64 + [1] * 513])
def test_postings_of_long_documents_are_right(documents: Documents) -> None:
    assert_inverted(documents)


@few
@given(documents_of_many_pairs())
def test_postings_are_right_with_more_than_255_pairs(documents: Documents) -> None:
    assert_inverted(documents)


@pytest.mark.parametrize(
    ("name", "sizes"), [("term_starts", (8, 4, 8)), ("inverted", (8, 4, 8, 4, 1, 8, 8))]
)
def test_what_is_no_array_of_the_right_items_is_refused(name: str, sizes: tuple[int, ...]) -> None:
    assert_refuses(getattr(built(), name), sizes)


RAW_WRITE = re.compile(
    r"""
    \](\.\w+)?\s*([-+*/%&|^]|<<|>>)?=(?!=|\s*\{)   # items[at] = …, items[at].name += …
    | \](\.\w+)?(\+\+|--)                          # items[at]++
    | (\+\+|--)[\w>.-]+\[                         # ++items[at]
    | mem(cpy|move)\((?!&)                        # memcpy(items, …
    """,
    re.VERBOSE,
)


def test_every_write_into_an_array_is_one_that_the_checked_build_checks() -> None:
    for raw in ("a[1] = 2;", "a->b[c].d |= 2;", "a[f(1)]++;", "++a->b[1];", "memcpy(a, b, 3);"):
        assert RAW_WRITE.search(raw)
    for fine in ("if (a[1] == 2)", "int a[2] = {0};", "ITEM(a, n, b[1]) = b[2];", "b = a[1];"):
        assert not RAW_WRITE.search(fine)
    sources = [each for each in SOURCES.glob("*.[ch]") if each.name != "kernels.h"]
    assert len(sources) > 9
    for source in sources:
        for number, line in enumerate(source.read_text(encoding="utf-8").splitlines(), start=1):
            assert not RAW_WRITE.search(line), f"{source.name}:{number}"
