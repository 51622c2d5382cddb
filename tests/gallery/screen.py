"""What is seen on a screen of Discord: data that the player makes and the page renders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Deed:
    """What a person did to get an answer."""

    who: str
    """The person's name."""
    did: str
    """In a word: used, pressed, chose, filled in."""
    what: str
    """The command, or the words on what was pressed."""
    options: tuple[tuple[str, str], ...] = ()
    """Name and value of each option of the command; of a form's fields the value alone."""


@dataclass(frozen=True, slots=True)
class Post:
    """A message in a channel."""

    raw: Mapping[str, Any]
    """The message as Discord's API gives it."""
    files: Mapping[str, bytes]
    """Its files, by name."""
    deed: Deed | None = None
    """What it answers."""
    answers: str | None = None
    """The words of the message that it is a reply to."""


@dataclass(frozen=True, slots=True)
class Typing:
    """A command that is being typed, with what is offered for one of its options."""

    command: str
    """The command's name."""
    option: str
    """The option's."""
    text: str
    """What is typed so far."""
    offered: tuple[str, ...]
    """What may be chosen."""


@dataclass(frozen=True, slots=True)
class Screen:
    """A moment worth a picture."""

    name: str
    """Its file's name, without the ending."""
    shows: str
    """What is seen, for those who do not see it."""
    channel: str
    """Where it is."""
    names: Mapping[str, str]
    """What mentions show, by id."""
    posts: tuple[Post, ...] = ()
    """The messages, the oldest first."""
    form: Mapping[str, Any] | None = None
    """A modal before them."""
    typing: Typing | None = None
    """A command below them."""
