"""How to write a command that runs this program again, in the person's shell."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from shutil import which
from typing import TypeVar

from bot.errors import ThreadbotError

Error = TypeVar("Error", bound=ThreadbotError)


def joined(words: Sequence[str]) -> str:
    """Return `words` as a command to paste, with the quotation marks of the platform's shell."""
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)


def called_as() -> tuple[str, ...]:
    """The words by which the person called this program, or a path if its name does not find it."""
    script = Path(sys.argv[0])
    if script.name == "__main__.py":  # python -m bot
        return tuple(sys.orig_argv[: len(sys.orig_argv) - len(sys.argv) + 1])
    if not script.is_file():
        return ("threadbot",)
    found = which(script.name)
    return (script.name if found and Path(found).samefile(script) else str(script),)


def with_commands(error: Error, commands: Sequence[str]) -> Error:
    """Return `error` with commands to paste, a line each below its message."""
    error.args = ("\n".join([str(error), *(f"  {each}" for each in commands)]),)
    return error
