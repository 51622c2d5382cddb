"""The program at a real terminal, which a test types into."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import ROOT, Program

TIMEOUT = 30.0
"""Seconds to wait for output or for the end."""


class Terminal:
    """A terminal in which the program runs."""

    def __init__(self, process: subprocess.Popen[bytes], screen: int) -> None:
        """Read and write the file descriptor `screen`."""
        self.seen = ""
        """All that the program has shown."""
        self._process = process
        self._screen = screen

    def wait_for(self, text: str) -> str:
        """Read until `text` was shown after the last wait; return what was shown until then."""
        start, end = len(self.seen), time.monotonic() + TIMEOUT
        while text not in self.seen[start:]:
            assert time.monotonic() < end, self.seen
            read = self._read()
            assert read, self.seen
        return self.seen[start:]

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self._screen, keys.encode())

    def rest(self) -> str:
        """Read until the program ends; return all that it has shown."""
        while self._read():
            pass
        return self.seen

    def status(self) -> int:
        """Wait for the end; return the exit status."""
        return self._process.wait(TIMEOUT)

    def _read(self) -> bool:
        try:
            read = os.read(self._screen, 65536)
        except OSError:  # the program has ended, and its side of the terminal is closed
            return False
        self.seen += read.decode(errors="replace").replace("\r\n", "\n")
        return bool(read)


@contextmanager
def on_terminal(
    threadbot: Program,
    *arguments: str,
    columns: int = 80,
    lines: int = 24,
    settings: Mapping[str, str] | None = None,
    program: tuple[str, ...] = (sys.executable, "-m", "bot"),
) -> Iterator[Terminal]:
    """Run the program at a terminal of that size, so that Ctrl-C reaches it."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    left_out = ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "DISCORD_TOKEN")
    inherited = {key: value for key, value in os.environ.items() if key not in left_out}
    process = subprocess.Popen(
        [*program, *arguments],
        cwd=threadbot.folder,
        env={
            **inherited,
            "TERM": "xterm-256color",
            "PYTHONPATH": str(ROOT),
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            **threadbot.settings,
            **(settings or {}),
        },
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )
    os.close(theirs)
    try:
        yield Terminal(process, ours)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(TIMEOUT)
        os.close(ours)
