"""Translatable sentences, and the English language. Pure; reads no catalogue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, TypeAlias

from bot.bidi import isolated

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
"""The months in English, whatever the system's locale."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A message that each reader sees in their own language; `str()` is English."""

    english: str
    """The English text, which is also the key in catalogues; `{name}` is replaced by a field."""
    fields: Mapping[str, Field] = field(default_factory=dict)
    """The values of the fields; `count` selects the plural form."""
    one: str | None = None
    """The English text for a count of one, if it differs."""

    def __str__(self) -> str:
        """Return the message in English."""
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
    """Return a message with `fields` for its placeholders."""
    return Sentence(english, fields)


def counted(count: int, one: str, other: str, /, **fields: Field) -> Sentence:
    """Return a message with plural forms.

    Args:
        count: the number, which `{count}` shows.
        one: the English text for a count of one.
        other: the English text for other counts, which is also the key in catalogues.
        fields: values of further placeholders.
    """
    return Sentence(other, {"count": count, **fields}, one)


def quoted(message: str | Sentence) -> Sentence:
    """Return `message` in quotation marks."""
    return sentence("“{said}”", said=message)


class Language:
    """English. Other languages derive from this class and add a catalogue."""

    tag = "en"
    """Its tag, as Discord uses it."""

    def __call__(self, english: str, /, **fields: Field) -> str:
        """Return `english` in this language, with `fields` for its placeholders."""
        return self.say(Sentence(english, fields))

    def count(self, count: int, one: str, other: str, /, **fields: Field) -> str:
        """Return a message with plural forms in this language; see `counted`."""
        return self.say(Sentence(other, {"count": count, **fields}, one))

    def say(self, message: Sentence | str) -> str:
        """Return `message` in this language; a str stays as it is."""
        if isinstance(message, str):
            return message
        shown = {name: self._shown(value) for name, value in message.fields.items()}
        return self.pattern(message).format_map(shown)

    def pattern(self, message: Sentence) -> str:
        """Return the text of a message in this language, with placeholders."""
        return (
            message.one
            if message.one is not None and message.fields["count"] == 1
            else message.english
        )

    def number(self, number: int) -> str:
        """Return `number` formatted as a quantity."""
        return f"{number:,}"

    def decimal(self, number: float) -> str:
        """Return `number` with two decimal places."""
        return f"{number:.2f}"

    def day(self, day: date) -> str:
        """Return a date as Discord's style `D` shows it: `June 13, 2025`."""
        return f"{MONTHS[day.month - 1]} {day.day}, {day.year}"

    def month(self, first: date) -> str:
        """Return the month that begins on `first`: `June 2025`."""
        return f"{MONTHS[first.month - 1]} {first.year}"

    def listed(self, items: Sequence[str], style: Literal["and", "or"]) -> str:
        """Return `items` as a list: `a, b or c`."""
        return f" {style} ".join([", ".join(items[:-1]), items[-1]] if items[1:] else items)

    def _shown(self, value: Field) -> str:
        if isinstance(value, Sentence):
            return self.say(value)
        if isinstance(value, Listed):
            return self.listed([self.say(each) for each in value.items], value.style)
        if isinstance(value, float):
            return self.decimal(value)
        return self.number(value) if isinstance(value, int) else isolated(value)


ENGLISH = Language()
"""The language of the terminal and the log, and of readers without a catalogue."""
