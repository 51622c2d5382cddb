"""Packs what a tweet has besides its words: media, a quoted tweet, a poll and a card. Pure.

The store and the loader's spool keep it as JSON. Most tweets have none of it and cost nothing.
"""

from __future__ import annotations

import json
from typing import Any, TypedDict

from bot.models import Card, Media, PollOption, Quote


class Extras(TypedDict):
    """The fields of a tweet that are packed."""

    media: tuple[Media, ...]
    """Its pictures and videos."""
    quote: Quote | None
    """The tweet that it quotes."""
    poll: tuple[PollOption, ...]
    """The options of its poll."""
    card: Card | None
    """The preview of the page that it links to."""


NOTHING = Extras(media=(), quote=None, poll=(), card=None)
"""What most tweets have."""


def packed(
    media: tuple[Media, ...], quote: Quote | None, poll: tuple[PollOption, ...], card: Card | None
) -> dict[str, Any]:
    """Return values that JSON can hold, for `unpacked`; an empty object for nothing."""
    found: dict[str, Any] = {}
    if media:
        found["media"] = [
            _row(each.kind, each.url, each.alt, each.video_url, each.file) for each in media
        ]
    if quote:
        found["quote"] = _row(
            quote.text, quote.author, quote.author_name, quote.created_at, quote.permalink
        )
    if poll:
        found["poll"] = [_row(each.label, each.votes) for each in poll]
    if card:
        found["card"] = _row(card.title, card.description, card.url)
    return found


def unpacked(values: dict[str, Any]) -> Extras:
    """Return what `packed` was given."""
    quote, card = values.get("quote"), values.get("card")
    return Extras(
        media=tuple(Media(*each) for each in values.get("media", ())),
        quote=Quote(*quote) if quote else None,
        poll=tuple(PollOption(*each) for each in values.get("poll", ())),
        card=Card(*card) if card else None,
    )


def to_json(values: dict[str, Any]) -> str | None:
    """Return `values` as compact JSON; None if there are none."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")) if values else None


def _row(*values: Any) -> list[Any]:
    """Return `values` without the empty ones at the end."""
    row = list(values)
    while row and row[-1] is None:
        row.pop()
    return row
