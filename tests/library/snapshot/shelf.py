"""Threads on ports and rice, and a snapshot that holds them."""

from __future__ import annotations

from bot.library.snapshot.snapshot import Snapshot
from bot.models import Thread
from tests.strategies import families_of, thread, tweet

PORTS = thread(
    tweet("Ports grow quiet as tariffs bite across three harbours", tweet_id="1900"),
    tweet("On Monday no ship came.", permalink="https://x.com/anna/status/1901"),
    author="anna",
    source_url="https://www.threads.example/thread/77.html",
)


RICE = thread("Rice prices double: “the queues begin at dawn”", "Nobody had seen the like.")


CAFE = thread("Café owners of the port await the ships", complete=False, file="b.txt")


def snapshot_of(*threads: Thread) -> Snapshot:
    """A generation that holds `threads`."""
    return Snapshot.build(1, families_of(threads, first=10))
