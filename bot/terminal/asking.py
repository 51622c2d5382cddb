"""Asks the person at the terminal which of several things is meant, and whether it may go.

Without a terminal nobody can be asked: then the command says what would go, and does nothing.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping

from bot.errors import SettingsError, SeveralMatches
from bot.reports import Removing
from bot.terminal.lines import next_line
from bot.views import removal_text
from bot.views.terminal.visible import visible


async def choose(
    name: str, named: Mapping[str, str], options: argparse.Namespace, count: int | None = None
) -> str | None:
    """Return the key of what `name` means, asking if it fits several; None to leave all as it is.

    Args:
        name: what was typed.
        named: what it fits, best first: the names by their keys.
        options: the command's options.
        count: how many there are, if `named` has only the first ones.

    Raises:
        SeveralMatches: it fits several, and nobody can be asked which.
    """
    keys = list(named)
    if len(keys) == 1:
        return keys[0]
    if options.yes or options.json or not _can_ask():
        raise SeveralMatches(name, [f"{key}  {named[key]}" for key in keys], count)
    print(visible(f"“{name}” fits {count or len(keys)}:"))
    for number, key in enumerate(keys, start=1):
        print(visible(f"{number:>3}. {named[key]}  ({key})"))
    said = await _said(f"Which one? [1-{len(keys)}] ")
    if said.isdecimal() and 1 <= int(said) <= len(keys):
        return keys[int(said) - 1]
    print("Nothing was changed.")
    return None


async def confirmed(removing: Removing, options: argparse.Namespace) -> bool:
    """Return whether what is named may go, asking unless `--yes` says so.

    Raises:
        SettingsError: nobody can be asked.
    """
    if options.yes:
        return True
    prompt = removal_text.prompt(removing)
    if options.json or not _can_ask():
        raise SettingsError(f"{prompt} Nobody can confirm it here. Add --yes to do it.")
    if (await _said(f"{prompt} [y/N] ")).lower() in ("y", "yes"):
        return True
    print("Nothing was changed.")
    return False


def _can_ask() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


async def _said(prompt: str) -> str:
    return await next_line(sys.stdin, sys.stdout, visible(prompt)) or ""
