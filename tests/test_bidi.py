"""Directional characters stay within their text."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.bidi import BIDI, DEEPEST, EMBEDDINGS, ISOLATES, isolated

DIRECTED = st.text(
    st.sampled_from(
        "ab א\n\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    )
)


def ends_what_it_begins(line: str) -> bool:
    """Whether a line ends all embeddings and isolates that it begins, and no others."""
    waiting: list[str] = []
    for each in line:
        if each in EMBEDDINGS + ISOLATES:
            waiting.append("\u2069" if each in ISOLATES else "\u202c")
        elif each in "\u202c\u2069" and (not waiting or waiting.pop() != each):
            return False
    return not waiting


@given(DIRECTED)
@example("\u2068a\u2069b\u2069")
@example("\u202e" * 200)
def test_a_line_with_directional_characters_is_isolated(text: str) -> None:
    shown = isolated(text)
    assert BIDI.sub("", shown) == BIDI.sub("", text)
    for line in shown.split("\n"):
        assert ends_what_it_begins(line)
        assert line.count("\u202e") <= 2 * DEEPEST
        if BIDI.search(line):
            assert line[0] == "\u2068"
            assert line[-1] == "\u2069"
            assert ends_what_it_begins(line[1:-1])
    assert isolated(shown) == shown


@pytest.mark.parametrize("text", ["", "Okapis", "שלום عالم", "a\nb", "\u200b \ufeff"])
def test_text_without_them_stays(text: str) -> None:
    assert isolated(text) is text


def test_an_override_that_is_not_ended_ends_with_its_text() -> None:
    assert isolated("a\u202eb") == "\u2068a\u202eb\u202c\u2069"
    assert isolated("a\u2069b\u202c") == "\u2068ab\u2069"
    assert isolated("one\n\u200ftwo") == "one\n\u2068\u200ftwo\u2069"
