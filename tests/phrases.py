"""All that the program has to say, found in its source, and a language that shows what is said."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.i18n.messages import Language, Sentence
from tests.conftest import ROOT

SAYING = {"sentence", "say"}
"""Calls whose first argument is English to be said."""
COUNTING = {"counted", "say.count"}
"""Calls whose third argument is, for what is counted."""
PREFIX, SUFFIX = "⟦", "⟧"


@dataclass(frozen=True, slots=True)
class Phrase:
    """English to be said."""

    english: str
    """What catalogues know it by."""
    counts: bool
    """Whether it has plural forms."""

    @property
    def fields(self) -> set[str]:
        """What is put into it."""
        return placeholders(self.english)


def placeholders(pattern: str) -> set[str]:
    """The fields of a pattern; none of them is more than a name."""
    parts = list(string.Formatter().parse(pattern))
    for _, name, spec, how in parts:
        assert name is None or (name.isidentifier() and not spec and not how), pattern
    return {name for _, name, _, _ in parts if name is not None}


@cache
def phrases() -> dict[str, Phrase]:
    """Every phrase in the source, by its English."""
    return {
        each.english: each
        for path in sorted((ROOT / "bot").rglob("*.py"))
        for each in _in_file(path)
    }


def _in_file(path: Path) -> Iterator[Phrase]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = ast.unparse(node.func)
        place = f"{path}:{node.lineno}: {ast.unparse(node)}"
        if name in COUNTING:
            english = node.args[2]
        elif name in SAYING:
            english = node.args[0]
        else:
            continue
        assert isinstance(english, ast.Constant), place
        assert isinstance(english.value, str), place
        yield Phrase(english.value, counts=name in COUNTING)


class Marked(Language):
    """English in brackets, so that what is not said through it shows."""

    tag = "xx"

    def pattern(self, said: Sentence) -> str:
        """Its English in brackets."""
        return f"{PREFIX}{super().pattern(said)}{SUFFIX}"
