"""The account of a dump's lines and records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.loader import line_account
from bot.loader.line_account import LONGEST_QUOTE, Account
from bot.loader.raw.decode import lines_of
from bot.loader.raw.line import Line
from bot.models import AccountLine, Notice, Thread
from tests.strategies import thread, tweet

LINES = lines_of("Anna Porto\n\nPorts grow quiet.\nNobody knows why.\nLog in")


def account(*, detailed: bool = True) -> Account:
    return Account("a.txt", detailed=detailed)


def two_threads() -> list[Thread]:
    return [
        thread(tweet("Ports grow quiet.", line=3)),
        thread(tweet("Okapis sleep.", line=7), tweet("They wake.", line=8)),
    ]


def test_each_line_is_listed_in_order_with_what_became_of_it() -> None:
    made = account()
    made.left_out(LINES[4], "it is a button; left out")
    made.tweet(LINES[2], 3)
    made.tweet(LINES[3], 3)
    made.boilerplate(LINES[0], "the author's name")
    assert made.entries(two_threads()) == (
        AccountLine(1, "boilerplate", "the author's name", "Anna Porto"),
        AccountLine(3, "tweet", "1.1", "Ports grow quiet."),
        AccountLine(4, "tweet", "1.1", "Nobody knows why."),
        AccountLine(5, "notice", "it is a button; left out", "Log in"),
    )


def test_nothing_is_listed_unless_it_was_asked_for() -> None:
    made = account(detailed=False)
    made.tweet(LINES[2], 3)
    made.record(3, "tweet", "3", "Ports grow quiet.")
    assert made.entries(two_threads()) == ()
    assert not Account("a.txt").detailed


def test_a_line_that_is_left_out_gets_a_notice_unless_a_line_above_has_it() -> None:
    made = account()
    made.left_out(LINES[2], "not the author's; left out")
    made.left_out(LINES[3], "not the author's; left out", has_notice=True)
    assert made.notices == [Notice("a.txt", 3, "not the author's; left out")]
    assert [each.kind for each in made.entries([])] == ["notice", "notice"]


def test_a_notice_names_the_file_inside_the_dump() -> None:
    made = account()
    made.notice(None, "half of it is missing")
    made.notice(2, "this is no tweet", "data/tweets.js")
    assert made.notices == [
        Notice("a.txt", None, "half of it is missing"),
        Notice("a.txt/data/tweets.js", 2, "this is no tweet"),
    ]


def test_a_line_that_is_not_accounted_for_gets_a_notice_at_the_end() -> None:
    made = account()
    made.boilerplate(LINES[0], "the author's name")
    made.notice(3, "some bytes are not UTF-8")
    made.notice(4, "a date that is none")
    made.tweet(LINES[2], 3)
    made.close(LINES)
    unknown = "a line of unknown kind; left out"
    assert made.notices == [
        Notice("a.txt", 3, "some bytes are not UTF-8"),
        Notice("a.txt", 4, "a date that is none"),
        Notice("a.txt", 5, unknown),
    ]
    assert made.entries(two_threads()) == (
        AccountLine(1, "boilerplate", "the author's name", "Anna Porto"),
        AccountLine(3, "tweet", "1.1", "Ports grow quiet."),
        AccountLine(4, "notice", "a date that is none", "Nobody knows why."),
        AccountLine(5, "notice", unknown, "Log in"),
    )


def test_a_tweet_is_named_by_its_thread_and_its_place_in_it() -> None:
    made = account()
    for line in (3, 8, 7):
        made.record(line, "tweet", str(line), "…")
    assert [each.what for each in made.entries(two_threads())] == ["1.1", "2.2", "2.1"]


def test_each_of_several_records_on_one_line_is_a_tweet_of_its_own() -> None:
    made = account()
    threads = [thread(tweet("Ports grow quiet.", line=1), tweet("Okapis sleep.", line=1))]
    for said in ("Ports grow quiet.", "Okapis sleep.", "They wake."):
        made.record(1, "tweet", "1", said)
    assert [(each.what, each.said) for each in made.entries(threads)] == [
        ("1.1", "Ports grow quiet."),
        ("1.2", "Okapis sleep."),
        ("1", "They wake."),
    ]


def test_lines_come_before_records_and_only_tweets_are_given_a_place() -> None:
    made = account()
    made.record(1, "boilerplate", "7", "<html>")
    made.tweet(LINES[4], 5)
    assert made.entries(two_threads()) == (
        AccountLine(5, "tweet", "5", "Log in"),
        AccountLine(1, "boilerplate", "7", "<html>"),
    )


lines = st.integers(1, 4)
numbers, some = st.lists(lines, max_size=8), st.lists(lines, min_size=1, max_size=4)


@given(tweets=numbers, boilerplate=numbers, records=numbers, threads=st.lists(some, max_size=4))
def test_a_tweet_has_the_place_that_it_has_among_all_tweets(
    tweets: list[int], boilerplate: list[int], records: list[int], threads: list[list[int]]
) -> None:
    made = account()
    for line in tweets:
        made.tweet(Line(line, "a"), line)
    for line in boilerplate:
        made.boilerplate(Line(line, "a"), "a button")
    for line in records:
        made.record(line, "tweet", str(line), "b")
    listed = made.entries([thread(*(tweet("a", line=n) for n in each)) for each in threads])
    every: dict[int, list[str]] = defaultdict(list)
    for number, lines in enumerate(threads, start=1):
        for position, line in enumerate(lines, start=1):
            every[line].append(f"{number}.{position}")
    expected = [
        ("boilerplate", "a button")
        if line in boilerplate
        else ("tweet", next(iter(every[line]), str(line)))
        for line in sorted({*tweets, *boilerplate})
    ]
    left = {line: iter(every[line]) for line in records}
    expected += [("tweet", next(left[line], str(line))) for line in records]
    assert [(each.kind, each.what) for each in listed] == expected


def test_threads_are_built_only_until_the_place_of_each_tweet_is_known() -> None:
    made = account()
    made.record(7, "tweet", "7", "Okapis sleep.")
    built: list[int] = []

    def threads() -> Iterator[Thread]:
        for number, each in enumerate(two_threads() * 2):
            built.append(number)
            yield each

    assert [each.what for each in made.entries(threads())] == ["2.1"]
    assert built == [0, 1, 2]


def test_records_that_there_is_no_room_for_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line_account, "MOST_RECORDS", 2)
    made = account()
    assert made.room == 2
    for line in (1, 2, 3):
        made.record(line, "notice", "odd", "a")
    made.skip(4)
    assert made.room == 0
    assert [each.what for each in made.entries([])] == [
        "odd",
        "odd",
        "5 more records are not listed here",
    ]


@pytest.mark.parametrize("length", [LONGEST_QUOTE, LONGEST_QUOTE + 1])
def test_a_long_line_or_record_is_quoted_in_part(length: int) -> None:
    made = account()
    (line,) = lines_of("a" * length)
    made.tweet(line, 1)
    made.record(1, "notice", "no tweet; left out", "b" * length)
    assert [each.said for each in made.entries([])] == ["a" * 200, "b" * 200]


def test_more_than_three_notices_that_say_the_same_become_one_with_the_first_lines() -> None:
    made = account()
    for line in (9, 2, 7):
        made.notice(line, "a reply; left out")
    for line in range(1_500, 0, -1):
        made.notice(line, "broken; left out", "part.js")
    made.notice(None, "the author is unknown")
    assert made.collected() == (
        Notice("a.txt", None, "the author is unknown"),
        Notice("a.txt/part.js", 1, "broken; left out (1,500 times: lines 1, 2, 3 …)"),
        Notice("a.txt", 2, "a reply; left out"),
        Notice("a.txt", 7, "a reply; left out"),
        Notice("a.txt", 9, "a reply; left out"),
    )


def test_repeated_notices_without_lines_are_counted() -> None:
    made = account()
    for _ in range(4):
        made.notice(None, "left out")
    assert made.collected() == (Notice("a.txt", None, "left out (4 times)"),)
    made.notice(9, "left out")
    made.notice(2, "left out")
    assert made.collected() == (Notice("a.txt", 2, "left out (6 times: lines 2, 9 …)"),)
