"""Pairs of files: a dump and its expected content. A new pair turns a bug report into a test."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.errors import DumpError
from bot.loader.parser import read_dump
from bot.views.json_output import thread_json

DUMPS = Path(__file__).parent.parent / "dumps"
PAIRS = sorted(DUMPS.glob("*.txt"))


RARE = ("author_name", "media", "quote", "poll", "card")
"""Keys of a tweet that the `.expected.json` files have only if they say something."""


def _told(shape: dict[str, Any]) -> dict[str, Any]:
    """A thread's JSON without what its tweets do not have."""
    tweets = [
        {key: value for key, value in tweet.items() if value or key not in RARE}
        for tweet in shape["tweets"]
    ]
    return {**shape, "tweets": tweets}


def as_expected_files_say_it(data: bytes, file: str) -> dict[str, Any]:
    """What `data` holds, in the shape of the `.expected.json` files."""
    try:
        dump = read_dump(data, file)
    except DumpError as error:
        return {"error": {"line": error.line, "reason": str(error.reason)}}
    doubt = {"doubt": str(dump.doubt)} if dump.doubt else {}
    return {
        "threads": [_told(thread_json(thread)) for thread in dump.threads],
        "notices": [{"line": each.line, "message": each.message} for each in dump.notices],
        **doubt,
    }


def test_every_dump_has_its_expectation_and_the_other_way_round() -> None:
    expectations = {path.name.removesuffix(".expected.json") for path in DUMPS.glob("*.json")}
    assert {path.stem for path in PAIRS} == expectations
    assert PAIRS


@pytest.mark.parametrize("path", PAIRS, ids=lambda path: path.stem)
def test_a_dump_holds_what_its_expectation_says(path: Path) -> None:
    expected = json.loads(path.with_suffix(".expected.json").read_text(encoding="utf-8"))
    assert as_expected_files_say_it(path.read_bytes(), path.name) == expected


@pytest.mark.parametrize("path", [path for path in PAIRS if path.stem.startswith("unreadable_")])
def test_an_unreadable_file_is_named_with_the_reason(path: Path) -> None:
    with pytest.raises(DumpError) as caught:
        read_dump(path.read_bytes(), "folder/my dump.txt")
    said = str(caught.value)
    assert said.startswith("folder/my dump.txt:")
    assert said.endswith(str(caught.value.reason))
    assert len(str(caught.value.reason)) > 10
