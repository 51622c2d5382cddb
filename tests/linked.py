"""A thread whose tweets have ids, for tests of links to them."""

from __future__ import annotations

import json
from pathlib import Path

FIRST = 1900000000000000001
LENGTH = 30


def link(position: int) -> str:
    """The permalink of the tweet at `position`."""
    return f"https://x.com/anna/status/{FIRST - 1 + position}"


def save_linked_thread(folder: Path) -> None:
    """Save a thread of LENGTH tweets by @anna in `folder`, as `thread --save` writes it."""
    tweets = [
        {
            "position": each,
            "author": "anna",
            "created_at": f"2025-06-13T10:{each:02}:00+00:00",
            "text": f"Harbour number {each} lies quiet this week. {'Cranes rest. ' * 12}".strip(),
            "mentions": [],
            "url": link(each),
            "links": [],
        }
        for each in range(1, LENGTH + 1)
    ]
    thread = {
        "id": "000000000000",
        "title": "Harbour number 1 lies quiet this week.",
        "author": "anna",
        "complete": True,
        "source_url": f"https://threadreaderapp.com/thread/{FIRST}.html",
        "dumps": [],
        "tweets": tweets,
    }
    (folder / "anna.json").write_text(json.dumps(thread), encoding="utf-8")
