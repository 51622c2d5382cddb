"""Threads that formats are written from, to test that their readers give them back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from hypothesis import strategies as st

from bot.loader.line_account import Account
from bot.models import Thread

AUTHOR, NAME = "anna_ports", "Anna Ports"
FIRST = datetime(2024, 3, 1, 10, tzinfo=UTC)
EPOCH_MILLISECONDS = 1_288_834_974_657


class Written(NamedTuple):
    """A tweet to write."""

    tweet_id: str
    """Its id, which tells the moment too."""
    text: str
    """Its text."""
    moment: datetime
    """When it was posted."""
    above: str | None
    """The id of the tweet that it continues."""

    @property
    def iso(self) -> str:
        """The moment as the reader gives it."""
        return self.moment.strftime("%Y-%m-%dT%H:%M:%SZ")

    @property
    def url(self) -> str:
        """The tweet's address."""
        return f"https://x.com/{AUTHOR}/status/{self.tweet_id}"


def id_at(moment: datetime) -> str:
    """The id of a tweet that was posted at `moment`."""
    return str((round(moment.timestamp() * 1000) - EPOCH_MILLISECONDS) << 22)


words = st.sampled_from(
    ["Tide", "quay", "née", "潮", "<b>", '"ebb"', "1/2", "low,", "flood;", "🚢", "R&D", "{", "]"]
)
texts = st.lists(words, min_size=1, max_size=8).map(" ".join)


@st.composite
def threads(draw: st.DrawFn) -> list[list[Written]]:
    """Draw threads, each the tweets of one reply chain."""
    made = []
    number = 0
    for size in draw(st.lists(st.integers(1, 4), min_size=1, max_size=4)):
        thread: list[Written] = []
        for _ in range(size):
            moment = FIRST + timedelta(minutes=number)
            above = thread[-1].tweet_id if thread else None
            thread.append(Written(id_at(moment), draw(texts), moment, above))
            number += 1
        made.append(thread)
    return made


def as_read(found: list[Thread]) -> list[list[tuple[str | None, str, str | None, str | None]]]:
    """What a reader gave back of each tweet: its id, text, moment and author."""
    return [
        [(each.tweet_id, each.text, each.created_at, each.author) for each in thread.tweets]
        for thread in found
    ]


def as_written(
    made: list[list[Written]],
) -> list[list[tuple[str | None, str, str | None, str | None]]]:
    """What `as_read` gives if nothing is lost."""
    return [[(each.tweet_id, each.text, each.iso, AUTHOR) for each in thread] for thread in made]


def told(account: Account) -> list[tuple[int | None, str]]:
    """The notices with their lines."""
    return [(each.line, each.message) for each in account.notices]
