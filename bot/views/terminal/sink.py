"""The one way to the terminal: whatever is written, no character in it commands the terminal.

`install` puts a sink before standard output and standard error. Only `styled` passes rich's own
escape sequences; what it styles was made visible before.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable
from typing import TextIO

from bot.views.terminal.visible import symbols, visible


class Sink(io.TextIOBase):
    """A stream that shows control characters as symbols."""

    def __init__(self, stream: TextIO) -> None:
        """Write to `stream`."""
        self.stream = stream

    def write(self, text: str, /) -> int:
        """Write `text`, with symbols for control characters."""
        self.stream.write(symbols(text))
        return len(text)

    def writelines(self, lines: Iterable[str], /) -> None:  # type: ignore[override]
        """Write each of `lines`."""
        for each in lines:
            self.write(each)

    def flush(self) -> None:
        """Write out what waits."""
        self.stream.flush()

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return self.stream.isatty()

    def fileno(self) -> int:
        """Return the number of the file."""
        return self.stream.fileno()

    def writable(self) -> bool:
        """Return True."""
        return True

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """Return the encoding of the stream."""
        return self.stream.encoding

    @property
    def errors(self) -> str | None:  # type: ignore[override]
        """Return what becomes of characters that the encoding lacks."""
        return self.stream.errors


def install() -> None:
    """Put a sink before standard output and standard error, once."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is not None and not isinstance(stream, Sink):
            setattr(sys, name, Sink(stream))


def say(text: str, stream: TextIO | Sink, end: str = "\n") -> None:
    """Write `text`, made visible, to `stream`."""
    stream.write(visible(text) + end)


def styled(stream: TextIO | Sink) -> TextIO:
    """Return where rich may write its escape sequences for `stream`."""
    return stream.stream if isinstance(stream, Sink) else stream
