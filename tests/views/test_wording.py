"""Words and slices that every surface shares."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n.messages import ENGLISH
from bot.models import Answer, Passage, QueryWord
from bot.views import wording
from tests.strategies import any_text, thread, tweet
from tests.views.shown import an_answer, hit

long_text = st.text("ab 🔥\n", max_size=200) | any_text


@given(long_text, st.integers(1, 60))
def test_a_short_text_is_the_beginning_and_no_longer_than_asked_for(said: str, limit: int) -> None:
    line = " ".join(said.split())
    short = wording.short(said, limit)
    assert len(short) <= limit
    if len(line) <= limit:
        assert short == line
    else:
        assert short.endswith("…")
        assert line.startswith(short[:-1])


def test_a_text_is_cut_between_words() -> None:
    assert wording.short("Ports grow quiet — as tariffs bite", 20) == "Ports grow quiet…"


def test_a_window_holds_a_highlight_that_is_a_part_of_a_character() -> None:
    assert wording.window("0\u0e47", [(0, 1)], 1) == (0, 1)


@given(long_text, st.integers(1, 80), st.data())
def test_a_window_is_a_slice_with_a_highlight_in_it(
    said: str, limit: int, data: st.DataObject
) -> None:
    starts = data.draw(st.lists(st.integers(0, max(0, len(said) - 1)), max_size=3, unique=True))
    marks = [(at, at + 1) for at in sorted(starts)] if said else []
    start, end = wording.window(said, marks, limit)
    assert 0 <= start <= end <= len(said)
    assert end - start <= limit
    if len(said) <= limit:
        assert (start, end) == (0, len(said))
    if marks:
        assert any(start <= at < end for at, _ in marks)


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "0 tweets"), (1, "1 tweet"), (2, "2 tweets"), (1000, "1,000 tweets")],
)
def test_things_are_counted_as_people_count_them(number: int, said: str) -> None:
    assert wording.tweets(number, ENGLISH) == said


def test_small_numbers_are_words() -> None:
    assert [str(wording.number_word(number)) for number in (1, 3, 10, 11)] == [
        "one",
        "three",
        "ten",
        "11",
    ]


def words(*counts: tuple[str, int]) -> tuple[QueryWord, ...]:
    """A question's words, each with how many tweets hold it."""
    return tuple(QueryWord(word, word.lower(), tweets) for word, tweets in counts)


def thin(matched: int, with_most: int, *counts: tuple[str, int]) -> Answer:
    """An answer of which the best tweets hold `matched` of the words."""
    return an_answer(words=words(*counts), words_matched=matched, tweets_with_most=with_most)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (thin(2, 1, ("port", 3), ("ship", 1)), None),
        (thin(1, 1, ("port", 3), ("zebra", 0)), "No tweet has “zebra”."),
        (
            thin(1, 1, ("port", 3), ("zebra", 0), ("gnu", 0)),
            "No tweet has “zebra” or “gnu”.",
        ),
        (thin(1, 2, ("port", 3), ("ship", 1)), "No tweet has both words. Closest: 1 of 2."),
        (thin(1, 1, ("port", 3), ("ship", 1)), "No tweet has both words. Closest: 1 of 2."),
        (
            thin(2, 3, ("port", 3), ("ship", 1), ("quay", 1)),
            "No tweet has all three words. Closest: 2 of 3.",
        ),
        (an_answer(hits=(), words=words(("zebra", 0))), None),
    ],
)
def test_thin_evidence_is_said_aloud(answer: Answer, said: str | None) -> None:
    assert wording.evidence(answer, ENGLISH) == said


@pytest.mark.parametrize(
    ("matched", "with_most", "said", "first"),
    [
        (2, 2, "2 tweets contain the whole question.", "the whole"),
        (1, 2, "No tweet contains the whole question.", "the most of the"),
    ],
)
def test_words_without_spaces_are_not_counted(
    matched: int, with_most: int, said: str, first: str
) -> None:
    pieces = tuple(QueryWord(each, each, 2, is_piece=True) for each in ("半导", "导体"))
    answer = an_answer(
        words=pieces, words_matched=matched, tweets=3, tweets_with_most=with_most, newest=True
    )
    assert wording.evidence(answer, ENGLISH) == said
    newest = f"Newest first, among tweets that contain {first} question."
    assert wording.order(answer, ENGLISH) == newest


def test_a_hashtag_is_no_word_beside_its_parts() -> None:
    tag = QueryWord("#ChipCurbs", "chipcurb", 0, parts=("chip", "curbs"))
    answer = an_answer(words=(tag, *words(("Chip", 9), ("Curbs", 2))), tweets_with_most=2)
    assert wording.evidence(answer, ENGLISH) == "No tweet has both words. Closest: 1 of 2."


def test_parts_of_a_hashtag_that_is_there_are_not_said_to_be_missing() -> None:
    tag = QueryWord("#ChipCurbs", "chipcurb", 1, parts=("chip", "curbs"))
    asked = (tag, *words(("Chip", 0), ("Curbs", 0), ("rice", 1), ("tea", 0)))
    best = an_answer(words=asked, words_matched=2, tweets=3)
    assert wording.evidence(best, ENGLISH) == "No tweet has all four words. Closest: 2 of 4."
    rest = an_answer(words=asked, words_matched=3, tweets=3)
    assert wording.evidence(rest, ENGLISH) == "No tweet has “tea”."


