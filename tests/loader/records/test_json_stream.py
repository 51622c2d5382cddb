"""JSON records in text: where they start, and which are skipped."""

from __future__ import annotations

import itertools
import json
import tracemalloc
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from bot.loader.line_account import Account
from bot.loader.records import json_stream
from bot.loader.records.json_stream import (
    LOOK_AHEAD,
    WINDOW,
    archive_kind,
    looks_like_json,
    members,
    records,
)


def read(*pieces: str) -> tuple[list[tuple[int, Any]], list[tuple[int | None, str]]]:
    """The records with their lines, and the notices with theirs."""
    account = Account("a.json")
    found = list(records(pieces, account))
    return found, [(each.line, each.message) for each in account.notices]


def values(*pieces: str) -> list[Any]:
    found, notices = read(*pieces)
    assert notices == []
    return [value for _, value in found]


def apart(text: str) -> Iterable[str]:
    """`text`, character by character."""
    return list(text)


@pytest.mark.parametrize(
    "text",
    ['[{"a": 1}]', "[", "  [ [1] ]", '["a"]', "[ ]", '{"a": 1}', "{", "{}", '\n{ "a',
     "window.YTD.tweets.part0 = [", "[[2, {", '[\n  [\n    3,\n    "https://a"', '["a', '["a", "b"',
     "[[", "[[]]", "[{}]", '{"a\\"b": 1}', "[[1, 2], [3"],
)  # fmt: skip
def test_text_that_begins_as_json_does_looks_like_it(text: str) -> None:
    assert looks_like_json(text)


@pytest.mark.parametrize(
    "text", ["", "[1/5] Low tide", "{and} so on", "[...]", "(a)", "windows.YTD", "window.YTDx = [",
     "[[https://a.example](https://a.example)]", '["Low tide" is a song]', '{"Low tide"} is a song',
     "[](https://a.example) Low tide", "[[1]](https://a.example)", "[1, 2] Low tide",
     '["Low tide", she said]', "[[tide]] is a note", "[ ] buy fish"],
)  # fmt: skip
def test_words_in_brackets_do_not_look_like_json(text: str) -> None:
    assert not looks_like_json(text)


def test_a_file_of_an_archive_names_its_kind() -> None:
    assert archive_kind("window.YTD.note_tweet.part0 = [") == "note_tweet"
    assert archive_kind("\nwindow.YTD.tweets.part12=[") == "tweets"
    assert archive_kind('[{"a": 1}]') is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": 1}', [(1, {"a": 1})]),
        ('[\n{"a": 1},\n\n{"b": 2}\n]', [(2, {"a": 1}), (4, {"b": 2})]),
        ('{"a": 1}\n{"b": 2}\n', [(1, {"a": 1}), (2, {"b": 2})]),
        ('window.YTD.tweets.part0 = [\n{"a": 1}]', [(2, {"a": 1})]),
        ('[{"a": 1}]\nwindow.YTD.tweets.part1 = [{"b": 2}]', [(1, {"a": 1}), (2, {"b": 2})]),
        ('[[{"a": 1}], [{"b": [2]}]]', [(1, {"a": 1}), (1, {"b": [2]})]),
        ('["x", 5, null]', [(1, "x"), (1, 5), (1, None)]),
        ("[]", []),
        (" \n ", []),
        ("", []),
    ],
)
def test_records_come_with_the_lines_they_start_at(text: str, expected: object) -> None:
    assert read(text) == (expected, [])
    assert read(*apart(text)) == (expected, [])


@pytest.mark.parametrize("key", ["orderedItems", "items", "feed", "posts", "records"])
def test_what_a_collection_holds_comes_one_by_one(key: str) -> None:
    text = (
        f'{{"@context": "c", "n": -1.5, "ok": true, "no": false, "x": null,\n"{key}": [\n'
        '{"a": [1, {"feed": [2]}]},\n{"b": 2}\n],\n"cursor": "x", "n": 3}\n'
    )
    assert read(text) == ([(3, {"a": [1, {"feed": [2]}]}), (4, {"b": 2})], [])
    assert values(f'{{"{key}": [{{"a": 1}}]}}') == [{"a": 1}]


@pytest.mark.parametrize(
    "text",
    ['{"data": [{"a": 1}]}', '{"feed": {"a": 1}}', '{"meta": {"x": 1}, "feed": [{"a": 1}]}',
     '{"say": "\\"", "feed": [{"a": 1}]}'],
)  # fmt: skip
def test_other_objects_come_whole(text: str) -> None:
    assert values(text) == [json.loads(text)]


