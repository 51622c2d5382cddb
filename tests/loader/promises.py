"""The loader's promises for any bytes, checked by the tests and the fuzzer."""

from __future__ import annotations

import contextlib

from bot.errors import DumpError
from bot.loader import archive
from bot.loader.line_account import Account
from bot.loader.pages import web_page
from bot.loader.parser import read_dump
from bot.loader.raw.content import Content
from bot.loader.raw.decode import CONTROL, read_text
from bot.models import Dump, Metadata

OF_LINES = ("thread-reader", "unroller", "hand-written", "markdown")
"""Beginnings of the names of formats whose lines are all accounted for."""

COLUMNS = "text=Body"
"""Which column of a table has the texts, if one is named so."""


def keeps_its_promises(data: bytes) -> None:
    """Read `data`, as a dump and as an archive; AssertionError where the loader says less than all.

    Raises whatever the loader should not have raised.
    """
    columns = COLUMNS if b"Body" in data[:100] else None
    with contextlib.suppress(DumpError):
        dump = read_dump(data, "a.txt", Metadata(columns=columns), detailed=True)
        _check_threads(dump)
        is_markup = "html" in dump.format or web_page.FORMAT in dump.format
        if not is_markup and dump.format.startswith(OF_LINES):
            lines = read_text(data, Account("a.txt")).split("\n")
            said = {number for number, line in enumerate(lines, start=1) if line.strip()}
            assert {one.line for one in dump.account} == said, "a line of which nothing was said"
    if archive.is_zip(data):
        with contextlib.suppress(DumpError):
            for _, content in archive.contents(data, "a.zip"):
                if isinstance(content, Content):
                    content.read()
                    with contextlib.suppress(DumpError):
                        _check_threads(read_dump(content, "a.zip", detailed=True))


def _check_threads(dump: Dump) -> None:
    assert dump.threads, "a dump without threads"
    where = f"({dump.format})"
    for thread in dump.threads:
        assert thread.title, f"a thread without a title {where}"
        assert thread.tweets, f"a thread without tweets {where}"
        for tweet in thread.tweets:
            shown = tweet.links or tweet.media or tweet.quote or tweet.poll or tweet.card
            assert tweet.text.strip() or shown, f"a tweet that says nothing {where}"
            assert not CONTROL.search(tweet.text), f"a tweet with control characters {where}"
            tweet.text.encode()