def test_a_word_that_is_missing_is_named_beside_words_without_spaces() -> None:
    piece = QueryWord("半导", "半导", 2, is_piece=True)
    answer = an_answer(words=(piece, *words(("rice", 0))), tweets=3)
    assert wording.evidence(answer, ENGLISH) == "No tweet has “rice”."


def test_what_was_found_is_counted_and_what_is_shown_of_it() -> None:
    assert wording.found(an_answer(tweets=15, threads=1), ENGLISH) == "15 tweets in 1 thread"
    some = an_answer(tweets=15, threads=4)
    assert wording.found(some, ENGLISH) == "15 tweets in 4 threads. Showing the top thread."
    assert wording.found(an_answer(hits=()), ENGLISH) == "Nothing matches."


def test_what_was_understood_is_told_word_for_word() -> None:
    answer = an_answer(words=words(("Ports", 3), ("zebra", 0)))
    assert wording.understood(answer, ENGLISH) == "Ports (3 tweets), zebra (0 tweets)"
    assert wording.understood(an_answer(words=()), ENGLISH).startswith(
        "nothing. The question has no words to search for;"
    )


def test_a_passage_is_placed_signed_and_dated_as_far_as_is_known() -> None:
    known = tweet("Ports.", author="anna", created_at="2025-06-13T08:30:00")
    signed = Passage(5, 1.0, known, (), ())
    assert wording.about(hit(tweets=19), signed, ENGLISH) == "tweet 5 of 19 · @anna · 2025-06-13"
    bare = Passage(1, 1.0, tweet("Ports."), (), ())
    assert wording.about(hit(tweets=3, complete=False), bare, ENGLISH) == "tweet 1 of 3 · preview"


def test_more_of_a_thread_is_offered_by_number() -> None:
    more = tuple(Passage(place, 1.0, tweet("Ports."), (), ()) for place in (2, 7))
    assert (
        wording.more(hit(more=more, more_in_thread=5), ENGLISH)
        == "5 more in this thread: tweets 2, 7 …"
    )
    assert (
        wording.more(hit(more=more, more_in_thread=2), ENGLISH)
        == "2 more in this thread: tweets 2, 7"
    )
    assert (
        wording.more(hit(more=more[:1], more_in_thread=1), ENGLISH)
        == "1 more in this thread: tweet 2"
    )
    assert wording.more(hit(), ENGLISH) is None


def test_a_preview_is_called_one() -> None:
    assert wording.preview_banner(thread("Ports.", "Ships."), ENGLISH) is None
    banner = wording.preview_banner(thread("Ports.", "Ships.", complete=False), ENGLISH)
    assert banner == "Preview only: the file contains 2 tweets of this thread."


def test_an_excerpt_is_of_whole_sentences_where_they_are_near() -> None:
    said = "It was quiet. Nobody came to the port at all. Then the ships came back. And left again."
    span = (said.index("ships"), said.index("ships") + 5)
    start, end = wording.window(said, [span], 45)
    assert said[start:end] == "Then the ships came back. And left again."
    start, end = wording.window(said, [span], 35)
    assert said[start:end] == "Then the ships came back."


def test_an_abbreviation_ends_no_sentence() -> None:
    said = "Much is said here. What the U.S. Navy wants is ships, and these it wants now. More."
    start, _ = wording.window(said, [(said.index("ships"), said.index("ships") + 5)], 70)
    assert said[start:].startswith("What the U.S.")


def test_an_excerpt_is_where_most_of_the_words_are() -> None:
    said = (
        "A chip here. " + "Much else is said of it. " * 10 + "Export controls of chips matter. End."
    )
    spans = [
        (at, at + len(word)) for word in ("chip", "Export", "controls") if (at := said.index(word))
    ]
    start, end = wording.window(said, spans, 60)
    assert said[start:end].startswith("Export controls of chips matter.")


def test_different_words_count_before_the_same_again() -> None:
    said = "Chip, chip and chip. " + "Much else is said of it. " * 9 + "Export of a chip. The end."
    spans = [
        *((found.start(), found.end()) for found in re.finditer("(?i)chip", said)),
        (said.index("Export"), said.index("Export") + 6),
    ]
    start, _ = wording.window(said, sorted(spans), 60)
    assert said[start:].startswith("Export of a chip.")


@pytest.mark.parametrize("end", ["؟", "۔", "।", "?"])
def test_sentences_end_as_they_do_in_their_scripts(end: str) -> None:
    said = f"{'قال كلاما كثيرا ' * 4}هنا{end} مرفأ قريب هادئ. انتهى كل الكلام"
    at = said.index("مرفأ")
    start, _ = wording.window(said, [(at, at + 4)], 45)
    assert said[start:].startswith("مرفأ")


@given(any_text.map(lambda said: said * 9) | st.text("a👨‍👩‍👧é́ .", min_size=30), st.data())
def test_an_excerpt_fits_and_parts_no_character(said: str, data: st.DataObject) -> None:
    limit = data.draw(st.integers(45, 80))
    first = data.draw(st.integers(0, max(len(said) - 1, 0)))
    start, end = wording.window(said, [(first, min(first + 4, len(said)))] if said else [], limit)
    assert 0 <= start <= end <= len(said)
    assert end - start <= limit
    if len(said) > limit:
        assert start <= first < max(end, first + 1)
