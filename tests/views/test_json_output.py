"""The shapes that other programs rely on."""

from __future__ import annotations

import json
from typing import Any

from bot.models import Link, ThreadSummary
from bot.views.json_output import answer_json, load_json, thread_json, threads_json
from tests.strategies import thread, tweet
from tests.views.shown import an_answer, report_of


def shape(value: Any) -> Any:
    """`value` with the names of types in the places of values."""
    if isinstance(value, dict):
        return {key: shape(each) for key, each in value.items()}
    if isinstance(value, list):
        return [shape(each) for each in value]
    return type(value).__name__


def through_json(value: Any) -> Any:
    """`value` as another program reads it."""
    return json.loads(json.dumps(value))


def test_an_answer_has_the_promised_shape() -> None:
    made = through_json(answer_json(an_answer(suggestions=("ports",))))
    assert shape(made) == {
        "query": {"text": "str", "terms": ["str"]},
        "hints": [],
        "tweets": "int",
        "threads": "int",
        "took_ms": "float",
        "suggestions": ["str"],
        "page": "int",
        "pages": "int",
        "hits": [
            {
                "rank": "int",
                "score": "float",
                "thread": {"id": "str", "title": "str", "tweets": "int", "complete": "bool"},
                "position": "int",
                "author": "NoneType",
                "created_at": "NoneType",
                "text": "str",
                "highlights": [["int", "int"]],
                "more_in_thread": "int",
                "more": [],
                "beside": "NoneType",
                "sources": [
                    {"kind": "str", "label": "str", "url": "str"},
                    {"kind": "str", "label": "str", "url": "str"},
                    {"kind": "str", "label": "str", "url": "NoneType"},
                    {"kind": "str", "label": "str", "url": "NoneType"},
                ],
            }
        ],
    }
    (hit,) = made["hits"]
    (mark,) = hit["highlights"]
    assert hit["text"][mark[0] : mark[1]] == "ship"
    assert [source["kind"] for source in hit["sources"]] == ["source", "find", "printed", "dump"]
    assert made["query"] == {"text": "no ship", "terms": ["ship"]}
    assert made["took_ms"] == 1.235


def test_a_thread_has_the_promised_shape() -> None:
    post = tweet(
        "Ports.",
        mentions=("ben",),
        links=(Link("news.example/…"), Link("https://a.example", "https://a.example")),
        permalink="https://x.com/anna/status/1900",
        line=7,
    )
    made = through_json(thread_json(thread(post, "Ships.", author="anna")))
    assert made["tweets"][0] == {
        "position": 1,
        "id": None,
        "author": None,
        "created_at": None,
        "text": "Ports.",
        "mentions": ["ben"],
        "url": "https://x.com/anna/status/1900",
        "links": [
            {"printed": "news.example/…", "url": None},
            {"printed": "https://a.example", "url": "https://a.example"},
        ],
        "dump": {"file": "a.txt", "line": 7},
        "author_name": None,
        "media": [],
        "quote": None,
        "poll": [],
        "card": None,
    }
    assert [each["position"] for each in made["tweets"]] == [1, 2]
    del made["tweets"]
    assert shape(made) == {
        "id": "str",
        "title": "str",
        "author": "str",
        "complete": "bool",
        "source_url": "NoneType",
        "dumps": ["str"],
    }


def test_a_list_of_threads_has_the_promised_shape() -> None:
    summary = ThreadSummary("0123456789ab", "Ports", "anna", 3, complete=False)
    assert threads_json([summary]) == [
        {
            "id": "0123456789ab",
            "title": "Ports",
            "author": "anna",
            "tweets": 3,
            "complete": False,
        }
    ]


def test_a_load_has_the_promised_shape() -> None:
    assert through_json(load_json(report_of())) == {
        "dumps": [
            {
                "file": "a.txt",
                "format": "thread-reader-text",
                "sha256": "ab" * 32,
                "threads": 2,
                "tweets": 3,
                "added": 2,
                "changed": 1,
                "unchanged": 0,
                "notices": [{"line": 1, "message": "met something"}],
            }
        ],
        "errors": [{"file": "odd.txt", "line": 3, "message": "it is odd"}],
        "generation": 2,
    }


def test_a_check_tells_the_threads_too() -> None:
    report = report_of()
    made = load_json(report, parsed=True)
    assert made.pop("parsed") == [thread_json(each) for each in report.dumps[0].dump.threads]
    assert made["dumps"][0].pop("account") == [
        {"line": 1, "kind": "tweet", "what": "1.1", "text": "Ports grow quiet"},
        {"line": 2, "kind": "boilerplate", "what": "the page's footer", "text": "• • •"},
        {"line": 3, "kind": "notice", "what": "met something", "text": "odd"},
    ]
    assert made == load_json(report)