def test_an_object_in_a_collection_is_no_collection() -> None:
    assert values('{"items": [{"items": [1, 2]}, {"items": []}]}') == [
        {"items": [1, 2]},
        {"items": []},
    ]


def test_an_array_that_ends_like_a_collection_gets_a_notice() -> None:
    found, notices = read('[{"a": 1}\n]}')
    assert found == [(1, {"a": 1})]
    assert [line for line, _ in notices] == [2]


def test_records_come_before_all_of_the_text_is_read() -> None:
    text = json.dumps([{"a": "x" * 90} for _ in range(1000)])
    given = 0

    def pieces() -> Iterator[str]:
        nonlocal given
        for at in range(0, len(text), 100):
            given += 1
            yield text[at : at + 100]

    found = records(pieces(), Account("a"))
    for _ in range(100):
        next(found)
    assert 100 <= given <= 100 + 2 * LOOK_AHEAD // 100


def test_a_broken_record_is_skipped_to_the_next_line_that_begins_one() -> None:
    text = '[\n{"a": 1},\n{"b": oh,\n "c": {"d": 2}},\n  {"e": 3}\n]'
    found, notices = read(text)
    assert found == [(2, {"a": 1}), (5, {"e": 3})]
    why = "Expecting value"
    assert notices == [(3, f"a record that is not valid JSON ({why}); left out")]


def test_the_line_of_an_error_below_the_record_s_first_line_is_one_of_the_file() -> None:
    padding = "".join(json.dumps({"a": number}) + "\n" for number in range(5_000))
    _, notices = read(f'{padding}{{"b": 1,\n "c": 2,\n "d": oh}}\n{{"e": 3}}')
    why = "Expecting value in line 5003"
    assert notices == [(5_001, f"a record that is not valid JSON ({why}); left out")]


def test_what_a_broken_record_began_with_is_in_the_account() -> None:
    account = Account("a.json", detailed=True)
    text = '{"a": 1}\n{"b": oh}\n{"c": 1}'
    assert list(records([text], account, "part.js")) == [(1, {"a": 1}), (3, {"c": 1})]
    (entry,) = account.entries(())
    why = "Expecting value"
    message = f"a record that is not valid JSON ({why}); left out"
    assert (entry.line, entry.kind, entry.what) == (2, "notice", message)
    assert entry.said.startswith('{"b": oh}')
    assert [(each.file, each.message) for each in account.notices] == [("a.json/part.js", message)]


def test_a_record_that_is_cut_at_the_end_gets_a_notice() -> None:
    found, notices = read('[{"a": 1},\n{"b": "never en')
    assert found == [(1, {"a": 1})]
    assert [line for line, _ in notices] == [2]
    assert "Unterminated string" in notices[0][1]


def test_a_record_longer_than_the_window_is_read_whole() -> None:
    long = {"a": "x" * (5 * LOOK_AHEAD), "b": list(range(3000))}
    text = json.dumps([long, {"c": 1}])
    pieces = [text[at : at + 100] for at in range(0, len(text), 100)]
    assert values(*pieces) == [long, {"c": 1}]


def test_a_record_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "LARGEST_RECORD", 5000)
    text = '{"a": "' + "x" * 20_000 + '"}\n{"b": 2}'
    pieces = [text[at : at + 1000] for at in range(0, len(text), 1000)]
    found, notices = read(*pieces)
    assert found == [(2, {"b": 2})]
    assert [line for line, _ in notices] == [1]


def test_a_record_counts_by_its_own_length(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "LARGEST_RECORD", 7000)
    made = [{"a": "x" * 4500}, {"b": "y" * 6000}]
    text = json.dumps(made)
    assert values(text[:9500], text[9500:]) == made
    long = json.dumps(made[1])[:-2] + "y" * 2000 + '"}'
    assert values(long[:7000], long[7000:]) == [json.loads(long)]
    assert read(long[:7001], long[7001:])[0] == []


def test_what_stands_between_records_may_be_cut_anywhere() -> None:
    record = json.dumps({"a": "x" * (2 * LOOK_AHEAD)})
    text = f'[{record}]\nwindow.YTD.tweets.part1 = [{{"b": 2}}]'
    for at in range(len(record), len(text)):
        assert values(text[:at], text[at:]) == [json.loads(record), {"b": 2}]


@pytest.mark.parametrize("indent", ["", "  "])
def test_what_follows_a_broken_record_may_begin_where_a_piece_does(indent: str) -> None:
    broken = '{"b": oh' + "x" * LOOK_AHEAD
    found, notices = read(f"{broken}\n{indent}", '{"c": 1}\n')
    assert found == [(2, {"c": 1})]
    assert [line for line, _ in notices] == [1]


