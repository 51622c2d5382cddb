"""Translatable sentences, and the English language. Pure; reads no catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Sentence:
    """A message that each reader sees in their own language; `str()` is English."""

    english: str
    """Its English, which is also its key in catalogues; `{name}` is replaced by a field."""
    fields: Mapping[str, Field] = field(default_factory=dict)
    """Values of the fields; `count` selects the plural form."""
    one: str | None = None
    """Its English for a count of one, if it differs."""

    def __str__(self) -> str:
        """The sentence in English."""
        return ENGLISH.say(self)


@dataclass(frozen=True, slots=True)
class Listed:
    """A list in a sentence: `a, b or c`."""

    items: Sequence[Sentence | str]
    """The items, at least one."""
    style: Literal["and", "or"]
    """The conjunction before the last item."""


Field: TypeAlias = "str | int | float | Sentence | Listed"
"""A value in a sentence. An int is formatted as a quantity; pass ordinals and ids as str."""


def sentence(english: str, /, **fields: Field) -> Sentence:
    """A sentence with `fields` for its placeholders."""
    return Sentence(english, fields)


def counted(count: int, one: str, other: str, /, **fields: Field) -> Sentence:
    """A sentence with plural forms; `{count}` is the number."""
    return Sentence(other, {"count": count, **fields}, one)


def quoted(said: str | Sentence) -> Sentence:
    """`said` in quotation marks."""
    return sentence("“{said}”", said=said)


class Language:
    """English. Other languages derive from this class and add a catalogue."""

    tag = "en"
    """Its tag, as Discord uses it."""

    def __call__(self, english: str, /, **fields: Field) -> str:
        """`english` in this language, with `fields` for its placeholders."""
        return self.say(Sentence(english, fields))

    def count(self, count: int, one: str, other: str, /, **fields: Field) -> str:
        """A sentence with plural forms in this language."""
        return self.say(Sentence(other, {"count": count, **fields}, one))

    def say(self, said: Sentence | str) -> str:
        """`said` in this language; plain text stays as it is."""
        if isinstance(said, str):
            return said
        shown = {name: self._shown(value) for name, value in said.fields.items()}
        return self.pattern(said).format_map(shown)

    def pattern(self, said: Sentence) -> str:
        """The pattern of a sentence in this language, with placeholders."""
        return said.one if said.one is not None and said.fields["count"] == 1 else said.english

    def number(self, number: int) -> str:
        """`number` formatted as a quantity."""
        return f"{number:,}"

    def decimal(self, number: float) -> str:
        """`number` with two decimal places."""
        return f"{number:.2f}"

    def listed(self, items: Sequence[str], style: Literal["and", "or"]) -> str:
        """`items` as a list: `a, b or c`."""
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
"""The language of the terminal and the log, and of readers without a catalogue."""
