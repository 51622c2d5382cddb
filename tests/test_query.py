"""A question to what is searched for."""

from __future__ import annotations

import pytest
from hypothesis import given

from bot.analyzer import Analyzer
from bot.query import QueryTerm, parse
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
    assert bool(query.terms) is bool(ANALYZER.tokens(question))
    assert len({each.term for each in query.terms}) == len(query.terms)
    assert all(each.word in question for each in query.terms)
