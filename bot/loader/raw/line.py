"""Defines a line of a dump."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a dump."""

    number: int
    """Its number in the file, from 1."""
    text: str
    """Its text, without white space at either end."""
    breaks: bool = False
    """Whether it ends with two spaces, which Markdown shows as a line break."""
