"""Registers the commands with Discord, where the application can be installed."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import discord
from discord import app_commands

from bot.app.command_ids import CommandIds
from bot.app.installs import Supported, fitted
from bot.app.translator import CatalogueTranslator
from bot.errors import RegistrationRefused, StoreError, ThreadbotError
from bot.library.library import Library

log = logging.getLogger(__name__)

SERVER_ERROR = 500
"""The lowest HTTP status that says that Discord has a fault of its own."""
FOLLOW_SECONDS, SOON_SECONDS = 60.0, 2.0
"""Seconds between two readings of the ids that another process stores, and before there are any."""
FIELD = re.compile(r"In (\d+)\.?(\S*): (.+)")
"""What discord.py says of one field of a refused list of commands."""


@dataclass(frozen=True, slots=True)
class Registered:
    """A command as Discord has it."""

    id: int
    """Its id."""
    name: str
    """Its name: with a slash, unless it is in a message's menu."""
    in_servers: bool
    """Whether it comes with an installation in a server."""
    for_users: bool
    """Whether it comes with an installation by a user for themselves."""


@contextmanager
def _noted_if_possible() -> Iterator[None]:
    """Go on if the store cannot be written, as on a full disk: the next start registers again."""
    try:
        yield
    except StoreError as error:
        log.warning("cannot note which commands are registered: %s", error)


class Registration:
    """Keeps the commands that Discord has the same as those of a command tree."""

    def __init__(
        self, tree: app_commands.CommandTree[Any], ids: CommandIds, library: Library
    ) -> None:
        """Register the commands of `tree`; store their ids in `ids`, and a digest in `library`."""
        self._tree = tree
        self._ids = ids
        self._library = library

    async def catch_up(self) -> None:
        """Register the commands if they have changed since the last time.

        A refusal is logged, and the bot goes on with the commands that are registered already.
        """
        application = self._application()
        await self._ids.load(application.id)
        payloads = await self._payloads(application)
        if await self._library.setting(_key(application.id)) == _digest(payloads):
            if not self._ids.known:
                await self._fetch_ids(application.id)
            return
        try:
            await self._register(application.id, payloads)
        except RegistrationRefused as error:
            log.error("%s", error)  # the reason is enough, a traceback is not
            await self._fetch_ids(application.id)
        except discord.DiscordServerError as error:
            log.error("Discord could not register the commands now: %s", error)
            await self._fetch_ids(application.id)

    async def read_ids(self) -> None:
        """Use the ids of the commands that another process registers, if it did already."""
        application = self._application().id
        await self._ids.load(application)
        if not self._ids.known:
            self._ids.use(_ids(await self._listed(application)))

    async def follow(self) -> None:
        """Read the ids that another process stores, forever."""
        application = self._application().id
        while True:
            await asyncio.sleep(FOLLOW_SECONDS if self._ids.known else SOON_SECONDS)
            try:
                await self._ids.load(application)
            except ThreadbotError as error:
                log.warning("cannot read the ids of the commands: %s", error)

    async def register(self) -> list[Registered]:
        """Register the commands, whether they have changed or not; return what Discord has now.

        Raises:
            RegistrationRefused: Discord refuses them.
            HTTPException: Discord cannot register them now.
        """
        application = self._application()
        return await self._register(application.id, await self._payloads(application))

    async def _register(self, application: int, payloads: list[Any]) -> list[Registered]:
        try:
            http = self._tree.client.http
            found = await http.bulk_upsert_global_commands(application, payload=payloads)
        except discord.HTTPException as error:
            if error.status >= SERVER_ERROR:
                raise
            raise RegistrationRefused(_reasons(error, payloads)) from error
        with _noted_if_possible():
            await self._ids.save(application, _ids(found))
            await self._library.remember(_key(application), _digest(payloads))
        log.info("registered %d commands", len(found))
        return [_registered(each) for each in found]

    async def _payloads(self, application: discord.AppInfo) -> list[Any]:
        """Return what to register: the commands, where the application can be installed."""
        translator = CatalogueTranslator()
        await self._tree.set_translator(translator)
        supported = Supported.by(application)
        every = [
            await command.get_translated_payload(self._tree, translator)
            for command in self._tree.get_commands()
        ]
        fitting = [fitted(each, supported) for each in every]
        left_out = [each["name"] for each, fit in zip(every, fitting, strict=True) if fit is None]
        if left_out:
            log.warning(
                "not registered, because the application has no Guild Install: %s",
                ", ".join(left_out),
            )
        return [each for each in fitting if each is not None]

    async def _fetch_ids(self, application: int) -> None:
        """Ask Discord for the ids of the commands that it has."""
        found = await self._listed(application)
        if found is not None:
            with _noted_if_possible():
                await self._ids.save(application, _ids(found))

    async def _listed(self, application: int) -> list[Any] | None:
        """Return the commands that Discord has; None if it does not say."""
        try:
            return list(await self._tree.client.http.get_global_commands(application))
        except discord.HTTPException as error:
            log.warning("cannot list the registered commands: %s", error)
            return None

    def _application(self) -> discord.AppInfo:
        application: discord.AppInfo | None = self._tree.client.application
        if application is None:
            raise RuntimeError("commands are registered after the login")
        return application


def _ids(found: Iterable[Mapping[str, Any]] | None) -> dict[str, int]:
    """Return the ids of commands by their names."""
    return {each["name"]: int(each["id"]) for each in found or ()}


def _key(application: int) -> str:
    return f"commands of {application}"


def _digest(payloads: Sequence[Any]) -> str:
    return hashlib.sha256(json.dumps(payloads, sort_keys=True).encode()).hexdigest()


def _registered(command: Mapping[str, Any]) -> Registered:
    installs = command.get("integration_types") or (0,)
    slash = "/" if command["type"] == discord.AppCommandType.chat_input.value else ""
    return Registered(int(command["id"]), f"{slash}{command['name']}", 0 in installs, 1 in installs)


def _reasons(error: discord.HTTPException, payloads: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return what Discord says of each field, with the command's name in place of its number."""
    found = [FIELD.fullmatch(line) for line in error.text.splitlines()]
    fields = [
        f"{payloads[int(each[1])]['name']}: {each[2] or 'command'}: {each[3]}"
        for each in found
        if each and int(each[1]) < len(payloads)
    ]
    return fields or [error.text or f"HTTP status {error.status}"]