def test_what_follows_a_broken_record_is_found_pieces_later() -> None:
    broken = '{"b": oh, ' + "x" * (3 * LOOK_AHEAD)
    text = f'{broken}\n\nno record {{}}\n \t{{"c": 1}}\n'
    found, notices = read(*(text[at : at + 500] for at in range(0, len(text), 500)))
    assert found == [(4, {"c": 1})]
    assert [line for line, _ in notices] == [1]


def test_what_is_skipped_is_not_held_in_memory() -> None:
    pieces = itertools.chain(['{"b": oh'], itertools.repeat("x" * LOOK_AHEAD, 500), ['\n{"c": 1}'])
    tracemalloc.start()
    try:
        found = list(records(pieces, Account("a")))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found == [(2, {"c": 1})]
    assert most < 50 * LOOK_AHEAD


def test_a_number_too_long_to_be_read_gets_a_notice() -> None:
    found, notices = read(f'[\n{"1" * 5000},\n{{"a": 1}}]')
    assert found == [(3, {"a": 1})]
    assert [line for line, _ in notices] == [2]
    assert "Exceeds the limit" in notices[0][1]


def test_nesting_that_is_too_deep_gets_a_notice() -> None:
    deep = '{"a": ' * 100_000
    found, notices = read(f'{deep}\n{{"b": 1}}')
    assert found == [(2, {"b": 1})]
    assert [line for line, _ in notices] == [1]
    assert "recursion" in notices[0][1]


def in_object(*pieces: str) -> tuple[list[tuple[str, int, Any]], list[tuple[int | None, str]]]:
    """The values of an object with their keys and lines, and the notices with theirs."""
    account = Account("a.json")
    found = list(members(pieces, account))
    return found, [(each.line, each.message) for each in account.notices]


OBJECT = """{"up-to": {"a": [1]},
"tweets": [{"b": 2},

 3, []], "none": [],
"x": null, "tweets" : ["c"]}
"""


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_the_values_of_an_object_come_with_their_keys_and_lines(size: int) -> None:
    pieces = (OBJECT[at : at + size] for at in range(0, len(OBJECT), size))
    assert in_object(*pieces) == (
        [
            ("up-to", 1, {"a": [1]}), ("tweets", 2, {"b": 2}), ("tweets", 4, 3), ("tweets", 4, []),
            ("x", 5, None), ("tweets", 5, "c"),
        ],
        [],
    )  # fmt: skip


def test_values_that_are_longer_than_the_window_are_read_whole() -> None:
    long = [{"a": "x" * (3 * WINDOW)}, {"b": 1}]
    text = json.dumps({"tweets": long, "after": 1}).replace(", ", "," + " " * 3 * LOOK_AHEAD)
    assert in_object(text) == (
        [("tweets", 1, long[0]), ("tweets", 1, long[1]), ("after", 1, 1)],
        [],
    )


def test_a_broken_value_of_an_object_gets_a_notice_and_the_others_are_read() -> None:
    found, notices = in_object('{"tweets": [\n{"a": oh},\n{"b": 2}], "x": 1}')
    assert found == [("tweets", 3, {"b": 2}), ("x", 3, 1)]
    why = "Expecting value"
    assert notices == [(2, f"a record that is not valid JSON ({why}); left out")]


def test_an_object_with_a_list_may_be_a_record_itself() -> None:
    text = '[{"posts": [{"a": 1}], "b": 2}, {"posts": []}]'
    found = [value for _, value in records([text], Account("a.json"), whole=True)]
    assert found == [{"posts": [{"a": 1}], "b": 2}, {"posts": []}]
    assert read(text)[0] == [(1, {"a": 1}), (1, "b")]


def test_space_longer_than_the_window_is_passed_over() -> None:
    space = " " * 3 * WINDOW
    assert in_object(f'{{"a": 1,{space}"b": 2}}{space}') == ([("a", 1, 1), ("b", 1, 2)], [])


def test_a_key_in_an_array_is_an_error() -> None:
    found, notices = in_object('{"a": ["b": 1,\n{"c": 2}]}')
    assert found == [("a", 1, "b"), ("a", 2, {"c": 2})]
    assert [line for line, _ in notices] == [1]


def test_no_more_is_read_than_is_looked_at() -> None:
    pieces = iter(['{"a": 1}\n'.ljust(LOOK_AHEAD), '{"b": 2}', '{"c": 3}'])
    assert next(records(pieces, Account("a.json"))) == (1, {"a": 1})
    assert next(pieces) == '{"b": 2}'
