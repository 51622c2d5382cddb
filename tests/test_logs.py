"""The log: JSON or text, with the id of the answer."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest

from bot.logs import FACTS, answering, set_up

log = logging.getLogger("test")


class Terminal(io.StringIO):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        """Return that it is one."""
        return True


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Take the handler away again."""
    root = logging.getLogger()
    level = root.level
    yield
    root.setLevel(level)
    for each in [each for each in root.handlers if getattr(each, "is_ours", False)]:
        root.removeHandler(each)


def test_each_event_is_one_line_of_json_where_nobody_reads() -> None:
    out = io.StringIO()
    set_up("INFO", "auto", out)
    with answering() as answer:
        log.warning("slow\nanswer %d", 1, extra={FACTS: {"took_ms": 5}})
    try:
        raise ValueError("\x1b]52;c;x\x07")
    except ValueError:
        log.exception("failed")
    log.debug("not logged")
    first, second = out.getvalue().splitlines()
    found = json.loads(first)
    assert found.pop("time").endswith("+00:00")
    assert found == {
        "level": "WARNING",
        "logger": "test",
        "message": "slow\nanswer 1",
        "answer": answer,
        "took_ms": 5,
    }
    found = json.loads(second)
    assert "ValueError" in found["exception"]
    assert "answer" not in found
    assert "\x1b" not in second


@pytest.mark.parametrize(
    ("style", "is_terminal", "is_json"),
    [
        ("auto", True, False),
        ("auto", False, True),
        ("text", False, False),
        ("json", True, True),
    ],
)
def test_the_setting_and_the_stream_choose_the_format(
    style: str,
    is_terminal: bool,  # noqa: FBT001  # likewise
    is_json: bool,  # noqa: FBT001  # a parameter of the test
) -> None:
    out = Terminal() if is_terminal else io.StringIO()
    set_up("INFO", style, out)
    with answering("abc"):
        log.info("done", extra={FACTS: {"took_ms": 5}})
    line = out.getvalue()
    assert line.startswith("{") == is_json
    if not is_json:
        assert line.endswith("test: done [answer=abc took_ms=5]\n")


def test_a_second_call_replaces_the_handler() -> None:
    first, second = io.StringIO(), io.StringIO()
    set_up("INFO", "json", first)
    set_up("INFO", "json", second)
    log.info("once")
    assert (len(first.getvalue()), len(second.getvalue().splitlines())) == (0, 1)


def test_answers_have_different_ids_and_are_over_at_the_end() -> None:
    out = io.StringIO()
    set_up("INFO", "json", out)
    with answering() as one:
        log.info("one")
    with answering() as two:
        log.info("two")
    log.info("none")
    assert one != two
    assert [json.loads(each).get("answer") for each in out.getvalue().splitlines()] == [
        one,
        two,
        None,
    ]
