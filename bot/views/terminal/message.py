"""Messages on a terminal: wrapped, but for the commands in them, which people copy."""

from __future__ import annotations

import re
from typing import TextIO

from bot.views.terminal.visible import visible

INDENT = "  "
"""What a line begins with that is a command or another thing to copy."""

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
    rows = [
        output.Row(len(INDENT), (output.Span(each[len(INDENT) :], "path"),))
        if each.startswith(INDENT)
        else output.text_row(each)
        for each in lines
    ]
    output.write(rows, stream)
