"""The helper: a second process that works, fails and ends as it should."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.background import helper
from bot.background.helper import AHEAD, Helper, HelperFailed, Send

ONLY_LINUX = pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="only Linux has /proc")


def doubled(send: Send, fed: Iterator[int], more: int) -> None:
    for each in fed:
        send(2 * each + more)


def printed(send: Send, _: Iterator[Any]) -> None:
    print("not a message")  # noqa: T201
    os.write(1, b"nor this\n")
    send("done")


def broken(send: Send, fed: Iterator[int]) -> None:
    send(next(fed))
    raise ValueError("a bad record")


def killed(send: Send, _: Iterator[Any]) -> None:
    send("begun")
    os.kill(os.getpid(), signal.SIGKILL)


def endless(send: Send, _: Iterator[Any]) -> None:
    send(os.getpid())
    while True:
        time.sleep(0.01)


def eager(send: Send, _: Iterator[Any], path: str) -> None:
    for number in range(1_000):
        send(bytes(100_000))
        Path(path).write_text(str(number), encoding="ascii")


def test_it_sends_what_it_makes_of_what_it_is_fed() -> None:
    with Helper() as one:
        assert [*one.run(doubled, 1, feed=range(1_000))] == [2 * each + 1 for each in range(1_000)]
        assert [*one.run(doubled, 0)] == []
        assert [*one.run(doubled, 0, feed=[4])] == [8]


def test_what_is_printed_in_it_is_no_message() -> None:
    with Helper() as one:
        assert [*one.run(printed)] == ["done"]


def test_what_it_raises_is_told_after_what_it_sent() -> None:
    with Helper() as one:
        sent = one.run(broken, feed=[7, 8, 9])
        assert next(sent) == 7
        with pytest.raises(HelperFailed, match="a bad record"):
            next(sent)


def test_its_death_is_told() -> None:
    with Helper() as one:
        sent = one.run(killed)
        assert next(sent) == "begun"
        with pytest.raises(HelperFailed, match="ended"):
            next(sent)


def test_a_feed_that_fails_ends_it() -> None:
    def feed() -> Iterator[int]:
        yield 1
        raise OSError("the disk is gone")

    with Helper() as one, pytest.raises(HelperFailed):
        list(one.run(doubled, 0, feed=feed()))


def test_a_helper_that_cannot_start_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(HelperFailed):
        Helper()


def test_it_waits_for_whoever_takes_what_it_sends(tmp_path: Path) -> None:
    path = tmp_path / "sent"
    with Helper() as one:
        sent = one.run(eager, str(path))
        next(sent)
        time.sleep(0.5)
        assert int(path.read_text(encoding="ascii")) < 3 * AHEAD


def is_there(pid: int) -> bool:
    return Path(f"/proc/{pid}").is_dir()


@ONLY_LINUX
def test_it_ends_with_its_block_whatever_it_does() -> None:
    with Helper() as one:
        pid = next(one.run(endless))
        assert is_there(pid)
    assert not is_there(pid)


PARENT = """
import threading
import time
from bot.background.helper import Helper
from tests.background.test_helper import endless
one = Helper()
print(next(one.run(endless)), flush=True)
time.sleep(60)
"""


@ONLY_LINUX
def test_it_ends_with_the_process_that_started_it() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        pid = int(parent.stdout.readline())
        assert is_there(pid)
        parent.kill()
    until = time.monotonic() + 20
    while is_there(pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert not is_there(pid)


def test_values_larger_than_a_pipe_arrive_whole() -> None:
    large = [bytes([each]) * 3_000_000 for each in range(3)]
    with Helper() as one:
        assert [*one.run(same, feed=large)] == large


def same(send: Send, fed: Iterator[bytes]) -> None:
    for each in fed:
        send(each)


def test_the_module_says_how_it_is_started() -> None:
    assert helper.__name__ in helper.COMMAND[1]


def test_work_that_begins_while_it_ends_fails_and_does_not_wait_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one = Helper()
    start = threading.Thread.start

    def late(thread: threading.Thread) -> None:
        monkeypatch.undo()
        one.__exit__(None, None, None)
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", late)
    results = one.run(doubled, 0, feed=[4])
    with pytest.raises(HelperFailed, match="ended"):
        next(results)
