"""Parses HTML in linear time and bounded memory, however broken or deeply nested it is.

The parser does what the standard says: each element that opens looks at all that are open, and each
open `<b>` is opened again in each paragraph. So elements deeper than browsers allow are closed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # slow to import, and only markup needs it
    from selectolax.lexbor import LexborHTMLParser

DEEPEST = 256
"""Open elements; browsers allow 512."""
TAG = re.compile(r"<(?:!--|(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9:-]*))")
COMMENT_END = re.compile("--!?>")
VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
RAW = frozenset(("script", "style", "textarea", "title", "xmp", "noembed", "noframes", "iframe"))
"""Elements whose content is no markup."""
FORMATTING = frozenset("b big code em font i nobr s small strike strong tt u".split())
"""Elements that continue in the next paragraph if they are not closed."""
SELF_CLOSING = frozenset("p li tr td th dt dd option".split())
"""Elements that end where the next one of their kind begins."""
MOST_FORMATTING = 16
MOST_ATTRIBUTES = 500
ATTRIBUTES = re.compile(
    r"(?:[\s/]*+[^\s>/=\"'][^\s>/=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>\"'][^\s>]*+|))?+)"
    rf"{{{MOST_ATTRIBUTES}}}+"
)
"""As many attributes as an element may have; the parser compares each with all before it."""


def parsed(markup: str) -> LexborHTMLParser:
    """Return the tree of `markup`."""
    # Imported here, because the import takes longer than reading most dumps.
    from selectolax.lexbor import LexborHTMLParser

    return LexborHTMLParser(shallow(markup))


def shallow(markup: str) -> str:
    """Return `markup` with ends of elements where too many are open; most markup is unchanged."""
    parts: list[str] = []
    copied = at = 0
    nesting = _Nesting()
    while tag := TAG.search(markup, at):
        at = tag.end()
        name = (tag["name"] or "").lower()
        ends: list[str] = []
        if not name:
            at = _after(COMMENT_END, markup, at - 2)  # `<!-->` is a whole comment
        elif tag["end"]:
            ends = nesting.close(name)
        elif many := ATTRIBUTES.match(markup, at):
            parts += [markup[copied : many.end()], ">"]
            copied = at = many.end()
            if name not in VOID:
                nesting.open(name)
        elif name in RAW and not nesting.is_foreign:
            at = _after(re.compile(f"</{name}", re.IGNORECASE), markup, at)
        elif name not in VOID:
            ends = nesting.open(name)
        if ends:
            parts += [markup[copied : tag.start()], *(f"</{each}>" for each in ends)]
            copied = tag.start()
    return "".join([*parts, markup[copied:]]) if parts else markup


def _after(end: re.Pattern[str], markup: str, at: int) -> int:
    """Return where `end` is over; the end of `markup` if there is none."""
    found = end.search(markup, at)
    return found.end() if found else len(markup)


class _Nesting:
    """The elements that are open, outermost first."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._formatting = 0

    @property
    def is_foreign(self) -> bool:
        """Whether this is inside a drawing or a formula, whose elements are all markup."""
        return "svg" in self._names or "math" in self._names

    def open(self, name: str) -> list[str]:
        """Open an element; return those that must end before it."""
        if name in SELF_CLOSING and self._names[-1:] == [name]:
            self._names.pop()
        ends: list[str] = []
        while len(self._names) >= DEEPEST or self._formatting >= MOST_FORMATTING:
            ends.append(self._pop())
        self._names.append(name)
        self._formatting += name in FORMATTING
        return ends

    def close(self, name: str) -> list[str]:
        """Close the last open element called `name`; return those in it that must end first."""
        if name not in self._names:
            return []
        if name in FORMATTING or name == "a":
            # It ends alone; what is open in it stays open.
            del self._names[len(self._names) - 1 - self._names[::-1].index(name)]
            self._formatting -= name in FORMATTING
            return []
        ends: list[str] = []
        while (last := self._pop()) != name:
            ends.append(last)
        return ends

    def _pop(self) -> str:
        last = self._names.pop()
        self._formatting -= last in FORMATTING
        return last
