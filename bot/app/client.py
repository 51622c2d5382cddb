"""The Discord client: connects, registers the commands, and hands interactions to their modules."""

from __future__ import annotations

import asyncio
import gc
import hashlib
import json
import logging
import signal
import sys
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import aiohttp
import discord
from discord import app_commands

from bot.app import ask as asking
from bot.app import post
from bot.app import reload as reloading
from bot.app import thread as reading
from bot.app.about import about, help_
from bot.app.ask import about_this, ask
from bot.app.localise import Catalogues
from bot.app.mention import answer_mention
from bot.app.post import Posting
from bot.app.reload import reload
from bot.app.respond import Interaction, refuse, reply
from bot.app.shelf import shelf
from bot.app.thread import thread
from bot.app.uploads import clear_uploads
from bot.errors import DiscordUnreachable, TokenRefused, TooOften
from bot.languages import languages
from bot.libraries import Libraries
from bot.library import Library
from bot.precedence import waited_for

log = logging.getLogger(__name__)

FORMS = (*asking.FORMS, *reading.FORMS)
REMEMBERED = 10_000
ASKED, ASKED_IN = 15.0, 20.0
AT_A_TIME = 4
"""Answers that are made at a time while the bot is busy."""
CROWD = 3
"""So many that wait to be ready make it busy."""
OLD_UPLOADS = 24 * 3600.0
"""Seconds after which what was sent and never applied is thrown away."""
SWITCH_SECONDS = 0.0002
"""How long a reload's thread may keep the interpreter from the event loop: Python's own 5 ms, many
times in an answer, are felt. https://docs.python.org/3/library/sys.html#sys.setswitchinterval"""
COLLECTING = gc.get_threshold()
"""Python's own measure of when to look for garbage."""
NEVER = 1_000_000
"""A full collection holds everyone up, and a load, whose objects are many and live long, has one
every few seconds of a tenth of a second: https://docs.python.org/3/library/gc.html"""
AUTHENTICATION_FAILED = 4004
"""https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway"""


Asker = tuple[int, int | None]
"""A user, and the guild they ask in."""


class LastHits:
    """Each person's last answer's first hit; the latest REMEMBERED of them."""

    def __init__(self) -> None:
        self._hits: OrderedDict[Asker, tuple[str, int]] = OrderedDict()

    def put(self, asker: Asker, hit: tuple[str, int]) -> None:
        """Remember `hit`, a thread's id and a position, as the asker's last."""
        self._hits[asker] = hit
        self._hits.move_to_end(asker)
        if len(self._hits) > REMEMBERED:
            self._hits.popitem(last=False)

    def get(self, asker: Asker) -> tuple[str, int] | None:
        """The asker's last, if it is remembered."""
        return self._hits.get(asker)


