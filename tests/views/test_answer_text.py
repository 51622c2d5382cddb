"""What an answer says about itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.i18n.messages import ENGLISH, sentence
from bot.models import Answer, Explanation, Hit, QueryWord, TermShare
from bot.views import answer_text
from tests.views.shown import PASSAGE, an_answer, hit


def words(*counts: tuple[str, int]) -> tuple[QueryWord, ...]:
    """A question's words, each with how many tweets hold it."""
    return tuple(QueryWord(word, word.lower(), tweets) for word, tweets in counts)


def dated(day: str | None) -> Hit:
    """A hit whose tweet has that date."""
    return hit(best=replace(PASSAGE, tweet=replace(PASSAGE.tweet, created_at=day)))


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
    assert answer_text.evidence(answer, ENGLISH) == said


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
        words=pieces,
        words_matched=matched,
        tweets=3,
        tweets_with_most=with_most,
        newest=True,
        hits=(dated("2025"),),
    )
    assert answer_text.evidence(answer, ENGLISH) == said
    newest = f"Newest first, among tweets that contain {first} question."
    assert answer_text.order(answer, ENGLISH) == newest


def test_a_hashtag_is_no_word_beside_its_parts() -> None:
    tag = QueryWord("#ChipCurbs", "chipcurb", 0, parts=("chip", "curbs"))
    answer = an_answer(words=(tag, *words(("Chip", 9), ("Curbs", 2))), tweets_with_most=2)
    assert answer_text.evidence(answer, ENGLISH) == "No tweet has both words. Closest: 1 of 2."


def test_parts_of_a_hashtag_that_is_there_are_not_said_to_be_missing() -> None:
    tag = QueryWord("#ChipCurbs", "chipcurb", 1, parts=("chip", "curbs"))
    asked = (tag, *words(("Chip", 0), ("Curbs", 0), ("rice", 1), ("tea", 0)))
    best = an_answer(words=asked, words_matched=2, tweets=3)
    assert answer_text.evidence(best, ENGLISH) == "No tweet has all four words. Closest: 2 of 4."
    rest = an_answer(words=asked, words_matched=3, tweets=3)
    assert answer_text.evidence(rest, ENGLISH) == "No tweet has “tea”."


def test_a_word_that_is_missing_is_named_beside_words_without_spaces() -> None:
    piece = QueryWord("半导", "半导", 2, is_piece=True)
    answer = an_answer(words=(piece, *words(("rice", 0))), tweets=3)
    assert answer_text.evidence(answer, ENGLISH) == "No tweet has “rice”."


def test_what_was_found_is_counted_and_what_is_shown_of_it() -> None:
    assert answer_text.found(an_answer(tweets=1, threads=1), ENGLISH) == "1 tweet in 1 thread"
    some = an_answer(tweets=15, threads=4)
    assert answer_text.found(some, ENGLISH) == "15 tweets in 4 threads. Showing the top tweet."
    assert answer_text.found(an_answer(hits=()), ENGLISH) == "Nothing matches."


def test_the_end_of_the_good_matches_is_told_where_others_have_one_word() -> None:
    said = "15 tweets in 4 threads. The best one is here; weaker matches follow on the next page."
    some = an_answer(tweets=15, threads=4, pages=2)
    assert answer_text.found(replace(some, apart=14), ENGLISH) == said
    assert "Showing the top tweet." in answer_text.found(replace(some, apart=13), ENGLISH)
    assert "Showing the top tweet." in answer_text.found(replace(some, apart=14, pages=1), ENGLISH)
    assert answer_text.found(replace(some, apart=14, page=2), ENGLISH) == "15 tweets in 4 threads"


def test_what_was_understood_is_told_word_for_word() -> None:
    answer = an_answer(words=words(("Ports", 3), ("zebra", 0)))
    assert answer_text.understood(answer, ENGLISH) == "Ports (3 tweets), zebra (0 tweets)"
    assert answer_text.searched_for(answer, ENGLISH) == (
        "Searched for: Ports (3 tweets), zebra (0 tweets)"
    )


def test_a_question_without_words_is_said_to_have_none() -> None:
    bare = an_answer(words=(), hits=())
    assert answer_text.searched_for(bare, ENGLISH) == (
        "The question has no words to search for. Use words that a tweet would contain."
    )
    filtered = replace(bare, hints=(sentence("No tweet here is by @nobody."),))
    assert answer_text.searched_for(filtered, ENGLISH) is None


def test_tweets_without_dates_are_not_said_to_be_in_their_order() -> None:
    answer = an_answer(newest=True, hits=(dated(None),))
    assert answer_text.order(answer, ENGLISH) == (
        "These tweets have no date, so they are not sorted by date."
    )
    known = an_answer(newest=True, hits=(dated("2025-06-13"),), words=())
    assert answer_text.order(known, ENGLISH) == "Newest first."


def test_rounded_parts_of_a_score_add_up_to_the_rounded_score() -> None:
    scores = {"chip": 1.184, "export": 2.363, "control": 2.112}
    shares = tuple(TermShare(word, 1, 1.0, score) for word, score in scores.items())
    explanation = Explanation(shares, 2.137, ("curb",))
    assert answer_text.figures(explanation, ENGLISH) == (
        "7.80 = chip 1.19 + export 2.36 + control 2.11 + shared words 2.14"
    )
    assert answer_text.explained(explanation, ENGLISH) == (
        "Score 7.80: chip 1.19 (idf 1.00, 1 ×) + export 2.36 (idf 1.00, 1 ×) + control 2.11 "
        "(idf 1.00, 1 ×) + 2.14 for sharing “curb” with the best matches"
    )


def test_matches_that_no_page_has_are_counted_in_the_terminal_too() -> None:
    answer = an_answer(newest=True, hits=(dated("2025-06-13"),), tweets=10, listed=7)
    assert answer_text.not_listed(answer, ENGLISH) == (
        "This page has 7 of the 10. “All … in this thread” shows the others of a thread."
    )
    said = answer_text.not_listed(replace(answer, pages=3), ENGLISH)
    assert said is not None
    assert said.startswith("The 3 pages have 7 of the 10.")
    assert said not in answer_text.beneath(replace(answer, pages=3), ENGLISH)
    for whole in (replace(answer, listed=10), replace(answer, listed=None)):
        assert answer_text.not_listed(whole, ENGLISH) is None
