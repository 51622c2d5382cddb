"""Sentences, and the English that they are made of."""

from __future__ import annotations

from datetime import date

import pytest

from bot.i18n.catalogues import languages
from bot.i18n.messages import ENGLISH, Language, Listed, Sentence, counted, quoted, sentence
from tests.phrases import Marked


def test_a_sentence_is_its_english() -> None:
    inner = sentence("reading {file}", file="a.zip")
    assert str(sentence("In progress: {doing}.", doing=inner)) == "In progress: reading a.zip."
    assert str(counted(1, "{count} tweet", "{count} tweets")) == "1 tweet"
    assert ENGLISH.listed(["a"], "and") == "a"
    assert ENGLISH.listed(["a", "b"], "and") == "a and b"


def test_a_missing_field_is_no_silent_gap() -> None:
    with pytest.raises(KeyError):
        ENGLISH.say(Sentence("reading {file}"))


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 tweets"), (1, "1 tweet"), (2, "2 tweets"), (1234567, "1,234,567 tweets")],
)
def test_one_is_counted_by_its_own_form(count: int, text: str) -> None:
    assert str(counted(count, "{count} tweet", "{count} tweets")) == text
    assert ENGLISH.count(count, "{count} tweet", "{count} tweets") == text


@pytest.mark.parametrize(
    ("items", "text"),
    [(["a"], "a"), (["a", "b"], "a or b"), (["a", "b", "c"], "a, b or c")],
)
def test_a_list_in_a_sentence_has_its_conjunction_before_the_last(
    items: list[str], text: str
) -> None:
    assert str(sentence("Use {names}.", names=Listed(items, "or"))) == f"Use {text}."


def test_values_are_written_as_what_they_are() -> None:
    assert ENGLISH("{name} {number} {share}", name="1234", number=1234, share=0.5) == (
        "1234 1,234 0.50"
    )


def test_text_that_is_no_sentence_stays_as_it_is() -> None:
    assert ENGLISH.say("100 % of {this}") == "100 % of {this}"
    assert str(quoted("a {b}")) == "“a {b}”"


def test_a_sentence_in_a_sentence_is_in_the_readers_language_too() -> None:
    say: Language = Marked()
    inner = sentence("reading {file}", file="a.zip")
    listed = Listed([inner, "b.zip"], "and")
    assert say("Now: {doing}.", doing=listed) == "⟦Now: ⟦reading a.zip⟧ and b.zip.⟧"
    assert say.count(1, "{count} file", "{count} files") == "⟦1 file⟧"


def test_a_day_and_a_month_are_written_out_in_each_language() -> None:
    day = date(2025, 6, 13)
    assert (ENGLISH.day(day), ENGLISH.month(day)) == ("June 13, 2025", "June 2025")
    german, japanese = languages()["de"], languages()["ja"]
    assert (german.day(day), german.month(day)) == ("13. Juni 2025", "Juni 2025")
    assert (japanese.day(day), japanese.month(day)) == ("2025年6月13日", "2025年6月")
