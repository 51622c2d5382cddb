"""The text of a tweet that is searched: its words, its alt texts and its poll's options. Pure.

All of these are the author's own words. A quoted tweet and a card are not: they are not searched.
"""

from __future__ import annotations

from bot.models import Tweet
from bot.search.analyzer import SEPARATOR

BORDER = f"\n{SEPARATOR}\n"


def searched_text(tweet: Tweet) -> str:
    """Return what the index knows of `tweet`. No phrase reaches from one part into the next."""
    if not tweet.media and not tweet.poll:
        return tweet.text
    alts = (each.alt for each in tweet.media if each.alt)
    return BORDER.join([tweet.text, *alts, *(each.label for each in tweet.poll)])
