"""Languages other than English, each with a catalogue in `locales/`.

A catalogue maps English texts to translations. A text with a count has one translation for each
plural category: https://cldr.unicode.org/index/cldr-spec/plural-rules
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from bot.i18n.messages import ENGLISH, Language, Sentence

if TYPE_CHECKING:  # Importing it takes longer than an answer in the terminal.
    from babel import Locale

FOLDER = Path(__file__).parent / "locales"
ALSO = {"es-419": "es-ES"}
"""Languages that use the catalogue of another."""

Catalogue: TypeAlias = Mapping[str, str | Mapping[str, str]]
"""Translations by English text; those with a count by plural category."""
NO_BREAK = {
    "fr": (
        (re.compile("(?<=«) | (?=[»:%])"), "\N{NO-BREAK SPACE}"),
        (re.compile(" (?=[;!?])"), "\N{NARROW NO-BREAK SPACE}"),
    )
}
"""Which spaces of a catalogue keep words together, and what they become."""


class Translated(Language):
    """A language with a catalogue; missing texts are in English."""

    def __init__(self, tag: str, catalogue: Catalogue) -> None:
        """Create the language `tag`, as Discord names it, from `catalogue`."""
        self.tag = tag
        self.catalogue = catalogue

    @cached_property
    def _locale(self) -> Locale:
        """What Babel knows of the language: a megabyte, and five more for the first one."""
        from babel import Locale

        return Locale.parse(self.tag, sep="-")

    def pattern(self, message: Sentence) -> str:
        """Return the text of a message in this language, with placeholders."""
        known = self.catalogue.get(message.english)
        if known is None:
            return super().pattern(message)
        if isinstance(known, str):
            return known
        count = message.fields["count"]
        return known[self._locale.plural_form(count)] if isinstance(count, int) else known["other"]

    def number(self, number: int) -> str:
        """Return `number` formatted as a quantity."""
        from babel.numbers import format_decimal

        return format_decimal(number, locale=self._locale)

    def decimal(self, number: float) -> str:
        """Return `number` with two decimal places."""
        from babel.numbers import format_decimal

        return format_decimal(number, "0.00", locale=self._locale)

    def day(self, day: date) -> str:
        """Return a date as Discord's style `D` shows it."""
        from babel.dates import format_date

        return format_date(day, "long", locale=self._locale)

    def month(self, first: date) -> str:
        """Return the month that begins on `first`."""
        from babel.dates import format_skeleton

        return format_skeleton("yMMMM", first, locale=self._locale)

    def listed(self, items: Sequence[str], style: Literal["and", "or"]) -> str:
        """Return `items` as a list in this language."""
        from babel.lists import format_list

        return format_list(items, "or" if style == "or" else "standard", locale=self._locale)


def languages() -> Mapping[str, Language]:
    """Return all languages with a catalogue, by Discord's tag."""
    return {tag: _read(tag, name) for tag, name in _names().items()}


def language_of(tag: str | None) -> Language:
    """Return the language with Discord's tag `tag`; English if it has no catalogue."""
    name = _names().get(tag) if tag else None
    return _read(tag, name) if tag and name else ENGLISH


@cache
def _names() -> Mapping[str, str]:
    """Return the name of the catalogue of each language, by Discord's tag.

    Tags: https://discord.com/developers/docs/reference#locales
    """
    found = {path.stem: path.stem for path in sorted(FOLDER.glob("*.json"))}
    return found | ALSO


@cache
def _read(tag: str, name: str) -> Language:
    text = (FOLDER / f"{name}.json").read_text(encoding="utf-8")
    catalogue: Catalogue = json.loads(text)
    return Translated(tag, {english: _spaced(name, each) for english, each in catalogue.items()})


def _spaced(name: str, entry: str | Mapping[str, str]) -> str | Mapping[str, str]:
    """Return an entry of a catalogue, so that no line begins with a sign that belongs to a word."""
    if not isinstance(entry, str):
        return {category: str(_spaced(name, each)) for category, each in entry.items()}
    for space, no_break in NO_BREAK.get(name, ()):
        entry = space.sub(no_break, entry)
    return entry
