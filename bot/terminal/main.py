"""The terminal program: runs a command with its arguments and settings, and exits."""

from __future__ import annotations

import argparse
import asyncio
import io
import os
import sys
import traceback
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bot.config import Settings, environment, is_exposed
from bot.errors import SettingsError, ThreadbotError
from bot.logs import answering, is_json, json_line
from bot.terminal.arguments import DONE, UNREADABLE
from bot.terminal.usage import parse
from bot.views.terminal import message, sink

ENV_FILE = Path(".env")
EXPOSED = (
    f"threadbot: other users of this machine can read {ENV_FILE}, and the token in it. Type: "
    f"chmod 600 {ENV_FILE}"
)
FAULT = (
    "threadbot: an unexpected error occurred; nothing was changed after it. Please report it, "
    "with the lines above."
)
NEED_TOKEN = ("run", "sync", None)
"""Commands that use the token."""
INTERRUPTED = 130
"""Exit status that shells use for a program stopped by Ctrl-C."""


def run() -> None:
    """Entry point of the console script."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    if sys.stdout is None:  # closed by whoever started us
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123  # until the end
    sink.install()
    status = main(sys.argv[1:])
    if status == INTERRUPTED:
        # A thread may be waiting for input, and Python would wait for that thread.
        sys.stdout.flush()
        os._exit(status)
    sys.exit(status)


def main(arguments: Sequence[str]) -> int:
    """Run the command that `arguments` name; return the exit status."""
    options = parse(arguments)
    try:
        with answering():
            status = asyncio.run(_run(options))
        sys.stdout.flush()
        return status
    except ThreadbotError as error:
        message.write(f"threadbot: {error}", sys.stderr)
        return error.exit_status
    except KeyboardInterrupt:
        print("threadbot: stopped", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has closed it, as `head` does.
        _drop_output()
        return DONE
    except OSError as error:
        if error.filename is not None:  # a file that none of the other boundaries knows
            message.write(f"threadbot: {error.filename}: {error.strerror}", sys.stderr)
            return UNREADABLE
        _drop_output()
        print(f"threadbot: cannot write the output: {error.strerror}", file=sys.stderr)
        return UNREADABLE
    except Exception:  # noqa: BLE001  # a fault of the program, whose trace a report needs
        traceback.print_exc()
        message.write(FAULT, sys.stderr)
        return UNREADABLE


def _drop_output() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


async def _run(options: argparse.Namespace) -> int:
    from bot.terminal.commands import COMMANDS, run_or_chat  # slow; not for `--help`

    try:
        settings = Settings.from_env(environment(ENV_FILE))
    except SettingsError as error:
        if options.command != "doctor":
            raise
        from bot.terminal.operating import doctor

        return await doctor(options, error)
    if options.command in NEED_TOKEN and is_exposed(ENV_FILE):
        message.write(EXPOSED, sys.stderr)
    command = COMMANDS[options.command] if options.command else run_or_chat
    try:
        return await command(options, replace(settings, guild=getattr(options, "guild", None)))
    except ThreadbotError as error:
        is_bot = options.command == "run" or (not options.command and settings.token is not None)
        if not is_bot or not is_json(settings.log_format, sys.stderr):
            raise
        print(json_line("threadbot", str(error)), file=sys.stderr)  # as all lines of its log
        return error.exit_status
