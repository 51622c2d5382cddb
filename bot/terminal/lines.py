"""Reads lines that a person types."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from typing import TextIO

from bot.views.terminal import output
from bot.views.terminal.visible import visible

SHORT = 20
"""Characters; a prompt with fewer fits on any terminal."""


@contextmanager
def editing(stream: TextIO) -> Iterator[None]:
    """On a terminal: history and editing keys, and the terminal as it was on leaving."""
    # Windows has neither module: its console edits lines itself.
    if not stream.isatty() or find_spec("termios") is None:
        yield
        return
    import readline  # noqa: F401  # gives input() its history and editing keys
    import termios

    before = termios.tcgetattr(stream)
    try:
        yield
    finally:
        termios.tcsetattr(stream, termios.TCSADRAIN, before)


async def next_line(stream: TextIO, out: TextIO, prompt: str) -> str | None:
    """Read the next line, or None at the end; a terminal shows `prompt`.

    Reads in a daemon thread, so that Ctrl-C ends the program.
    """
    loop = asyncio.get_running_loop()
    read: asyncio.Future[str | None] = loop.create_future()

    def settle(line: str | None) -> None:
        if not read.done():
            read.set_result(line)

    def wait_for_it() -> None:
        line = _next_line(stream, out, prompt)
        with suppress(RuntimeError):  # the program has ended, and its event loop too
            loop.call_soon_threadsafe(settle, line)

    threading.Thread(target=wait_for_it, daemon=True).start()
    return await read


def _next_line(stream: TextIO, out: TextIO, prompt: str) -> str | None:
    if stream.isatty():
        try:
            return input(visible(_last_line(prompt, out))).strip()
        except EOFError:
            out.write("\n")
            return None
    line = stream.readline()
    return line.strip() if line else None


def _last_line(prompt: str, out: TextIO) -> str:
    """Print a prompt that is too long for the terminal, but for its last line, and return that."""
    columns = output.width(out) if len(prompt) >= SHORT else None
    if columns is None or len(prompt) < columns:
        return prompt
    *before, last = output.wrapped(visible(prompt), out)
    for line in before:
        out.write(f"{visible(line)}\n")
    out.flush()
    return f"{last} "
