"""The commands that keep the bot running: `doctor`, `backup`, `restore`, `migrate` and others."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace

from bot.config import NO_DATABASE, Settings, environment, is_database
from bot.errors import SettingsError
from bot.operations import asking_bot
from bot.operations import backup as backups
from bot.operations import doctor as examining
from bot.operations import erase as erasing
from bot.operations import migrate as migrating
from bot.operations import repair as repairing
from bot.operations import restore as restoring
from bot.operations import vacuum as compacting
from bot.operations.erase import ErasePlan
from bot.operations.places import place_in
from bot.operations.restore import Backup
from bot.reports import DiscordSays
from bot.terminal.arguments import DONE, NOTHING_MATCHED
from bot.terminal.asking import ACTOR, Asker, at_terminal
from bot.terminal.session import Command, opened, print_json
from bot.views.terminal import message
from bot.views.terminal import upkeep_output as upkeep
from bot.views.terminal.output import text_row, width, write

FAULTY = NOTHING_MATCHED
"""Exit status of `doctor` if it finds a fault."""


async def doctor(options: argparse.Namespace, settings: Settings | SettingsError) -> int:
    """`threadbot doctor`; with wrong settings too."""
    discord = await _discord(settings) if options.online else None
    found = await asyncio.to_thread(
        examining.examined, settings, _environment(), full=options.full, discord=discord
    )
    is_faulty = examining.is_faulty(found)
    if options.json:
        print_json({"ok": not is_faulty, "findings": [asdict(each) for each in found]})
    else:
        write(upkeep.findings_rows(found, width(sys.stdout)), sys.stdout)
    return FAULTY if is_faulty else DONE


def _environment() -> dict[str, str]:
    try:
        return environment()
    except SettingsError:  # the file .env cannot be read, which is found already
        return {}


async def _discord(settings: Settings | SettingsError) -> DiscordSays:
    from bot.app.online import discord_says  # discord.py is slow to import

    return await discord_says(None if isinstance(settings, SettingsError) else settings.token)


async def health(options: argparse.Namespace, settings: Settings) -> int:
    """`threadbot health`."""
    if settings.http is None:
        raise SettingsError("THREADBOT_HTTP is off, so the running bot cannot be asked.")
    found = await asyncio.to_thread(asking_bot.health, settings.http)
    if options.json:
        print_json(found.facts)
    else:
        write([text_row(each) for each in upkeep.health_lines(found.facts)], sys.stdout)
    return DONE if found.is_well else FAULTY


async def backup(options: argparse.Namespace, settings: Settings) -> int:
    """`threadbot backup`."""
    manifest = await asyncio.to_thread(
        backups.back_up, place_in(settings), options.file.absolute(), is_forced=options.force
    )
    if options.json:
        print_json({"file": str(options.file), **asdict(manifest)})
    else:
        rows = upkeep.backup_rows(str(options.file), manifest.counts, manifest.missing)
        write(rows, sys.stdout)
    return DONE


async def restore(options: argparse.Namespace, settings: Settings) -> int:
    """`threadbot restore`."""
    asker = at_terminal(sure=options.yes, json=options.json)
    place = place_in(settings)
    async with restoring.opened(options.file.absolute(), place) as opened:
        is_there = not place.is_file or await asyncio.to_thread(place.exists)
        if options.replace or not is_there:
            return await _put_in_place(opened, settings, asker, options)
        found = await asyncio.to_thread(restoring.relations, opened, place)
        lines = [upkeep.relation_line(each.scope, each.kind, each.changes) for each in found]
        is_at_stake = any(each.kind in ("newer", "unrelated") for each in found)
        question = "Serve what the backup has instead? `threadbot undo` takes that back."
        if is_at_stake and not await _confirmed(asker, lines, question):
            return DONE
        done = await asyncio.to_thread(restoring.take_over, opened, place, ACTOR)
    if options.json:
        print_json({"file": str(options.file), "libraries": [asdict(each) for each in done]})
        return DONE
    rows = []
    for each in done:
        tweets = await _shown(settings, each.scope) if each.is_new else 0
        lines = upkeep.restored_lines(
            each.scope,
            tweets,
            each.erased,
            is_new=each.is_new,
            is_first=each.generation == 1,
        )
        rows += [text_row(line) for line in lines]
    write(rows, sys.stdout)
    return DONE


async def _shown(settings: Settings, scope: int) -> int:
    """Return how many tweets a library shows."""
    async with opened(replace(settings, guild=scope or None), may_be_empty=True) as library:
        return library.tweets


async def _put_in_place(
    opened: Backup, settings: Settings, asker: Asker, options: argparse.Namespace
) -> int:
    """Put a backup in the place of the store, or where there is none."""
    place = place_in(settings)
    if await asyncio.to_thread(place.exists):
        lines = [
            f"The store in {place.folder} would be replaced by the backup, and set aside there."
        ]
        if not await _confirmed(asker, lines, "Is the bot stopped, and shall it be replaced?"):
            return DONE
    aside = await asyncio.to_thread(restoring.put_in_place, opened, place)
    if options.json:
        print_json({"file": str(options.file), "set_aside": str(aside) if aside else None})
        return DONE
    rows = [text_row(f"The library of {opened.manifest.created_at} is restored in {place.folder}.")]
    if aside:
        rows.append(
            text_row(
                f"What was there before is in {aside}. Once you no longer need it, delete that "
                "folder, or run `threadbot erase`, which deletes it too."
            )
        )
    write(rows, sys.stdout)
    return DONE


async def vacuum(options: argparse.Namespace, settings: Settings) -> int:
    """`threadbot vacuum`."""
    done = await asyncio.to_thread(compacting.vacuum, place_in(settings))
    if options.json:
        print_json({**asdict(done), "freed": max(done.before - done.after, 0)})
    else:
        rows = upkeep.vacuum_rows(done.before, done.after, is_log_empty=done.is_log_empty)
        write(rows, sys.stdout)
    return DONE


async def erase(options: argparse.Namespace, settings: Settings) -> int:
    """`threadbot erase`."""
    asker = at_terminal(sure=options.yes, json=options.json)
    planned = await asyncio.to_thread(erasing.plan, place_in(settings), settings.guild)
    if not planned.is_empty:
        name = upkeep.library_name(settings.guild or 0)
        lines = [f"For good, this erases from {name}:", *_lines(planned)]
        question = "Earlier changes can then no longer be undone. Erase this?"
        if not await _confirmed(asker, lines, question):
            return DONE
    done = await asyncio.to_thread(erasing.erase, planned, ACTOR)
    if options.json:
        what = planned.erasable
        counts = {"tweets": what.tweets, "files": len(what.files), "hidden": len(what.hidden)}
        print_json(
            {
                "generation": done.generation,
                **counts,
                **(asdict(done.vacuumed) if done.vacuumed else {}),
            }
        )
        return DONE
    if done.vacuumed is None:
        write([text_row("There is nothing to erase. Nothing was changed.")], sys.stdout)
        return DONE
    rows = [text_row("There is nothing to erase." if planned.is_empty else "Erased.")]
    rows += [text_row(f"This file still has it: {each}") for each in done.still_there]
    vacuumed = done.vacuumed
    rows += upkeep.vacuum_rows(vacuumed.before, vacuumed.after, is_log_empty=vacuumed.is_log_empty)
    write(rows, sys.stdout)
    return DONE


def _lines(planned: ErasePlan) -> list[str]:
    what = planned.erasable
    return upkeep.erasing_lines(
        files=what.files,
        parted=what.parted,
        labels=what.names,
        tweets=what.tweets,
        uploads=planned.uploads,
        set_aside=planned.set_aside,
    )


async def _confirmed(asker: Asker, lines: Sequence[str], question: str) -> bool:
    """Return whether a person agrees to what `lines` say.

    Raises:
        SettingsError: nobody can be asked.
    """
    if asker.sure:
        return True
    if asker.ask is None:
        said = "\n".join(lines)
        raise SettingsError(f"{said}\nNobody can confirm it here. Add --yes to do it.")
    message.write("\n".join(lines), sys.stdout)
    if (await asker.ask(f"{question} [y/N] ")).lower() in ("y", "yes"):
        return True
    print("Nothing was changed.")
    return False


async def repair(options: argparse.Namespace, settings: Settings) -> int:
    """`threadbot repair`."""
    asker = at_terminal(sure=options.yes, json=options.json)
    found = await asyncio.to_thread(repairing.damage, place_in(settings))
    if not found:
        return _sound(options)
    lines = upkeep.repairing_lines(found)
    if not await _confirmed(asker, lines, "Is the bot stopped, and shall the store be repaired?"):
        return DONE
    done = await repairing.repair(place_in(settings), ACTOR)
    if options.json:
        print_json({**asdict(done), "set_aside": str(done.set_aside)})
    else:
        aside = str(done.set_aside)
        write(upkeep.repair_rows(done.whole, done.read_again, done.lost, aside), sys.stdout)
    return NOTHING_MATCHED if done.lost else DONE


def _sound(options: argparse.Namespace) -> int:
    if options.json:
        print_json({"set_aside": None, "whole": [], "read_again": [], "lost": []})
    else:
        write([text_row("The store is sound; there is nothing to repair.")], sys.stdout)
    return DONE


async def migrate(options: argparse.Namespace, settings: Settings) -> int:
    """`threadbot migrate`."""
    url = options.to or settings.database_url
    if not url:
        raise SettingsError("Name the database: --to postgresql://user@host/name, or DATABASE_URL.")
    if not is_database(url):
        raise SettingsError(NO_DATABASE.format(key="--to"))
    done = await migrating.migrate(settings.data, url)
    if options.json:
        print_json({**asdict(done), "source": str(done.source)})
    else:
        rows = upkeep.migrated_rows(str(done.source), done.target, done.counts)
        write(rows, sys.stdout)
    return DONE


COMMANDS: dict[str, Command] = {
    "doctor": doctor,
    "health": health,
    "backup": backup,
    "restore": restore,
    "vacuum": vacuum,
    "repair": repair,
    "erase": erase,
    "migrate": migrate,
}
"""The function of each command."""
