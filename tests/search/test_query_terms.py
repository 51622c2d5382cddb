"""The terms that a question is searched by."""

from __future__ import annotations

import pytest
from hypothesis import given

from bot.search.analyzer import Analyzer
from bot.search.query import parse
from bot.search.query_terms import QueryTerm
from tests.strategies import any_text

ANALYZER = Analyzer()


def test_a_question_is_searched_by_its_own_words_each_once() -> None:
    query = parse("Why do Chinese chips, and chip curbs, matter to the U.S.?", ANALYZER)
    assert query.text == "Why do Chinese chips, and chip curbs, matter to the U.S.?"
    assert query.terms == (
        QueryTerm("Chinese", "chines", 7),
        QueryTerm("chips", "chip", 15),
        QueryTerm("curbs", "curb", 31),
        QueryTerm("matter", "matter", 38),
        QueryTerm("U.S.", "us", 52),
    )


@pytest.mark.parametrize("question", ["Who is it?", "what", "THE WHO", "to be or not to be"])
def test_stop_words_never_empty_a_query(question: str) -> None:
    assert parse(question, ANALYZER).terms


@given(any_text)
def test_a_query_is_empty_only_where_the_question_has_no_word(question: str) -> None:
    query = parse(question, ANALYZER)
    said = query.terms or query.without or query.filters or query.hints
    assert bool(said) is bool(ANALYZER.tokens(question))
    assert len({each.term for each in query.terms}) == len(query.terms)
    assert all(each.word in question for each in query.terms)


@pytest.mark.parametrize(
    ("question", "pieces"),
    [
        ("半导体出口", "半导 导体 体出 出口"),
        ("半导体 chip curbs", "半导 导体"),
        ("chip curbs 半导体", "半导 导体"),
        ("中国 chip", ""),
        ("中国chip", ""),
        ("#ChipCurbs x.com/ada", ""),
    ],
)
def test_words_without_spaces_come_in_pieces(question: str, pieces: str) -> None:
    terms = parse(question, ANALYZER).terms
    assert [each.word for each in terms if each.is_piece] == pieces.split()


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("chips OR curbs", ["chips", "curbs"]),
        ("chips AND curbs AND drives", ["chips", "curbs", "drives"]),
        ("chips AND", ["chips", "AND"]),
        ("Portland, OR", ["Portland", "OR"]),
        ("OR", ["OR"]),
        ("chips or curbs", ["chips", "curbs"]),
        ("AND chips curbs", ["AND", "chips", "curbs"]),
        ("chips AND " + "curbs " * 10, ["chips", "curbs"]),
        ("chips AND " + "curbs " * 11, ["chips", "AND", "curbs"]),
    ],
)
def test_joiners_of_other_searches_are_no_words_between_two(
    question: str, words: list[str]
) -> None:
    assert [each.word for each in parse(question, ANALYZER).terms] == words


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("#ChipCurbs", {"chipcurb": ("chip", "curb")}),
        ("chips #ChipCurbs curbs", {"chipcurb": ("chip", "curb")}),
        ("ChipCurbs #ChipCurbs", {"chipcurb": ("chip", "curb")}),
        ("https://wsj.com/a chips", {"wsj.com": ("wsj",)}),
        ("#ChipCurbs https://wsj.com", {"chipcurb": ("chip", "curb"), "wsj.com": ("wsj",)}),
        ("https://chipcurbs.com #ChipCurbs", {"chipcurb": ("chip", "curb")}),
        ("chips and curbs", {}),
    ],
)
def test_hashtags_and_addresses_know_the_words_they_are_made_of(
    question: str, parts: dict[str, tuple[str, ...]]
) -> None:
    terms = parse(question, ANALYZER).terms
    assert {each.term: each.parts for each in terms if each.parts} == parts
