"""Sentences, and the English that they are made of."""

from __future__ import annotations

import pytest

from bot.i18n.messages import ENGLISH, Sentence, counted, sentence


def test_a_sentence_is_its_english() -> None:
    inner = sentence("reading {file}", file="a.zip")
    assert str(sentence("In progress: {doing}.", doing=inner)) == "In progress: reading a.zip."
    assert str(counted(1, "{count} tweet", "{count} tweets")) == "1 tweet"
    assert ENGLISH.listed(["a"], "and") == "a"
    assert ENGLISH.listed(["a", "b"], "and") == "a and b"


def test_a_missing_field_is_no_silent_gap() -> None:
    with pytest.raises(KeyError):
        ENGLISH.say(Sentence("reading {file}"))
