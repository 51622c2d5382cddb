"""Hides threads, removes files and loads doubtful ones: asks which is meant, and whether to do it.

Where nobody can be asked, it says what would happen, and does nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from bot.errors import FilesDoubted, NotHidden, SettingsError, SeveralMatches
from bot.file_names import absolute
from bot.i18n.messages import ENGLISH
from bot.library.hidden import named_things
from bot.library.library import Library
from bot.reports import LoadReport, Removing
from bot.terminal.lines import next_line
from bot.views import removal_text, wording
from bot.views.terminal import message, output
from bot.views.terminal.output import Row, Span
from bot.views.terminal.visible import visible

ACTOR = "terminal"
"""The name of the person at the terminal in a library's history."""
MOST_CHOICES = 19
"""Other threads that a person can choose from, besides the best."""


@dataclass(frozen=True, slots=True)
class Asker:
    """How a person is asked."""

    ask: Callable[[str], Awaitable[str]] | None
    """Shows a prompt and returns the answer; None if nobody can be asked."""
    out: TextIO
    """Where choices are listed."""
    sure: bool = False
    """Whether the person has said yes already."""


def at_terminal(*, sure: bool, json: bool) -> Asker:
    """Return how to ask on the standard streams, if they are a terminal."""
    able = sys.stdin.isatty() and sys.stdout.isatty() and not json
    return Asker(_typed if able else None, sys.stdout, sure)


async def may_load(
    asker: Asker,
    doubted: FilesDoubted,
    paths: Sequence[Path],
    load: Callable[[Sequence[str]], str],
) -> bool:
    """Return whether files that do not look like threads are to be loaded. If not, say what to do.

    Args:
        asker: how to ask.
        doubted: which files these are.
        paths: what was to be loaded.
        load: writes the command that loads other paths, to paste.

    Raises:
        FilesDoubted: nobody can be asked.
    """
    if asker.ask is None:
        raise doubted
    for file, why in doubted.doubts:
        message.write(f"Please check {file}: {why}.", asker.out)
    if (await asker.ask("Load it anyway? [y/N] ")).lower() in ("y", "yes"):
        return True
    names = [file for file, _ in doubted.doubts]
    for line in ("Nothing was loaded.", *_without(names, paths, load)):
        message.write(line, asker.out)
    return False


def _without(
    doubted: Sequence[str], paths: Sequence[Path], load: Callable[[Sequence[str]], str]
) -> list[str]:
    """Say which files are doubtful, and how the others are loaded without them."""
    whole = {str(absolute(path)) for path in paths}
    inside = [each for each in doubted if each not in whole]
    others = [
        path
        for path in paths
        if str(absolute(path)) not in doubted
        and not any(Path(each).is_relative_to(absolute(path)) for each in inside)
    ]
    lines = [f"Doubtful: {each}" for each in doubted]
    if inside:
        lines.append("To load the rest of a folder or ZIP, take these out of it first:")
        lines += [f"  {each}" for each in inside]
    if others:
        lines.append(f"To load the others: {load([str(each) for each in others])}")
    return lines


async def forget(
    library: Library, asker: Asker, *, thread: str | None, author: str | None = None
) -> LoadReport | None:
    """Hide a thread or an author after asking; None if the person keeps it.

    Raises:
        SeveralMatches: the words fit several threads, and nobody can be asked which.
        SettingsError: nobody can be asked whether it may go.
    """
    if thread is not None:
        matches = await library.thread_matches(thread, MOST_CHOICES)
        threads = {
            each.id: wording.short(each.title, 80) for each in (matches.best, *matches.others)
        }
        thread = await _choice(thread, threads, matches.count + 1, asker)
        if thread is None:
            return None
    removing = await library.removal.would_forget(thread=thread, author=author)
    if not await _confirmed(removing, asker):
        return None
    return await library.forget(ACTOR, thread=thread, author=author, seal=removing.seal)


async def unhide(library: Library, actor: str, name: str) -> LoadReport:
    """Show a hidden thread or author again.

    Raises:
        NotHidden: nothing that is hidden fits `name`.
        SeveralMatches: several things do.
    """
    found = named_things(await library.removal.hidden(), name)
    if not found:
        raise NotHidden(name)
    if len(found) > 1:
        lines = [f"{each.id}  {removal_text.hidden_line(each, ENGLISH)}" for each in found]
        raise SeveralMatches(name, lines)
    return await library.unhide(actor, found[0].id)


async def remove(library: Library, asker: Asker, name: str) -> LoadReport | None:
    """Remove a file after asking; None if the person keeps it.

    Raises:
        SeveralMatches: the name fits several files, and nobody can be asked which.
        SettingsError: nobody can be asked whether it may go.
    """
    files = {f"#{each.id}": each.file for each in await library.removal.dumps(name)}
    chosen = await _choice(name, files, len(files), asker)
    if chosen is None:
        return None
    removing = await library.removal.would_remove(chosen)
    if not await _confirmed(removing, asker):
        return None
    return await library.remove(chosen, ACTOR, removing.seal)


async def _choice(name: str, named: Mapping[str, str], count: int, asker: Asker) -> str | None:
    """Return the key of what `name` means, asking if it fits several; None for none of them.

    Args:
        name: what was typed.
        named: what it fits, best first: names by their keys.
        count: how many there are, if `named` has only the first ones.
        asker: how to ask.
    """
    keys = list(named)
    if len(keys) == 1:
        return keys[0]
    if asker.sure or asker.ask is None:
        lines = [f"{key.lstrip('#')}  {named[key]}" for key in keys]  # a shell skips all after #
        raise SeveralMatches(name, lines, count)
    message.write(f"“{name}” fits {count}:", asker.out)
    choices = [
        Row(0, (Span(f"{named[key]}  ({key.lstrip('#')})"),), Span(f"{number:>3}. "))
        for number, key in enumerate(keys, start=1)
    ]
    output.write(choices, asker.out)
    said = await asker.ask(f"Which one? [1-{len(keys)}] ")
    if said.isdecimal() and 1 <= int(said) <= len(keys):
        return keys[int(said) - 1]
    why = f"{said} is none of the choices. " if said else ""
    message.write(f"{why}Nothing was changed.", asker.out)
    return None


async def _confirmed(removing: Removing, asker: Asker) -> bool:
    """Return whether what is named may go."""
    if asker.sure:
        return True
    prompt = removal_text.prompt(removing)
    if asker.ask is None:
        raise SettingsError(f"{prompt} Nobody can confirm it here. Add --yes to do it.")
    if (await asker.ask(f"{prompt} [y/N] ")).lower() in ("y", "yes"):
        return True
    asker.out.write("Nothing was changed.\n")
    return False


async def _typed(prompt: str) -> str:
    return await next_line(sys.stdin, sys.stdout, visible(prompt)) or ""
