"""Runs the bot on a local Discord server with two members, and captures screens."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import discord

from bot.app.client import Threadbot
from tests.app.conftest import at_work
from tests.conftest import SEED
from tests.discord_server import Exchange, LoopbackDiscord, Member, Message, Modal, Place
from tests.gallery.screen import Deed, Post, Screen

HERE = Path(__file__).parent
DUMPS = HERE / "dumps"
SENT = HERE / "night_trains.jsonl"
SUBCOMMAND, GROUP, ATTACHMENT = 1, 2, 11
MESSAGE_COMMAND = 3


@dataclass(frozen=True, slots=True)
class Stage:
    """The server and its members."""

    server: LoopbackDiscord
    """The local Discord server."""
    guild: Place
    """The guild."""
    ada: Member
    """A member."""
    grace: Member
    """A member who may manage the server."""
    client: Threadbot
    """The bot."""

    def names(self) -> dict[str, str]:
        """The text of each mention, by id."""
        world = self.server.world
        people = {
            str(each.id): f"@{each.payload['global_name'] or each.name.title()}"
            for each in world.accounts.values()
        }
        channels = {str(each.id): f"# {each.name}" for each in self.guild.guild.channels.values()}
        return people | channels

    def screen(self, name: str, shows: str, *posts: Post, **more: Any) -> Screen:
        """A screen, by default of the guild's first channel."""
        more.setdefault("channel", f"# {self.guild.channel.name}")
        return Screen(name, shows, names=self.names(), posts=posts, **more)


@asynccontextmanager
async def stage(folder: Path) -> AsyncIterator[Stage]:
    """Run the bot with the seeds and the gallery's dumps.

    Raises:
        AssertionError: Discord would have refused a request.
    """
    seeds = folder / "seeds"
    shutil.copytree(DUMPS, seeds)
    shutil.copy(SEED, seeds)
    async with LoopbackDiscord() as server:
        guild = server.add_guild("Chips")
        ada = guild.add_member("ada")
        grace = guild.add_member("grace", permissions=discord.Permissions(manage_guild=True))
        async with at_work(server, folder / "data", seeds) as client:
            await server.commands_synced()
            yield Stage(server, guild, ada, grace, client)
        if server.violations:
            raise AssertionError(f"Discord refused: {server.violations}")


def post(message: Message, deed: Deed | None = None, **more: Any) -> Post:
    """The current state of a message."""
    files = {each.filename: each.content for each in message.files}
    return Post(message.raw, files, deed, **more)


async def answer(exchange: Exchange, modal: Modal | None = None) -> Post:
    """The bot's response, with the action it responds to."""
    return post(await exchange.reply(), deed(exchange.payload, modal))


def deed(payload: Mapping[str, Any], modal: Modal | None = None) -> Deed:
    """The action in the event that the bot received; `modal` is the form that was filled in."""
    who = payload.get("member", payload)["user"]["global_name"]
    data = payload["data"]
    if "name" in data:
        slash = "" if data["type"] == MESSAGE_COMMAND else "/"
        words, options = _command(data)
        return Deed(who, "used", f"{slash}{words}", options)
    if modal:
        filled = tuple(("", each["component"]["value"]) for each in data["components"])
        return Deed(who, "filled in", modal.title, filled)
    if "values" in data:
        (menu,) = (each for each in _all(payload["message"]) if _is(each, data))
        labels = {each["value"]: each["label"] for each in menu["options"]}
        return Deed(who, "chose", ", ".join(labels[each] for each in data["values"]))
    (button,) = (each for each in _all(payload["message"]) if _is(each, data))
    return Deed(who, "pressed", button["label"])


def _command(data: Mapping[str, Any]) -> tuple[str, tuple[tuple[str, str], ...]]:
    words = [data["name"]]
    options = data.get("options", ())
    while options and options[0]["type"] in (SUBCOMMAND, GROUP):
        words.append(options[0]["name"])
        options = options[0].get("options", ())
    files = data.get("resolved", {}).get("attachments", {})
    return " ".join(words), tuple(
        (
            each["name"],
            files[each["value"]]["filename"] if each["type"] == ATTACHMENT else str(each["value"]),
        )
        for each in options
    )


def _is(component: Mapping[str, Any], data: Mapping[str, Any]) -> bool:
    return bool(component.get("custom_id") == data["custom_id"])


def _all(part: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """All components within a message or another component."""
    inner = [*part.get("components", ()), *([part["accessory"]] if "accessory" in part else ())]
    return [each for child in inner for each in (child, *_all(child))]


async def press(person: Member, message: Message, what: str) -> Exchange:
    """Press the first button whose custom id contains the action `what`."""
    ids = [each.custom_id for each in message.buttons if not each.disabled and each.custom_id]
    first = next(each for each in ids if each.split(":")[1] == what)
    return await person.press(message, custom_id=first)
