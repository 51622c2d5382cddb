"""Reads all the text of a message, wherever it is: in a forward, an embed, a picture's description.

https://docs.discord.com/developers/resources/message#message-snapshot-object
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

import discord

WORDS = re.compile(r"<[@#:a][^>]*>|(?:https?|at)://\S+|([\w’'.]*\w)")
"""Matches a message's words in group 1; mentions, emoji and URLs without the group."""

Readable: TypeAlias = discord.Message | discord.MessageSnapshot
"""A message, or the message that another forwards."""


def text_of(message: Readable) -> str:
    """Return all text of `message`: its own, then that of what it forwards, shows and has attached.

    Links are part of it; every part has lines of its own.
    """
    return "\n".join(dict.fromkeys(part for part in _parts(message) if part))


def words_of(text: str) -> str:
    """Return the words of `text`, without links, mentions and emoji; none is an operator."""
    return " ".join(found[1] for found in WORDS.finditer(text) if found[1])


def _parts(message: Readable) -> Iterator[str | None]:
    yield message.content
    for snapshot in getattr(message, "message_snapshots", ()):
        yield from _parts(snapshot)
    for embed in message.embeds:
        yield from _of_embed(embed)
    for attachment in message.attachments:
        yield attachment.description
    yield from _of_components(message.components)


def _of_embed(embed: discord.Embed) -> Iterator[str | None]:
    yield from (embed.title, embed.description, embed.author.name)
    for field in embed.fields:
        yield from (field.name, field.value)
    yield from (embed.url, embed.author.url)


def _of_components(components: Iterable[Any]) -> Iterator[str | None]:
    """Yield the texts, descriptions of media and links of components, at any depth."""
    for each in components:
        if isinstance(each, discord.TextDisplay):
            yield each.content
        yield from (getattr(each, "description", None), getattr(each, "url", None))
        yield from _of_components(getattr(each, "items", ()))
        yield from _of_components(getattr(each, "children", ()))
        accessory = getattr(each, "accessory", None)
        yield from _of_components((accessory,) if accessory else ())
