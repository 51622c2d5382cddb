"""Tests of parsing questions."""

from __future__ import annotations

from datetime import date

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from bot.search.analyzer import Analyzer
from bot.search.query import Filters, Query, host_of, operators, parse, plain_terms, with_options
from tests.strategies import any_text

ANALYZER = Analyzer()


@given(
    st.lists(st.sampled_from(["the", "The", "AI", "chip", "chips,", "AND"]) | any_text).map(
        " ".join
    )
)
def test_a_plain_question_has_the_same_terms_on_the_short_way(question: str) -> None:
    plain = plain_terms(question, ANALYZER)
    query = parse(question, ANALYZER)
    if plain is not None:
        assert plain == [each.term for each in query.terms]
        assert query == Query(question, query.terms)


def test_a_question_of_words_alone_is_plain() -> None:
    assert plain_terms("Why do Chinese chips matter to the U.S.?", ANALYZER) is not None
    assert plain_terms('"chip curbs"', ANALYZER) is None
    assert plain_terms("chips AND curbs", ANALYZER) is None
    assert plain_terms("chips OR curbs", ANALYZER) is None


def test_a_phrase_is_words_side_by_side_that_are_searched_for_too() -> None:
    query = parse('curbs “export controls” on "AI"', ANALYZER)
    assert [each.text for each in query.phrases] == ["export controls"]
    assert query.phrases[0].terms == ("export", "control")
    assert [each.word for each in query.terms] == ["curbs", "export", "controls", "AI"]


@pytest.mark.parametrize(
    ("question", "phrase"),
    [
        ("«export controls»", "export controls"),
        ("says « export controls » now", "export controls"),
        ("「芯片出口」", "芯片出口"),
        ("『芯片 出口』", "芯片 出口"),
        ("„export controls“", "export controls"),
    ],
)
def test_quotation_marks_of_other_languages_make_a_phrase_too(question: str, phrase: str) -> None:
    assert [each.text for each in parse(question, ANALYZER).phrases] == [phrase]
    assert not parse(question, ANALYZER).without
    assert parse(f"chips -{question.removeprefix('says ')}", ANALYZER).without[0].text == phrase


def test_a_minus_leaves_words_and_phrases_out() -> None:
    query = parse('chips -rumour -"press release" well-known -#ad -5 – 3', ANALYZER)
    assert [each.text for each in query.without] == ["rumour", "press release", "#ad"]
    assert [each.word for each in query.terms] == ["chips", "well", "known", "5", "3"]


def test_filters_are_taken_out_of_the_words() -> None:
    query = parse(
        "chips from:@Anna MENTIONS:bob site:www.WSJ.com since:2025-06 until:2025 has:link "
        'thread:"flying suitcases"',
        ANALYZER,
    )
    assert [each.word for each in query.terms] == ["chips"]
    assert query.filters == Filters(
        authors=("anna",),
        mentions=("bob",),
        sites=("wsj.com",),
        since=date(2025, 6, 1),
        until=date(2025, 12, 31),
        threads=("flying suitcases",),
        has_link=True,
    )
    assert query.hints == ()


def test_one_day_is_both_the_first_and_the_last() -> None:
    query = parse("chips since:2025-06-13 until:2025-06-13", ANALYZER)
    assert (query.filters.since, query.filters.until) == (date(2025, 6, 13), date(2025, 6, 13))
    assert query.hints == ()


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-2-9", date(2024, 2, 9), date(2024, 2, 9)),
    ],
)
def test_a_year_or_month_stands_for_its_first_and_last_day(
    written: str, first: date, last: date
) -> None:
    filters = parse(f"since:{written} until:{written}", ANALYZER).filters
    assert (filters.since, filters.until) == (first, last)


@pytest.mark.parametrize("operator", ["from:anna", "since:2025", "has:link"])
def test_a_filter_needs_no_words_and_gives_no_hint(operator: str) -> None:
    query = parse(f"{operator} -rumour", ANALYZER)
    assert query.filters
    assert [each.text for each in query.without] == ["rumour"]
    assert query.hints == ()


@pytest.mark.parametrize("value", ["link", "links", "LINK"])
def test_has_takes_links_only(value: str) -> None:
    query = parse(f"chips has:{value}", ANALYZER)
    assert query.filters == Filters(has_link=True)
    assert not query.hints


def test_the_same_filter_twice_counts_once() -> None:
    filters = parse("from:xenia from:@XENIA from:ben mentions:@Xenia", ANALYZER).filters
    assert filters.authors == ("xenia", "ben")
    assert filters.mentions == ("xenia",)


@pytest.mark.parametrize("key", ["from", "mentions", "site", "since", "until", "thread", "has"])
def test_an_operator_without_a_value_gives_a_hint(key: str) -> None:
    query = parse(f"chips {key}:", ANALYZER)
    (hint,) = query.hints
    assert f"{key}:" in str(hint)
    assert not query.filters


def test_words_behind_an_operator_keep_their_place() -> None:
    question = 'since:2025 -"?!" chips -rumour "export controls"'
    places = [(each.word, each.start) for each in parse(question, ANALYZER).terms]
    assert places == [(word, question.index(word)) for word in ("chips", "export", "controls")]


def test_a_phrase_without_words_leaves_nothing_out() -> None:
    query = parse('chips -"?!"', ANALYZER)
    assert query.without == ()
    assert [each.word for each in query.terms] == ["chips"]


def test_the_words_of_a_phrase_are_counted_once() -> None:
    query = parse('"one day two ships met three storms" AND chips', ANALYZER)
    assert "AND" not in [each.word for each in query.terms]


