"""Titles near one that no thread has."""

from __future__ import annotations

from bot.library.suggestions import near_titles
from bot.models import ThreadSummary


def test_the_closest_titles_come_first_and_others_are_not_called_close() -> None:
    titles = ["Okapis graze at dawn", "Cranes of the harbour", "The okapi that swam"]
    threads = [
        ThreadSummary(f"{number:012x}", title, None, 3, complete=True)
        for number, title in enumerate(titles)
    ]

    def holding(typed: str, limit: int) -> list[ThreadSummary]:
        return [each for each in threads if typed.lower() in each.title.lower()][:limit]

    near, close = near_titles("the okapi that swims", holding, 10)
    assert close
    assert near[0] is threads[2]
    anything, close = near_titles("xyzzy", holding, 2)
    assert not close
    assert anything == threads[:2]
    assert near_titles("", holding, 2) == (threads[:2], False)
