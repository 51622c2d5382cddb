"""Languages beside English, each with a catalogue of its own in `bot/locales/`.

A catalogue maps each English text to what it is there; what is counted has a text for each of the
language's plural categories. https://cldr.unicode.org/index/cldr-spec/plural-rules
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from bot.language import ENGLISH, Language, Sentence

if TYPE_CHECKING:  # It takes longer to import than an answer in the terminal takes.
    from babel import Locale

FOLDER = Path(__file__).parent / "locales"
ALSO = {"es-419": "es-ES"}
"""Languages that are served by another's catalogue."""

Catalogue: TypeAlias = Mapping[str, str | Mapping[str, str]]
"""Texts by their English; of what is counted, the texts by plural category."""


class Translated(Language):
    """A language with a catalogue; what that lacks is said in English."""

    def __init__(self, tag: str, catalogue: Catalogue) -> None:
        """Speak `tag`, as Discord names it, by `catalogue`."""
        from babel import Locale

        self.tag = tag
        self.catalogue = catalogue
        self._locale: Locale = Locale.parse(tag, sep="-")
        # Babel reads what it knows of a language when it is first asked: now, off the event loop.
        self.number(1)
        self.listed(("", ""), "or")

    def pattern(self, said: Sentence) -> str:
        """What a sentence is in this language, its fields still to be put in."""
        known = self.catalogue.get(said.english)
        if known is None:
            return super().pattern(said)
        if isinstance(known, str):
            return known
        count = said.fields["count"]
        return known[self._locale.plural_form(count)] if isinstance(count, int) else known["other"]

    def number(self, number: int) -> str:
        """A quantity."""
        from babel.numbers import format_decimal

        return format_decimal(number, locale=self._locale)

    def decimal(self, number: float) -> str:
        """A quantity with two decimal places."""
        from babel.numbers import format_decimal

        return format_decimal(number, "0.00", locale=self._locale)

    def listed(self, items: Sequence[str], style: Literal["and", "or"]) -> str:
        """Things named one after another."""
        from babel.lists import format_list

        return format_list(items, "or" if style == "or" else "standard", locale=self._locale)


@cache
def languages() -> dict[str, Language]:
    """Every language that has a catalogue, by Discord's name for it; read once."""
    found = {path.stem: path for path in sorted(FOLDER.glob("*.json"))}
    found |= {tag: found[other] for tag, other in ALSO.items()}
    return {
        tag: Translated(tag, json.loads(path.read_text(encoding="utf-8")))
        for tag, path in found.items()
    }


def language_of(tag: str | None) -> Language:
    """The language that Discord names so; English where there is no catalogue for it."""
    return languages().get(tag, ENGLISH) if tag else ENGLISH