def test_a_long_phrase_is_cut_to_its_first_words() -> None:
    words = [f"word{number}" for number in range(40)]
    (phrase,) = parse('"' + " ".join(words) + '"', ANALYZER).phrases
    assert phrase.terms == tuple(words[:32])


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.WSJ.com/a?b#c", "wsj.com"),
        (" wsj.com… ", "wsj.com"),
        ("http://anna:secret@news.example:8080/a", "news.example"),
        ("//wsj.com", None),
        ("…", None),
        ("", None),
    ],
)
def test_the_host_of_an_address(url: str, host: str | None) -> None:
    assert host_of(url) == host


handles = st.lists(st.sampled_from(["anna", "ben", "cleo"]), unique=True).map(tuple)
days = st.none() | st.dates(date(2000, 1, 1), date(2030, 1, 1))
some_filters = st.builds(
    Filters,
    authors=handles,
    mentions=handles,
    sites=st.sampled_from([(), ("wsj.com",), ("wsj.com", "news.example")]),
    since=days,
    until=days,
    threads=st.sampled_from([(), ("suitcases",), ("flying suitcases", "123")]),
    has_link=st.booleans(),
)


@given(some_filters)
def test_filters_said_as_operators_are_read_as_the_same_filters(filters: Filters) -> None:
    query = parse(" ".join(operators(filters)), ANALYZER)
    assert query.filters == filters
    assert len(query.hints) == bool(
        filters.since and filters.until and filters.since > filters.until
    )


def test_options_are_read_as_the_filters_they_name() -> None:
    question = with_options(
        "chips",
        author="@Anna",
        mentions="ben",
        site="https://www.wsj.com/a",
        since="2024",
        until="2025",
        thread="flying “suitcases”",
        has_link=True,
    )
    query = parse(question, ANALYZER)
    assert [each.word for each in query.terms] == ["chips"]
    assert query.filters == Filters(
        authors=("anna",),
        mentions=("ben",),
        sites=("wsj.com",),
        since=date(2024, 1, 1),
        until=date(2025, 12, 31),
        threads=("flying suitcases",),
        has_link=True,
    )
    assert with_options("chips", author=" ", thread="") == "chips"
    assert with_options("chips", thread="suitcases") == "chips thread:suitcases"


@pytest.mark.parametrize(
    ("question", "hint"),
    [
        ("chips from:", "“from:” was ignored. Write it like from:anna."),
        ("since:yesterday chips", "“since:yesterday” was ignored. Write it like since:2025-06-13"),
        ("until:2025-13-01", "“until:2025-13-01” was ignored. Write it like until:2025-06-13"),
        ("until:2025-02-30", "“until:2025-02-30” was ignored. Write it like until:2025-06-13"),
        ("chips author:Brave", "“author:Brave” was ignored. Write it like from:brave."),
        ("by:@brave chips", "“by:@brave” was ignored. Write it like from:brave."),
        ("To:brave chips", "“to:brave” was ignored. Write it like mentions:brave."),
        ("has:photo chips", "“has:photo” was ignored. Write it like has:link."),
        ("chips -from:anna", "“-from:anna” was ignored. A minus excludes only words"),
        (
            "chips since:2025 until:2024",
            "The start date 2025-01-01 is after the end date 2024-12-31.",
        ),
        ("-rumour", "Add words to search for."),
        ('-"press release"', "Add words to search for."),
    ],
)
def test_what_cannot_be_taken_is_told_with_what_to_write(question: str, hint: str) -> None:
    (told,) = parse(question, ANALYZER).hints
    assert str(told).startswith(hint)


@pytest.mark.parametrize(
    "question",
    ['"', '""', "“", 'chips "export', "-", "--", ":", "from", "a:b", "🔥", '-"', "-“”", "12:30"],
)
def test_signs_without_a_sense_are_neither_operators_nor_errors(question: str) -> None:
    query = parse(question, ANALYZER)
    assert not query.filters
    assert not query.without
    assert not query.phrases
    assert query.hints == ()


def test_an_address_is_no_operator() -> None:
    assert [each.term for each in parse("https://wsj.com/a", ANALYZER).terms] == ["wsj.com", "wsj"]


filter_keys = st.sampled_from(
    [
        "from:",
        "since:2025",
        "until:2024",
        '"',
        "“",
        "”",
        "«",
        "»",
        "「",
        "」",
        " AND ",
        "-",
        "site:",
        "thread:",
        "has:link",
        ":",
        '-"',
        "مرفأ",
    ]
)


@given(st.lists(filter_keys | any_text, max_size=8).map("".join))
def test_no_question_is_an_error(question: str) -> None:
    query = parse(question, ANALYZER)
    assert all(question[each.start :].startswith(each.word) for each in query.terms)
    assert all(str(hint).endswith((".", "…")) for hint in query.hints)


@given(any_text, any_text)
def test_options_say_what_operators_do(author: str, thread: str) -> None:
    made = with_options("chips", author=author, thread=thread, since="2025", until=None)
    query = parse(made, ANALYZER)
    assert query.filters.since == date(2025, 1, 1)
    bare = " ".join(regex.sub('["“”]', " ", thread).split())
    assert query.filters.threads == ((bare,) if bare else ())


def test_a_question_of_four_thousand_characters_is_read() -> None:
    assert len(parse("chips " * 666 + '"', ANALYZER).terms) == 1
    assert parse('"' + "chips " * 600 + '"', ANALYZER).phrases[0].terms[:2] == ("chip", "chip")
