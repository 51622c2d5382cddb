"""The content of a screen of Discord: scenes create it, and `page.py` renders it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Deed:
    """The action that a message responds to."""

    who: str
    """The person's name."""
    did: str
    """The verb: used, pressed, chose, filled in."""
    what: str
    """The command, or the label of what was pressed."""
    options: tuple[tuple[str, str], ...] = ()
    """Name and value of each option of a command; for the fields of a form, the name is empty."""


@dataclass(frozen=True, slots=True)
class Post:
    """A message in a channel."""

    raw: Mapping[str, Any]
    """The message as Discord's API gives it."""
    files: Mapping[str, bytes]
    """Its files, by name."""
    deed: Deed | None = None
    """The action it responds to."""
    answers: str | None = None
    """The text of the message that it replies to."""


@dataclass(frozen=True, slots=True)
class Typing:
    """A command that is being typed, with suggestions for one of its options."""

    command: str
    """The command's name."""
    option: str
    """The option's name."""
    text: str
    """The text typed so far."""
    offered: tuple[str, ...]
    """The suggestions."""


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen to take a picture of."""

    name: str
    """The picture's file name, without the extension."""
    shows: str
    """The caption, which is also the alternative text."""
    channel: str
    """The channel's name."""
    names: Mapping[str, str]
    """The text of each mention, by id."""
    posts: tuple[Post, ...] = ()
    """The messages, the oldest first."""
    form: Mapping[str, Any] | None = None
    """A form in front of them."""
    typing: Typing | None = None
    """A command being typed below them."""
