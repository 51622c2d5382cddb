"""Makes control characters visible, so that no text can command the terminal. Pure."""

from __future__ import annotations

import re

from bot.bidi import isolated

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
"""Control characters, but for the tab and the line feed; and what separates lines elsewhere."""
PICTURES = 0x2400
"""Where Unicode has the symbols of the first 32 control characters, in their order."""
DELETE = "\x7f"


def visible(text: str) -> str:
    """Return `text` with a symbol for each control character: `␛` for the escape character.

    Lines with characters that direct text are isolated; see `bot.bidi`.
    """
    return isolated(symbols(text))


def symbols(text: str) -> str:
    """Return `text` with a symbol for each control character."""
    return CONTROL.sub(_symbol, text)


def _symbol(found: re.Match[str]) -> str:
    if found[0] == DELETE:
        return "\N{SYMBOL FOR DELETE}"
    return chr(PICTURES + ord(found[0])) if found[0] < " " else "\N{REPLACEMENT CHARACTER}"
