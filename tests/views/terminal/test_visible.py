"""Control characters become symbols."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from bot.views.terminal.visible import visible


@given(st.text())
def test_no_control_character_is_left_but_tabs_and_line_feeds(text: str) -> None:
    left = {each for each in visible(text) if unicodedata.category(each) == "Cc"}
    assert left <= {"\t", "\n"}
    assert len(visible(text)) == len(text)


def test_each_control_character_has_its_symbol() -> None:
    assert visible("a\x1b[31m\x07\x00\r\x7f\x9b") == "a␛[31m␇␀␍␡\ufffd"


def test_other_text_stays() -> None:
    assert visible("Zoë 日本 🚀\n\tא") == "Zoë 日本 🚀\n\tא"
