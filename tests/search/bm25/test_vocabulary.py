"""Tests of the mapping from terms to ids."""

from __future__ import annotations

from zlib import crc32

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search.bm25.vocabulary import Terms, hashes_of

words = st.lists(st.text(max_size=6), unique=True, max_size=20)


@given(words)
def test_terms_are_numbered_in_their_order(terms: list[str]) -> None:
    made = Terms.of(terms)
    assert list(made) == terms
    assert [made[term] for term in terms] == list(range(len(terms)))
    assert len(made) == len(terms)
    assert "an absent term" not in made
    again = Terms.from_arrays(made.to_arrays())
    assert dict(again) == dict(made)


@given(words, words)
def test_many_terms_are_found_at_once(terms: list[str], others: list[str]) -> None:
    made = Terms.of(terms)
    asked = [*terms[::2], *others, "plumless"]
    encoded = [each.encode() for each in asked]
    found = made.find(encoded, hashes_of(encoded))
    assert found.dtype == np.int32
    assert found.tolist() == [made.get(each, -1) for each in asked]
    numbers = np.array([made[each] for each in terms[::2]], np.int32)
    assert made.names(numbers) == terms[::2]
    assert made.encoded(numbers) == [each.encode() for each in terms[::2]]


def test_terms_of_one_checksum_are_found_at_once() -> None:
    both = Terms.of(["chips", "plumless", "buckeroo"])
    for some in ([b"buckeroo", b"chips"], [b"buckeroo", b"plumless"], [b"buckeroo"]):
        expected = [both[each.decode()] for each in some]
        assert both.find(some, hashes_of(some)).tolist() == expected
    other = [b"buckeroo"]
    assert Terms.of(["plumless"]).find(other, hashes_of(other)).tolist() == [-1]


def test_terms_of_one_checksum_are_told_apart() -> None:
    one, other = "plumless", "buckeroo"
    assert crc32(one.encode()) == crc32(other.encode())
    both = Terms.of([one, other, "chips"])
    assert (both[one], both[other], both["chips"]) == (0, 1, 2)
    with pytest.raises(KeyError):
        Terms.of([one])[other]


@given(st.lists(st.text("abé芯\ud800", max_size=5), unique=True), st.text("abé芯", min_size=1))
def test_terms_are_found_by_what_they_contain(terms: list[str], wanted: str) -> None:
    expected = [at for at, each in enumerate(terms) if wanted in each]
    assert Terms.of(terms).containing(wanted).tolist() == expected


@given(words, st.integers(1, 4))
def test_terms_come_in_blocks(terms: list[str], size: int) -> None:
    blocks = [bytes(each) for each in Terms.of(terms).blocks(size)]
    assert b"".join(blocks) == "".join(f"{each}\n" for each in terms).encode()
    assert len(blocks) == -(-len(terms) // size)


def test_terms_cannot_be_written_to() -> None:
    assert not any(each.flags.writeable for each in Terms.of(["chips"]).arrays)


def test_half_a_character_is_a_term_too() -> None:
    made = Terms.of(["\ud800", "chips"])
    assert list(made) == ["\ud800", "chips"]
    assert (made["\ud800"], made["chips"]) == (0, 1)
    assert "\ud801" not in made
