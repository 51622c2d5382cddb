"""Sentences that know their English, and how a language says them. Pure; reads no catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Sentence:
    """Something to be said, to be put in its reader's language; `str()` is English."""

    english: str
    """What it is in English, and what catalogues know it by; `{name}` stands for a field."""
    fields: Mapping[str, Field] = field(default_factory=dict)
    """What is put in; of what is counted, `count` is the number."""
    one: str | None = None
    """Its English where `count` is one, if that is other."""

    def __str__(self) -> str:
        """Its English."""
        return ENGLISH.say(self)


@dataclass(frozen=True, slots=True)
class Listed:
    """Things named one after another."""

    items: Sequence[Sentence | str]
    """The things; one at least."""
    style: Literal["and", "or"]
    """What joins the last two."""


Field: TypeAlias = "str | int | float | Sentence | Listed"
"""What a sentence holds. A whole number is a quantity: what only numbers a thing comes as text."""


def sentence(english: str, /, **fields: Field) -> Sentence:
    """Say `english`, with `fields` in the places that they are named for."""
    return Sentence(english, fields)


def counted(count: int, one: str, other: str, /, **fields: Field) -> Sentence:
    """Say `one` or `other`, as there is one thing or not; `{count}` is the number."""
    return Sentence(other, {"count": count, **fields}, one)


def quoted(said: str | Sentence) -> Sentence:
    """`said` in quotation marks."""
    return sentence("“{said}”", said=said)


class Language:
    """English, which needs no catalogue; other languages derive from it."""

    tag = "en"
    """Its name, by which Discord knows it too."""

    def __call__(self, english: str, /, **fields: Field) -> str:
        """Say `english` in this language, with `fields` put in."""
        return self.say(Sentence(english, fields))

    def count(self, count: int, one: str, other: str, /, **fields: Field) -> str:
        """Say in this language what is counted."""
        return self.say(Sentence(other, {"count": count, **fields}, one))

    def say(self, said: Sentence | str) -> str:
        """Put a sentence in this language; text stays as it is."""
        if isinstance(said, str):
            return said
        shown = {name: self._shown(value) for name, value in said.fields.items()}
        return self.pattern(said).format_map(shown)

    def pattern(self, said: Sentence) -> str:
        """What a sentence is in this language, its fields still to be put in."""
        return said.one if said.one is not None and said.fields["count"] == 1 else said.english

    def number(self, number: int) -> str:
        """A quantity."""
        return f"{number:,}"

    def decimal(self, number: float) -> str:
        """A quantity with two decimal places."""
        return f"{number:.2f}"

    def listed(self, items: Sequence[str], style: Literal["and", "or"]) -> str:
        """Things named one after another."""
        return f" {style} ".join([", ".join(items[:-1]), items[-1]] if items[1:] else items)

    def _shown(self, value: Field) -> str:
        if isinstance(value, Sentence):
            return self.say(value)
        if isinstance(value, Listed):
            return self.listed([self.say(each) for each in value.items], value.style)
        if isinstance(value, float):
            return self.decimal(value)
        return self.number(value) if isinstance(value, int) else value


ENGLISH = Language()
"""What the terminal and the log speak, and whoever's language has no catalogue."""
