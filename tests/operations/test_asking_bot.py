"""Asking the running bot; `tests/app/test_status_server.py` has a real one."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bot.errors import BotUnreachable
from bot.operations.asking_bot import health


@contextmanager
def answering(answer: bytes) -> Iterator[tuple[str, int]]:
    """A server that gives one answer; yields its address."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield server.getsockname()
        thread.join()


def response(status: str, body: bytes) -> bytes:
    """An HTTP response."""
    return b"HTTP/1.1 %s\r\nContent-Length: %d\r\n\r\n%s" % (status.encode(), len(body), body)


def test_the_status_and_the_facts_decide() -> None:
    with answering(response("200 OK", b'{"ok": true, "tweets": 3}')) as address:
        found = health(address)
    assert (found.is_well, found.facts["tweets"]) == (True, 3)
    with answering(response("503 No", b'{"ok": false}')) as address:
        assert not health(address).is_well
    with answering(response("503 No", b'{"ok": true}')) as address:
        assert not health(address).is_well


@pytest.mark.parametrize(
    "answer",
    [b"", b"no http", response("200 OK", b"<html>"), response("200 OK", b"[]"), b"HTTP/1.1 200"],
)
def test_something_that_is_no_bot_is_no_answer(answer: bytes) -> None:
    with answering(answer) as address, pytest.raises(BotUnreachable):
        health(address)


def test_nobody_and_silence_are_no_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        with pytest.raises(BotUnreachable):
            health(silent.getsockname(), seconds=0.1)
        address = silent.getsockname()
    with pytest.raises(BotUnreachable, match="threadbot run"):
        health(address)


def test_a_bot_for_everybody_is_asked_on_this_machine() -> None:
    with answering(response("200 OK", b'{"ok": true}')) as (_, port):
        assert health(("0.0.0.0", port)).is_well  # noqa: S104  # nothing is bound to it
