"""Threads on animals, in files that may hold some of each; and a model of what is seen of them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from bot.loader.parser import read_dump
from bot.models import Thread

NAMES = ("a", "b")
SUBJECTS = ("okapi", "tapir", "zebra", "heron")
AUTHORS = {"okapi": "anna", "tapir": "anna", "zebra": "ben", "heron": "cleo"}
LONGEST = 3

File = frozenset[tuple[str, int]]
"""Subjects, and how many tweets of each one's thread a file holds."""


def record(subject: str, place: int) -> dict[str, object]:
    """A tweet as X's API has it; every one but a thread's first answers the one before."""
    first = (SUBJECTS.index(subject) + 1) * 1_000
    day = SUBJECTS.index(subject) + 10
    text = f"The {subject} waits at the harbour, and nobody knows why part{place}{subject}"
    link = {
        "url": f"https://t.co/{place}",
        "expanded_url": f"https://{subject}.example/{place}",
        "display_url": f"{subject}.example/{place}",
    }
    made: dict[str, object] = {
        "id_str": str(first + place),
        "full_text": f"{text} {link['url']}",
        "entities": {"urls": [link]},
        "created_at": f"Wed Jan {day} 15:19:44 +0000 2020",
        "user": {"screen_name": AUTHORS[subject]},
    }
    if place > 1:
        made["in_reply_to_status_id_str"] = str(first + place - 1)
        made["in_reply_to_screen_name"] = AUTHORS[subject]
    return made


def content(name: str, held: File) -> bytes:
    """A file's bytes, other than those of any file of another name."""
    records = [record(each, place) for each, tweets in sorted(held) for place in to(tweets)]
    return (json.dumps(records) + "\n" * (NAMES.index(name[-1]) + 1)).encode()


def to(tweets: int) -> range:
    """The places of so many tweets."""
    return range(1, tweets + 1)


WHOLE: dict[str, Thread] = {
    subject: read_dump(content("a", frozenset({(subject, LONGEST)})), "a.json").threads[0]
    for subject in SUBJECTS
}


@dataclass(frozen=True, slots=True)
class State:
    """What a generation of a scope is made of."""

    held: dict[str, File] = field(default_factory=dict)
    """Its files by their names."""
    forgotten: frozenset[str] = frozenset()
    """Subjects, and authors with an @."""


def visible(*layers: State) -> dict[str, int]:
    """The subjects that are seen where `layers` are one on top of the other, and their tweets."""
    gone = frozenset[str]().union(*(each.forgotten for each in layers))
    seen: dict[str, int] = {}
    for each in layers:
        for file in each.held.values():
            for subject, tweets in file:
                if not gone & {subject, f"@{AUTHORS[subject]}"}:
                    seen[subject] = max(seen.get(subject, 0), tweets)
    return seen


def told_apart(said: str, seen: dict[str, int]) -> None:
    """Refuse what tells of anything that may not be seen."""
    told = said.lower()
    for subject in SUBJECTS:
        assert subject in seen or subject not in told
        for place in range(seen.get(subject, 0) + 1, LONGEST + 1):
            assert f"part{place}{subject}" not in told