class Threadbot(discord.Client):
    """The bot. It asks Discord for no privileged intent: no message's content, no members."""

    def __init__(self, library: Library) -> None:
        """Serve `library`."""
        # There is no voice here, so what it lacks is no news to the operator.
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
        intents = discord.Intents.none()
        intents.guilds = True
        intents.guild_messages = intents.dm_messages = True  # their content only where it is asked
        super().__init__(
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            activity=discord.CustomActivity("/ask"),
        )
        self.library = library
        self.libraries = Libraries(library)
        self.rate = (ASKED, ASKED_IN)
        """How often one person may use a command, in how many seconds."""
        self._loads = 0
        self._collecting: asyncio.Task[None] | None = None
        self._turns = asyncio.Semaphore(AT_A_TIME)
        self._answering = self._acknowledging = 0
        self._all_told = asyncio.Event()
        self._all_told.set()
        self._asked: OrderedDict[int, app_commands.Cooldown] = OrderedDict()
        self._public: dict[int, bool] = {}
        self.last_hits = LastHits()
        self.tree: app_commands.CommandTree[Threadbot] = app_commands.CommandTree(self)
        self.tree.add_command(ask)
        self.tree.add_command(thread)
        self.tree.add_command(about_this)
        self.tree.add_command(help_)
        self.tree.add_command(about)
        self.tree.add_command(reload)
        self.tree.add_command(shelf)
        self.tree.error(_command_failed)
        self.postings: dict[int, Posting] = {}
        """By the id of the message that offered it, and of the Discord thread that it goes to."""
        self.add_dynamic_items(
            *asking.COMPONENTS, *reading.COMPONENTS, *post.COMPONENTS, *reloading.COMPONENTS
        )

    async def setup_hook(self) -> None:
        """discord.py's hook, once, after login: register the commands if they have changed."""
        await asyncio.to_thread(clear_uploads, self.library.folder, OLD_UPLOADS)
        await asyncio.to_thread(languages)
        translator = Catalogues()
        await self.tree.set_translator(translator)
        described = [
            await each.get_translated_payload(self.tree, translator)
            for each in self.tree.get_commands()
        ]
        digest = hashlib.sha256(json.dumps(described, sort_keys=True).encode()).hexdigest()
        key = f"commands of {self.application_id}"
        if await self.library.setting(key) == digest:
            return
        await self.tree.sync()
        await self.library.remember(key, digest)
        log.info("registered %d commands", len(described))

    async def on_interaction(self, interaction: Interaction) -> None:
        """discord.py's hook: take what was filled in, whichever process opened the form."""
        if interaction.type is discord.InteractionType.modal_submit:
            for form in FORMS:
                if await form.taken(interaction):
                    return

    @property
    def is_busy(self) -> bool:
        """Whether an answer may take long: while a load runs, or many ask at once."""
        return self.libraries.busy or self._answering >= CROWD or self._turns.locked()

    @contextmanager
    def answering(self) -> Iterator[None]:
        """While inside, an answer is made that nobody has been told to wait for."""
        self._answering += 1
        try:
            yield
        finally:
            self._answering -= 1

    @contextmanager
    def acknowledging(self) -> Iterator[None]:
        """While inside, somebody is told to wait."""
        self._acknowledging += 1
        self._all_told.clear()
        try:
            with waited_for():
                yield
        finally:
            self._acknowledging -= 1
            if not self._acknowledging:
                self._all_told.set()

    @contextmanager
    def loading(self) -> Iterator[None]:
        """While inside, a load runs, and no full garbage collection."""
        self._loads += 1
        gc.set_threshold(*COLLECTING[:2], NEVER)
        try:
            yield
        finally:
            self._loads -= 1
            if not self._loads:
                self._collecting = asyncio.create_task(self._collect())

    async def _collect(self) -> None:
        """Look for what loads left behind, when nobody waits to be told to wait."""
        await self._all_told.wait()
        if not self._loads:
            gc.collect()
            gc.freeze()
            gc.set_threshold(*COLLECTING)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """While inside, an answer is made that its asker waits for: after all are told to wait."""
        async with self._turns:
            await self._all_told.wait()
            yield

    def too_quick(self, user: int) -> float | None:
        """Seconds until that user may ask again, if this, which is counted, is too often."""
        asked = self._asked.setdefault(user, app_commands.Cooldown(*self.rate))
        self._asked.move_to_end(user)
        if len(self._asked) > REMEMBERED:
            self._asked.popitem(last=False)
        return asked.update_rate_limit()

    async def is_public(self, guild: int | None, said: bool | None) -> bool:  # noqa: FBT001
        """Whether an answer in that guild is for everyone: as `said`, else as is usual there."""
        if said is not None or guild is None:
            return bool(said)
        if guild not in self._public:
            self._public[guild] = await self.library.setting(f"answers in {guild}") == "public"
        return self._public[guild]

    async def set_public_in(self, guild: int, *, public: bool) -> None:
        """Have answers in that guild be for everyone, or for whoever asks alone."""
        await self.library.remember(f"answers in {guild}", "public" if public else "private")
        self._public[guild] = public

    async def close(self) -> None:
        """Leave Discord, and wait for what goes on in the background."""
        await super().close()
        await self.libraries.settled()

    async def on_message(self, message: discord.Message) -> None:
        """discord.py's hook: answer who mentions the bot with a question."""
        await answer_mention(self, message)

    async def on_ready(self) -> None:
        """discord.py's hook: say that it is there."""
        log.info("connected as %s, in %d servers", self.user, len(self.guilds))


async def _command_failed(interaction: Interaction, error: app_commands.AppCommandError) -> None:
    """The tree's last resort, for what fails outside of a command's own reply."""
    if isinstance(error, app_commands.CommandOnCooldown):
        await reply(interaction, refuse(TooOften(error.retry_after)))
        return
    if interaction.response.is_done() or interaction.type is discord.InteractionType.autocomplete:
        log.error("an error occurred after the reply", exc_info=error)
        return

    await reply(interaction, refuse(error))


async def serve(library: Library, token: str, log_level: str) -> None:
    """Be on Discord until stopped by Ctrl-C or SIGTERM.

    Raises:
        TokenRefused: Discord does not know the token.
        DiscordUnreachable: no connection can be made.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.collect()
    gc.freeze()  # what is served stays, so no later collection need look through it
    discord.utils.setup_logging(level=logging.getLevelNamesMapping()[log_level], root=True)
    this = asyncio.current_task()
    assert this is not None  # noqa: S101  # a coroutine that runs is some task's
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, this.cancel, "SIGTERM")
    try:
        async with Threadbot(library) as client:
            await client.start(token)
    except discord.LoginFailure as error:
        raise TokenRefused from error
    except discord.ConnectionClosed as error:
        if error.code == AUTHENTICATION_FAILED:
            raise TokenRefused from error
        raise DiscordUnreachable(f"it closed the connection with code {error.code}") from error
    except (aiohttp.ClientError, discord.HTTPException, discord.GatewayNotFound, OSError) as error:
        raise DiscordUnreachable(str(error) or type(error).__name__) from error
    except AttributeError as error:
        # discord.py trips over the socket that it does not have yet when the first one fails.
        if error.obj is not None or not isinstance(
            error.__context__, (OSError, aiohttp.ClientError)
        ):
            raise
        raise DiscordUnreachable(str(error.__context__)) from error
    except asyncio.CancelledError as error:
        if error.args != ("SIGTERM",):
            raise
        log.info("stopped")
    finally:
        asyncio.get_running_loop().remove_signal_handler(signal.SIGTERM)
