"""Messages on a terminal: wrapped, but for the commands in them, which people copy."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TextIO

from bot.views.terminal.visible import visible

if TYPE_CHECKING:
    from bot.views.terminal.output import Row

INDENT = "  "
"""What a line begins with that is a command or another thing to copy."""

DASH = "- "
"""What a line of a list begins with; where it is wrapped, its lines are below each other."""

COMMAND = re.compile(r": (?=\S*(?:threadbot|python[\d.]* -m bot) )")
"""Where a command begins that ends a line. It has a line of its own if there is no room."""


def write(text: str, stream: TextIO) -> None:
    """Print `text`: wrapped on a terminal, as it is elsewhere."""
    if not stream.isatty():
        stream.write(f"{visible(text)}\n")
        return
    # Slow to import, and only a terminal needs it.
    from bot.views.terminal import output

    columns = output.width(stream) or 0
    lines = [
        line
        for each in text.split("\n")
        for line in (COMMAND.sub(f":\n{INDENT}", each) if len(each) > columns else each).split("\n")
    ]
    output.write([_row(each) for each in lines], stream)


def _row(line: str) -> Row:
    from bot.views.terminal.output import Row, Span, text_row

    if line.startswith(INDENT):
        return Row(len(INDENT), (Span(line[len(INDENT) :], "path"),))
    if line.startswith(DASH):
        return Row(0, (Span(line[len(DASH) :]),), Span(DASH))
    return text_row(line)
