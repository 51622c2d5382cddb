"""The loopback Discord keeps its word: each rule is broken once by a small bot of this file."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import io
from typing import TYPE_CHECKING, Any, cast

import aiohttp
import discord
import pytest
from discord import app_commands, ui

from tests.discord_server import LoopbackDiscord, Message, Upload, schema_available

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from tests.discord_server import Member

    Handler = Callable[[discord.Interaction[discord.Client]], Awaitable[None]]

needs_schema = pytest.mark.skipif(not schema_available(), reason="Discord's description is absent")


class Bot(discord.Client):
    """A bot whose /do runs whatever the test gives it."""

    def __init__(self, intents: discord.Intents | None = None) -> None:
        super().__init__(
            intents=intents or discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
        )
        self.tree = app_commands.CommandTree(self)
        self.on_do: Handler = _hello
        self.on_press: Handler | None = None
        self.errors: list[BaseException] = []
        self.failed = asyncio.Event()
        self.resumed = asyncio.Event()
        _add_commands(self)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Lose no time; discord.py's own waits five seconds before the second session."""

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def on_resumed(self) -> None:
        self.resumed.set()

    async def on_interaction(self, interaction: discord.Interaction[discord.Client]) -> None:
        kind = interaction.type
        if kind is discord.InteractionType.component and self.on_press is not None:
            await self.handle(self.on_press, interaction)

    async def handle(
        self, handler: Handler, interaction: discord.Interaction[discord.Client]
    ) -> None:
        try:
            await handler(interaction)
        except discord.HTTPException as error:
            self.errors.append(error)
            self.failed.set()

    @property
    def codes(self) -> list[int]:
        """The codes of the errors that Discord answered with."""
        return [error.code for error in self.errors if isinstance(error, discord.HTTPException)]


async def _hello(interaction: discord.Interaction[discord.Client]) -> None:
    await interaction.response.send_message("hello", ephemeral=True)


def _add_commands(bot: Bot) -> None:
    @bot.tree.command(name="do", description="Do what the test says")
    async def _do(interaction: discord.Interaction[discord.Client], word: str = "") -> None:
        interaction.extras["word"] = word
        await bot.handle(bot.on_do, interaction)

    @bot.tree.command(name="read", description="Read a file")
    async def _read(
        interaction: discord.Interaction[discord.Client], file: discord.Attachment
    ) -> None:
        content = (await file.read()).decode()
        back = discord.File(io.BytesIO(content.upper().encode()), file.filename)
        await interaction.response.send_message(f"{file.size} bytes", file=back)

    @bot.tree.command(name="pick", description="Pick a story")
    async def _pick(
        interaction: discord.Interaction[discord.Client],
        story: str,
        count: app_commands.Range[int, 1, 9] = 1,
    ) -> None:
        await interaction.response.send_message(f"{story} × {count}")

    @_pick.autocomplete("story")
    async def _stories(
        _: discord.Interaction[discord.Client], typed: str
    ) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=f"{typed} {i}", value=f"{typed}-{i}") for i in range(3)]

    @bot.tree.context_menu(name="Quote it")
    async def _quote(
        interaction: discord.Interaction[discord.Client], message: discord.Message
    ) -> None:
        await interaction.response.send_message(f"by {message.author.name}: {message.content}")


@contextlib.asynccontextmanager
async def running(d: LoopbackDiscord, bot: Bot) -> AsyncIterator[Bot]:
    """The bot, connected and synced."""
    with d.redirect():
        async with bot:
            task = asyncio.create_task(bot.start(d.token))
            try:
                await d.ready()
                yield bot
            finally:
                await bot.close()
                await task


@pytest.fixture
async def d() -> AsyncIterator[LoopbackDiscord]:
    async with LoopbackDiscord() as server:
        yield server


@pytest.fixture
def ada(d: LoopbackDiscord) -> Member:
    return d.add_guild("Chips").add_member("ada")


@pytest.fixture
async def bot(d: LoopbackDiscord, ada: Member) -> AsyncIterator[Bot]:
    assert ada.guild.name == "Chips"
    async with running(d, Bot()) as connected:
        yield connected


async def test_heartbeats_go_on_and_none_counts_as_behind() -> None:
    async with LoopbackDiscord(heartbeat_interval=0.5) as d, running(d, Bot()) as bot:
        # The first comes at once, whatever the interval.
        await d.heartbeat(times=4, seconds=5)
        assert bot.latency < 0.4


async def test_handshake(d: LoopbackDiscord, bot: Bot, ada: Member) -> None:
    await d.heartbeat()
    await d.commands_synced()
    assert d.intents == discord.Intents(guilds=True)
    assert (d.identifies, d.resumes, d.command_syncs) == (1, 0, 1)
    guild = bot.get_guild(ada.guild.id)
    assert guild is not None
    assert guild.me.guild_permissions.send_messages
    assert [channel.name for channel in guild.text_channels] == ["general"]
    assert {command["name"] for command in d.commands} == {"do", "read", "pick", "Quote it"}
    assert d.violations == []


async def test_wrong_token_cannot_log_in(d: LoopbackDiscord) -> None:
    with d.redirect():
        async with Bot() as bot:
            with pytest.raises(discord.LoginFailure):
                await bot.start("wrong")
    assert "401" in d.violations[0]


async def test_gateway_refuses_a_wrong_token(d: LoopbackDiscord) -> None:
    with d.redirect():
        async with Bot() as bot:
            await bot.login(d.token)
            bot.http.token = "wrong"  # noqa: S105 - no secret, that is the point
            with pytest.raises(discord.ConnectionClosed) as closed:
                await bot.connect()
    assert closed.value.code == 4004


async def test_privileged_intents_are_refused(d: LoopbackDiscord) -> None:
    with d.redirect():
        async with Bot(discord.Intents(guilds=True, message_content=True)) as bot:
            with pytest.raises(discord.PrivilegedIntentsRequired):
                await bot.start(d.token)


async def test_resume_replays_what_was_missed(d: LoopbackDiscord, bot: Bot, ada: Member) -> None:
    await d.drop_gateway()
    exchange = await ada.slash("do")
    assert (await exchange.reply()).content == "hello"
    await asyncio.wait_for(bot.resumed.wait(), 20)
    assert (d.identifies, d.resumes) == (1, 1)


async def test_lost_session_is_begun_anew(d: LoopbackDiscord, bot: Bot, ada: Member) -> None:
    d.starts.seconds = 0.0
    await d.drop_gateway(resumable=False)
    await d.ready()
    assert (d.identifies, d.resumes) == (2, 0)
    assert (await (await ada.slash("do")).reply()).ephemeral
    assert not bot.is_closed()


async def test_reconnect_on_request(d: LoopbackDiscord, bot: Bot) -> None:
    await d.ask_to_reconnect()
    await asyncio.wait_for(bot.resumed.wait(), 20)
    assert d.resumes == 1


async def test_slash_command_is_answered(d: LoopbackDiscord, bot: Bot, ada: Member) -> None:
    seen: list[discord.Interaction[discord.Client]] = []

    async def answer(interaction: discord.Interaction[discord.Client]) -> None:
        seen.append(interaction)
        await interaction.response.send_message(f"you said {interaction.extras['word']}")
        await interaction.followup.send("and more", ephemeral=True)

    bot.on_do = answer
    exchange = await ada.slash("do", word="chip")
    assert exchange.acknowledged_after < 1
    assert not exchange.deferred
    assert not exchange.ephemeral
    assert (await exchange.reply()).text == "you said chip"
    assert (await exchange.followup()).ephemeral
    assert [message.text for message in exchange.messages] == ["you said chip", "and more"]
    (interaction,) = seen
    assert interaction.user.name == "ada"
    assert interaction.permissions == ada.permissions
    assert not interaction.permissions.manage_guild
    assert interaction.app_permissions.send_messages
    assert interaction.context.guild
    assert isinstance(interaction.channel, discord.TextChannel)
    assert d.violations == []


async def test_admins_and_direct_messages(d: LoopbackDiscord, ada: Member) -> None:
    place = d.add_guild("Wafers")
    root = place.add_member("root", permissions=discord.Permissions(manage_guild=True))
    eve = d.add_user("eve")
    async with running(d, Bot()) as bot:

        async def answer(interaction: discord.Interaction[discord.Client]) -> None:
            where = "guild" if interaction.guild else "direct"
            admin = interaction.permissions.manage_guild
            await interaction.response.send_message(f"{where} {admin}")

        bot.on_do = answer
        replies = [await (await who.slash("do")).reply() for who in (ada, root, eve)]
    assert [reply.text for reply in replies] == ["guild False", "guild True", "direct False"]


async def test_fifty_at_once(d: LoopbackDiscord, bot: Bot, ada: Member) -> None:
    async def answer(interaction: discord.Interaction[discord.Client]) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(content=interaction.extras["word"])

    bot.on_do = answer
    exchanges = await asyncio.gather(*(ada.slash("do", word=str(i)) for i in range(50)))
    replies = [await exchange.reply() for exchange in exchanges]
    assert [reply.content for reply in replies] == [str(i) for i in range(50)]
    assert d.violations == []


async def test_deferred_reply_waits_for_its_edit(d: LoopbackDiscord, bot: Bot, ada: Member) -> None:
    async def answer(interaction: discord.Interaction[discord.Client]) -> None:
        await interaction.response.defer(ephemeral=True)
        await asyncio.sleep(0.05)
        view = ui.LayoutView(timeout=None)
        view.add_item(ui.Container[Any](ui.TextDisplay("found"), ui.Separator()))
        await interaction.edit_original_response(view=view)
        view.add_item(ui.TextDisplay("done"))
        await interaction.edit_original_response(view=view)

    bot.on_do = answer
    exchange = await ada.slash("do")
    assert exchange.deferred
    assert exchange.messages == []
    reply = await exchange.reply()
    assert reply.ephemeral
    assert reply.components_v2
    assert (await exchange.reply(until=lambda m: "done" in m.text)).text == "found\ndone"
    assert [state.text for state in exchange.history] == ["found", "found\ndone"]
    assert d.violations == []


async def test_follow_up_takes_the_place_of_thinking(bot: Bot, ada: Member) -> None:
    async def answer(interaction: discord.Interaction[discord.Client]) -> None:
        await interaction.response.defer(ephemeral=True)
        await interaction.followup.send("here")

    bot.on_do = answer
    exchange = await ada.slash("do")
    reply = await exchange.reply()
    assert (reply.text, reply.ephemeral, exchange.followups) == ("here", True, [])


async def test_late_answer_is_refused(d: LoopbackDiscord, bot: Bot, ada: Member) -> None:
    async def answer(interaction: discord.Interaction[discord.Client]) -> None:
        d.clock.advance(3.1)
        await interaction.response.send_message("too late")

    bot.on_do = answer
    with pytest.raises(AssertionError, match="10062"):
        await ada.slash("do")
    assert "10062 Unknown interaction" in d.violations[0]


async def test_no_answer_is_told(d: LoopbackDiscord, bot: Bot, ada: Member) -> None:
    async def answer(_: discord.Interaction[discord.Client]) -> None:
        await asyncio.sleep(0)

    bot.on_do = answer
    d.ack_timeout = 0.1
    with pytest.raises(AssertionError, match="/do by ada: not answered"):
        await ada.slash("do")


async def test_token_lasts_fifteen_minutes(d: LoopbackDiscord, bot: Bot, ada: Member) -> None:
    done = asyncio.Event()

    async def answer(interaction: discord.Interaction[discord.Client]) -> None:
        await interaction.response.defer()
        d.clock.advance(15 * 60 + 1)
        try:
            await interaction.edit_original_response(content="too late")
        finally:
            done.set()

    bot.on_do = answer
    await ada.slash("do")
    await asyncio.wait_for(done.wait(), 20)
    assert "50027" in d.violations[0]


async def _callback(
    interaction: discord.Interaction[discord.Client], kind: int, data: dict[str, Any] | None
) -> None:
    """Answer with any body at all, past all that discord.py would check."""
    params = discord.webhook.async_.interaction_response_params(kind, data)
    await discord.webhook.async_.async_context.get().create_interaction_response(
        interaction.id,
        interaction.token,
        session=interaction._session,  # noqa: SLF001 - as discord.py's own response does
        params=params,
    )


async def _edit(body: dict[str, Any], interaction: discord.Interaction[discord.Client]) -> None:
    """Edit the reply with any body at all."""
    await discord.webhook.async_.async_context.get().edit_original_interaction_response(
        interaction.application_id,
        interaction.token,
        session=interaction._session,  # noqa: SLF001 - as discord.py's own response does
        payload=body,
    )


async def test_second_answer_is_refused(d: LoopbackDiscord, bot: Bot, ada: Member) -> None:
    async def answer(interaction: discord.Interaction[discord.Client]) -> None:
        await _callback(interaction, 4, {"content": "first"})
        await _callback(interaction, 4, {"content": "second"})

    bot.on_do = answer
    exchange = await ada.slash("do")
    assert (await exchange.reply()).text == "first"
    await asyncio.wait_for(bot.failed.wait(), 20)
    assert bot.codes == [40060]
    assert len(d.violations) == 1


def _text(content: str) -> dict[str, Any]:
    return {"type": 10, "content": content}


def _button(**more: Any) -> dict[str, Any]:
    return {"type": 2, "style": 1, "label": "Go", "custom_id": "go"} | more


def _row(*components: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(components)}


def _menu(count: int, **more: Any) -> dict[str, Any]:
    options = [{"label": f"l{i}", "value": f"v{i}"} | more for i in range(count)]
    return {"type": 3, "custom_id": "menu", "options": options}


V2 = 1 << 15
SECTION = {"type": 9, "components": [_text("a")], "accessory": _button()}

REFUSED: dict[str, tuple[int, dict[str, Any], str]] = {
    "content of 2,001": (4, {"content": "x" * 2001}, "data.content: Must be 2000 or fewer"),
    "nothing": (4, {"content": " "}, "50006"),
    "V2 with content": (
        4,
        {"content": "x", "flags": V2, "components": [_text("a")]},
        "data.content: The 'content' field cannot be used",
    ),
    "V2 without the flag": (4, {"components": [_text("a")]}, "data.components.0.type: Value of"),
    "41 components": (
        4,
        {"flags": V2, "components": [{"type": 17, "components": [_text("a")] * 39}, _text("b")]},
        "total number of components",
    ),
    "4,001 characters": (
        4,
        {"flags": V2, "components": [_text("a" * 2000), _text("b" * 2001)]},
        "displayable text",
    ),
    "empty text display": (4, {"flags": V2, "components": [_text("")]}, "components.0.content"),
    "six buttons": (
        4,
        {"components": [_row(*(_button(custom_id=f"b{i}") for i in range(6)))]},
        "data.components.0.components: Must be between 1 and 5",
    ),
    "button and menu": (4, {"components": [_row(_button(), _menu(1))]}, "maximum width"),
    "two menus": (4, {"components": [_row(_menu(1), _menu(1) | {"custom_id": "b"})]}, "width"),
    "six rows": (
        4,
        {"components": [_row(_button(custom_id=f"b{i}")) for i in range(6)]},
        "data.components: Must be between",
    ),
    "26 options": (4, {"components": [_row(_menu(26))]}, "options: Must be between 1 and 25"),
    "option label of 101": (4, {"components": [_row(_menu(1, label="x" * 101))]}, "0.label"),
    "option value of 101": (4, {"components": [_row(_menu(1, value="x" * 101))]}, "0.value"),
    "option description of 101": (
        4,
        {"components": [_row(_menu(1, description="x" * 101))]},
        "0.description",
    ),
    "label of 81": (4, {"components": [_row(_button(label="x" * 81))]}, "label: Must be 80"),
    "custom_id of 101": (4, {"components": [_row(_button(custom_id="x" * 101))]}, "custom_id"),
    "custom_id twice": (4, {"components": [_row(_button(), _button())]}, "duplicated"),
    "link with custom_id": (
        4,
        {"components": [_row(_button(style=5, url="https://x.com"))]},
        "cannot both be specified",
    ),
    "link of javascript": (
        4,
        {"components": [_row({"type": 2, "style": 5, "label": "x", "url": "javascript:1"})]},
        "is not supported",
    ),
    "four texts in a section": (
        4,
        {"flags": V2, "components": [SECTION | {"components": [_text("a")] * 4}]},
        "Must be between 1 and 3",
    ),
    "section without accessory": (
        4,
        {"flags": V2, "components": [SECTION | {"accessory": None}]},
        "accessory: This field is required",
    ),
    "embed description of 4,097": (4, {"embeds": [{"description": "x" * 4097}]}, "4096"),
    "exclusive mentions": (
        4,
        {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}},
        "mutually exclusive",
    ),
    "update of a command": (7, {"content": "x"}, "type: Value must be one of {4, 5, 9}"),
    "choices for a command": (8, {"choices": []}, "type: Value must be one of {4, 5, 9}"),
    "deferred V2": (5, {"flags": V2 | 64}, "data.flags: Only the flag 64"),
    "deferred content": (5, {"content": "x"}, "data.content: A deferred reply"),
    "modal title of 46": (
        9,
        {
            "custom_id": "m",
            "title": "x" * 46,
            "components": [
                {"type": 18, "label": "a", "component": {"type": 4, "custom_id": "a", "style": 1}}
            ],
        },
        "data.title: Must be between 1 and 45",
    ),
    "modal of six": (
        9,
        {"custom_id": "m", "title": "x", "components": [_text("a")] * 6},
        "data.components: Must be between 1 and 5",
    ),
    "unknown attachment": (
        4,
        {"flags": V2, "components": [{"type": 13, "file": {"url": "attachment://a.txt"}}]},
        'attachment "a.txt" not found',
    ),
}


@pytest.fixture(scope="module")
def refused() -> list[str]:
    """Every refusal of REFUSED as discord.py worded it, in order, and their number."""

    async def gather() -> list[str]:
        found: list[str] = []
        async with LoopbackDiscord() as d, running(d, Bot()) as bot:
            eve = d.add_user("eve")

            async def answer(interaction: discord.Interaction[discord.Client]) -> None:
                kind, data, _ = REFUSED[interaction.extras["word"]]
                try:
                    await _callback(interaction, kind, data)
                except discord.HTTPException as error:
                    found.append(f"{error.code} {error}")
                else:
                    found.append("accepted")
                    return
                await interaction.response.send_message("sorry")

            bot.on_do = answer
            for name in REFUSED:
                await eve.slash("do", word=name)
            found.append(f"{len(d.violations)} violations")
        return found

    return asyncio.run(gather())


@pytest.mark.parametrize("name", REFUSED)
def test_is_refused(name: str, refused: list[str]) -> None:
    assert REFUSED[name][2] in refused[list(REFUSED).index(name)]


def test_what_is_refused_is_recorded(refused: list[str]) -> None:
    assert refused[-1] == f"{len(REFUSED)} violations"


async def test_v2_cannot_be_dropped_by_an_edit(d: LoopbackDiscord, bot: Bot, ada: Member) -> None:
    async def answer(interaction: discord.Interaction[discord.Client]) -> None:
        await _callback(interaction, 4, {"flags": V2, "components": [_text("a")]})
        for change in ({"flags": 0, "components": [_row(_button())]}, {"content": "plain"}):
            await bot.handle(functools.partial(_edit, change), interaction)

    bot.on_do = answer
    exchange = await ada.slash("do")
    while len(bot.errors) < 2:
        bot.failed.clear()
        await asyncio.wait_for(bot.failed.wait(), 20)
    assert bot.codes == [50035, 50035]
    assert (await exchange.reply()).text == "a"
    assert "IS_COMPONENTS_V2 cannot be removed" in d.violations[0]
    assert "cannot be used when using" in d.violations[1]


BAD_COMMANDS: list[tuple[dict[str, Any], str]] = [
    ({"name": "Ask", "description": "x"}, "name is invalid"),
    ({"name": "a b", "description": "x"}, "name is invalid"),
    ({"name": "ask", "description": ""}, "required"),
    ({"name": "ask", "description": "x" * 101}, "between 1 and 100"),
    (
        {"name": "ask", "description": "x", "name_localizations": {"de": "Frag nach"}},
        "name is invalid",
    ),
    (
        {"name": "ask", "description": "x", "description_localizations": {"de": "x" * 101}},
        "between 1 and 100",
    ),
    (
        {"name": "ask", "description": "x", "name_localizations": {"xx": "frag"}},
        "not a valid locale",
    ),
    (
        {
            "name": "ask",
            "description": "x",
            "options": [
                {"type": 3, "name": each, "description": "x", "name_localizations": {"de": "wort"}}
                for each in ("a", "b")
            ],
        },
        "'wort' is used more than once",
    ),
    (
        {
            "name": "ask",
            "description": "x",
            "options": [
                {"type": 3, "name": "a", "description": "x"},
                {"type": 3, "name": "b", "description": "x", "required": True},
            ],
        },
        "Required options must be placed before",
    ),
    (
        {
            "name": "ask",
            "description": "x",
            "options": [{"type": 3, "name": f"o{i}", "description": "x"} for i in range(26)],
        },
        "between 0 and 25",
    ),
    (
        {
            "name": "ask",
            "description": "x",
            "options": [
                {
                    "type": 3,
                    "name": "a",
                    "description": "x",
                    "choices": [{"name": f"c{i}", "value": "v"} for i in range(26)],
                }
            ],
        },
        "between 0 and 25",
    ),
]


async def test_commands_out_of_bounds_are_refused(d: LoopbackDiscord) -> None:
    with d.redirect():
        async with Bot() as bot:
            await bot.login(d.token)
            assert bot.application_id is not None
            for command, words in BAD_COMMANDS:
                with pytest.raises(discord.HTTPException, match=words) as refusal:
                    await bot.http.bulk_upsert_global_commands(bot.application_id, [command])
                assert refusal.value.code == 50035
    assert len(d.violations) == len(BAD_COMMANDS)
    assert d.command_syncs == 1


async def test_autocomplete(d: LoopbackDiscord, bot: Bot, ada: Member) -> None:
    assert not bot.errors
    choices = await ada.autocomplete("pick", option="story", text="suit")
    assert choices == [(f"suit {i}", f"suit-{i}") for i in range(3)]
    exchange = await ada.slash("pick", story=choices[1][1], count=2)
    assert (await exchange.reply()).text == "suit-1 × 2"
    assert d.violations == []
    d.ack_timeout = 0.2
    with pytest.raises(AssertionError, match="between 1 and 100"):
        await ada.autocomplete("pick", option="story", text="x" * 101)


async def test_mistakes_of_the_test_are_told(bot: Bot, ada: Member) -> None:
    assert not bot.errors
    for mistake, words in (
        (ada.slash("undo"), "no command 'undo'"),
        (ada.slash("pick"), "'story' is required"),
        (ada.slash("pick", story="a", count=10), "between 1 and 9"),
        (ada.slash("pick", story=3), "does not fit"),
        (ada.slash("do", words="a"), "no option 'words'"),
    ):
        with pytest.raises(AssertionError, match=words):
            await mistake


class Pages(ui.View):
    """Two pages, turned in place."""

    def __init__(self) -> None:
        super().__init__(timeout=None)
        self.add_item(ui.Button(label="Site", url="https://example.com"))
        self.add_item(ui.Button(label="Off", custom_id="off", disabled=True))

    @ui.button(label="Next", custom_id="next")
    async def turn(self, interaction: discord.Interaction[discord.Client], _: Any) -> None:
        await interaction.response.edit_message(content="page 2")

    @ui.button(label="Share", custom_id="share")
    async def share(self, interaction: discord.Interaction[discord.Client], _: Any) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(content="shared")
        await interaction.followup.send("for all", ephemeral=False)

    @ui.select(options=[discord.SelectOption(label="One", value="1")], custom_id="menu")
    async def chosen(
        self, interaction: discord.Interaction[discord.Client], menu: ui.Select[Any]
    ) -> None:
        await interaction.response.send_message(f"chose {menu.values}", ephemeral=True)


async def test_buttons_and_menus(d: LoopbackDiscord, bot: Bot, ada: Member) -> None:
    bot.add_view(Pages())

    async def answer(interaction: discord.Interaction[discord.Client]) -> None:
        await interaction.response.send_message("page 1", view=Pages())

    bot.on_do = answer
    message = await (await ada.slash("do")).reply()
    assert [button.label for button in message.buttons] == ["Next", "Share", "Site", "Off"]
    turned = await ada.press(message, label="Next")
    assert turned.updated
    assert (await turned.reply()).text == "page 2"
    assert (await turned.reply()).id == message.id
    shared = await ada.press(message, custom_id="share")
    assert (await shared.reply()).text == "shared"
    assert (await shared.followup()).text == "for all"
    chosen = await ada.choose(message, values=["1"])
    assert (await chosen.reply()).text == "chose ['1']"
    assert not chosen.updated
    for mistake, words in (
        (ada.press(message, label="Site"), "is a link"),
        (ada.press(message, label="Off"), "is disabled"),
        (ada.press(message, label="Back"), "0 buttons 'Back'"),
        (ada.choose(message, values=["2"]), "not all among"),
    ):
        with pytest.raises(AssertionError, match=words):
            await mistake
    assert d.violations == []


async def test_private_messages_are_private(d: LoopbackDiscord, bot: Bot, ada: Member) -> None:
    async def answer(interaction: discord.Interaction[discord.Client]) -> None:
        view = Pages()
        await interaction.response.send_message("mine", view=view, ephemeral=True)

    bot.on_do = answer
    exchange = await ada.slash("do")
    message = await exchange.reply()
    assert exchange.ephemeral
    eve = d.add_user("eve")
    with pytest.raises(AssertionError, match="does not see this private message"):
        await eve.press(message, label="Next")
    await ada.dismiss(message)
    with pytest.raises(AssertionError, match="deleted"):
        await ada.press(message, label="Next")


class Jump(ui.Modal, title="Go to page"):
    """Asks for a number."""

    page: ui.Label[Any] = ui.Label(
        text="Page", component=ui.TextInput(custom_id="page", max_length=3)
    )

    async def on_submit(self, interaction: discord.Interaction[discord.Client]) -> None:
        field = cast("ui.TextInput[Any]", self.page.component)
        await interaction.response.send_message(f"page {field.value}")


async def test_modal(d: LoopbackDiscord, bot: Bot, ada: Member) -> None:
    async def answer(interaction: discord.Interaction[discord.Client]) -> None:
        await interaction.response.send_modal(Jump())

    bot.on_do = answer
    exchange = await ada.slash("do")
    modal = exchange.modal
    assert modal is not None
    assert (modal.title, [field.label for field in modal.inputs]) == ("Go to page", ["Page"])
    with pytest.raises(AssertionError, match="takes 1 to 3 characters"):
        await ada.submit(modal, {"page": "1000"})
    with pytest.raises(AssertionError, match="no fields"):
        await ada.submit(modal, {"page": "1", "other": "2"})
    sent = await ada.submit(modal, {"page": "12"})
    assert (await sent.reply()).text == "page 12"
    assert d.violations == []


async def test_attachments_both_ways(d: LoopbackDiscord, bot: Bot, ada: Member) -> None:
    assert not bot.errors
    exchange = await ada.slash("read", file=Upload("x.txt", b"a thread"))
    reply = await exchange.reply()
    assert reply.text == "8 bytes"
    assert [(file.filename, file.text) for file in reply.files] == [("x.txt", "A THREAD")]
    assert d.violations == []


async def test_message_command(bot: Bot, ada: Member) -> None:
    assert not bot.errors
    said = await ada.say("chips are down")
    exchange = await ada.message_command("Quote it", said)
    assert (await exchange.reply()).text == "by ada: chips are down"


async def test_rate_limit_is_retried(d: LoopbackDiscord, bot: Bot, ada: Member) -> None:
    assert not bot.errors
    d.fail_next("POST", r"/callback$", status=429, retry_after=0.05)
    exchange = await ada.slash("do")
    assert exchange.acknowledged_after >= 0.05
    assert [request.status for request in d.requests[-2:]] == [429, 200]
    d.fail_next("POST", r"/messages$", status=429, retry_after=0.05)
    channel = bot.get_channel(ada.channel.id)
    assert isinstance(channel, discord.TextChannel)
    assert (await channel.send("again")).content == "again"
    assert d.violations == []


async def test_server_error_is_passed_on(d: LoopbackDiscord, bot: Bot, ada: Member) -> None:
    d.fail_next("POST", r"/messages$", status=503, times=1)
    channel = bot.get_channel(ada.channel.id)
    assert isinstance(channel, discord.TextChannel)
    with pytest.raises(discord.DiscordServerError):
        await channel.send("hello")


async def test_threads_need_permission(d: LoopbackDiscord) -> None:
    place = d.add_guild("Chips")
    quiet = place.add_channel("quiet", bot_permissions=discord.Permissions(view_channel=True))
    async with running(d, Bot()) as bot:
        channel, closed = bot.get_channel(place.channel.id), bot.get_channel(quiet.id)
        assert isinstance(channel, discord.TextChannel)
        assert isinstance(closed, discord.TextChannel)
        assert not closed.permissions_for(closed.guild.me).create_public_threads
        with pytest.raises(discord.Forbidden) as refusal:
            await closed.create_thread(name="no", type=discord.ChannelType.public_thread)
        assert refusal.value.code == 50013
        message = await channel.send("start")
        thread = await message.create_thread(name="told")
        await thread.send("first")
        await thread.edit(archived=True)
    (made,) = place.threads
    assert (made.name, made.archived) == ("told", True)
    assert [m.text for m in d.messages_in(made)] == ["first"]
    assert len(d.violations) == 1


def _shown(text: str, allowed: dict[str, Any] | None) -> Message:
    raw = {"id": "1", "channel_id": "2", "content": text, "components": [], "flags": 0}
    return Message(raw=raw, allowed_mentions=allowed)


@pytest.mark.parametrize(
    ("text", "allowed", "pinged"),
    [
        ("<@123456789012345678> hi", None, {123456789012345678}),
        ("<@123456789012345678> hi", {"parse": []}, set()),
        ("<@123456789012345678>", {"parse": ["roles"]}, set()),
        ("<@123456789012345678>", {"users": ["123456789012345678"]}, {123456789012345678}),
        ("@everyone", {"parse": ["everyone"]}, {"everyone"}),
        ("@here", None, {"everyone"}),
        ("`@everyone`", None, set()),
        ("<@&123456789012345678>", {"parse": ["roles"]}, {123456789012345678}),
    ],
)
def test_pings(text: str, allowed: dict[str, Any] | None, pinged: set[int | str]) -> None:
    assert _shown(text, allowed).pings == pinged


async def test_pings_of_a_real_message(bot: Bot, ada: Member) -> None:
    async def answer(interaction: discord.Interaction[discord.Client]) -> None:
        mentions = discord.AllowedMentions(users=[interaction.user])
        await interaction.response.send_message(
            f"{interaction.user.mention} @everyone", allowed_mentions=mentions
        )

    bot.on_do = answer
    assert (await (await ada.slash("do")).reply()).pings == {ada.id}


@needs_schema
async def test_bodies_are_compared_with_the_description(
    d: LoopbackDiscord, bot: Bot, ada: Member
) -> None:
    async def answer(interaction: discord.Interaction[discord.Client]) -> None:
        # None of the rules written here is about this field.
        await _callback(interaction, 4, {"content": "x", "tts": "yes"})

    bot.on_do = answer
    assert (await (await ada.slash("do")).reply()).text == "x"
    assert len(d.violations) == 1
    assert "schema: data.tts: 'yes' is not of type" in d.violations[0]


async def test_unserved_route_is_told(d: LoopbackDiscord, bot: Bot) -> None:
    with pytest.raises(discord.NotFound):
        await bot.http.request(discord.http.Route("GET", "/voice/regions"))
    assert "no such route" in d.violations[0]


class Reader(Bot):
    """A bot that keeps what it reads, and does with it what the test gives it."""

    def __init__(self) -> None:
        super().__init__(discord.Intents(guilds=True, guild_messages=True, dm_messages=True))
        self.read: list[discord.Message] = []
        self.on_read: Callable[[discord.Message], Awaitable[object]] | None = None
        self.came = asyncio.Event()

    async def on_message(self, message: discord.Message) -> None:
        if message.author.bot:
            return
        self.read.append(message)
        try:
            if self.on_read is not None:
                await self.on_read(message)
        except discord.HTTPException as error:
            self.errors.append(error)
        self.came.set()

    async def next(self) -> discord.Message:
        """The next message that a person wrote."""
        async with asyncio.timeout(5):
            await self.came.wait()
        self.came.clear()
        return self.read[-1]


async def test_a_forward_has_a_snapshot_which_is_read_in_direct_messages_only(
    d: LoopbackDiscord, ada: Member
) -> None:
    zoe = d.add_user("zoe")
    async with running(d, Reader()) as bot:
        assert isinstance(bot, Reader)
        said = await ada.say("a story", files={"a.png": "a picture"})
        assert (await bot.next()).content == ""
        await ada.forward(said)
        hidden = await bot.next()
        assert [each.content for each in hidden.message_snapshots] == [""]
        await zoe.forward(said)
        (shown,) = (await bot.next()).message_snapshots
        assert (shown.content, shown.attachments[0].description) == ("a story", "a picture")
    assert d.violations == []


async def test_an_answered_message_is_hidden_unless_it_mentions_the_bot(
    d: LoopbackDiscord, ada: Member
) -> None:
    me = f"<@{d.world.bot.id}>"
    async with running(d, Reader()) as bot:
        assert isinstance(bot, Reader)
        for content, read in (("a story", ""), (f"{me} a story", f"{me} a story")):
            said = await ada.say(content)
            await bot.next()
            await ada.say(f"{me} that one", reply_to=said)
            reference = (await bot.next()).reference
            assert reference
            assert isinstance(reference.resolved, discord.Message)
            assert reference.resolved.content == read


async def test_a_reaction_needs_a_permission_and_an_emoji(d: LoopbackDiscord, ada: Member) -> None:
    async with running(d, Reader()) as bot:
        assert isinstance(bot, Reader)
        bot.on_read = lambda message: message.add_reaction("⏳")
        said = await ada.say("hello")
        await bot.next()
        assert d.message(said.id).reactions == ["⏳"]
        bot.on_read = lambda message: message.add_reaction("no emoji")
        await ada.say("hello")
        await bot.next()
        ada.guild.bot_permissions = discord.Permissions(view_channel=True)
        bot.on_read = lambda message: message.add_reaction("⏳")
        await ada.say("hello")
        await bot.next()
    assert bot.codes == [10014, 50013]


async def test_a_reply_needs_its_message_and_the_history(d: LoopbackDiscord, ada: Member) -> None:
    async with running(d, Reader()) as bot:
        assert isinstance(bot, Reader)

        async def answer_it(message: discord.Message) -> None:
            answer = await message.reply("hello", mention_author=False)
            assert answer.type is discord.MessageType.reply

        async def answer_too_late(message: discord.Message) -> None:
            await d.delete(d.message(message.id))
            await message.reply("hello")

        for answering in (answer_it, answer_too_late, answer_it):
            bot.on_read = answering
            await ada.say("hello")
            await bot.next()
            if answering is answer_too_late:
                bare = discord.Permissions(view_channel=True, send_messages=True)
                ada.guild.bot_permissions = bare
    assert bot.codes == [50035, 160002]


async def test_who_closed_direct_messages_gets_none(d: LoopbackDiscord, ada: Member) -> None:
    async with running(d, Reader()) as bot:
        assert isinstance(bot, Reader)
        bot.on_read = lambda message: message.author.send("psst")
        await ada.say("hello")
        await bot.next()
        assert len(d.messages_in(d.world.direct(ada.account))) == 1
        d.close_direct_messages(ada)
        await ada.say("hello")
        await bot.next()
    assert bot.codes == [50007]


async def test_after_its_placeholder_is_deleted_a_follow_up_is_as_private_as_it_says(
    d: LoopbackDiscord, bot: Bot, ada: Member
) -> None:
    async def do(interaction: discord.Interaction[discord.Client]) -> None:
        await interaction.response.defer()
        await interaction.delete_original_response()
        await interaction.followup.send("only you", ephemeral=True)

    bot.on_do = do
    exchange = await ada.slash("do")
    message = await exchange.followup()
    assert (message.text, message.ephemeral) == ("only you", True)
    assert d.messages == [message]


@contextlib.asynccontextmanager
async def connected(
    d: LoopbackDiscord, version: int = 10
) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """A connection to the gateway, after its greeting."""
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{d.gateway.url}?v={version}&encoding=json") as socket,
    ):
        assert (await socket.receive_json())["op"] == 10
        yield socket


async def identified(
    d: LoopbackDiscord, socket: aiohttp.ClientWebSocketResponse, **changed: Any
) -> dict[str, Any] | int:
    """What comes of an identify: the first message, or the code of the close."""
    data = {"token": d.token, "intents": 1, "properties": {}} | changed
    await socket.send_json({"op": 2, "d": data})
    return await heard(socket)


async def heard(socket: aiohttp.ClientWebSocketResponse) -> dict[str, Any] | int:
    """The next message, or the code of the close."""
    message = await socket.receive(timeout=5)
    if message.type is aiohttp.WSMsgType.TEXT:
        found: dict[str, Any] = message.json()
        return found
    assert socket.close_code is not None
    return socket.close_code


@pytest.mark.parametrize(
    "shard", [[2, 2], [-1, 2], [0, 0], [0], ["0", "1"], {}, [True, 2]], ids=str
)
async def test_a_shard_that_there_is_not_is_refused(d: LoopbackDiscord, shard: Any) -> None:
    async with connected(d) as socket:
        assert await identified(d, socket, shard=shard) == 4010
    assert d.violations == ["gateway: 4010 Invalid shard."]


async def test_too_many_guilds_need_more_shards(d: LoopbackDiscord) -> None:
    d.starts.guilds_per_shard = 2
    own = [d.add_guild(f"Chips {n}", shard=(n % 2, 2)) for n in range(3)]
    async with connected(d) as socket:
        assert await identified(d, socket) == 4011
    async with connected(d) as socket:
        ready = await identified(d, socket, shard=[0, 2])
        assert isinstance(ready, dict)
        assert {int(each["id"]) for each in ready["d"]["guilds"]} == {own[0].id, own[2].id}
        assert ready["d"]["shard"] == [0, 2]


async def test_a_session_too_soon_after_another_of_its_bucket_is_invalid(
    d: LoopbackDiscord,
) -> None:
    d.starts.max_concurrency = 2
    answers = []
    for shard in (0, 1, 2):
        async with connected(d) as socket:
            answer = await identified(d, socket, shard=[shard, 3])
            assert isinstance(answer, dict)
            answers.append((answer["op"], answer["t"] if answer["op"] == 0 else answer["d"]))
    assert answers == [(0, "READY"), (0, "READY"), (9, False)]
    assert "shard 2 identifies" in d.violations[0]
    assert [each.shard for each in d.starts.identified] == [0, 1]


async def test_who_begins_too_many_sessions_loses_the_token(d: LoopbackDiscord) -> None:
    d.starts.remaining, d.starts.seconds = 1, 0.0
    async with connected(d) as first, connected(d) as second:
        assert isinstance(await identified(d, first), dict)
        assert await identified(d, second) == 4004
        while isinstance(code := await heard(first), dict):
            pass
        assert code == 4004
    with d.redirect():
        async with Bot() as bot:
            with pytest.raises(discord.LoginFailure):
                await bot.login(d.token)


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"op": 3, "d": {}}, 4003),
        ({"op": 2, "d": {"token": "wrong", "intents": 1}}, 4004),
        ({"op": 2, "d": {"token": "loopback-token", "intents": 1 << 40}}, 4013),
    ],
)
async def test_what_may_not_come_first_is_refused(
    d: LoopbackDiscord, sent: dict[str, Any], code: int
) -> None:
    async with connected(d) as socket:
        await socket.send_json(sent)
        assert await heard(socket) == code


async def test_a_connection_identifies_once_and_says_not_too_much(d: LoopbackDiscord) -> None:
    d.starts.seconds = 0.0
    for message, times, code in (
        ({"op": 2, "d": {"token": d.token}}, 1, 4005),
        ({"op": 3}, 120, 4008),
    ):
        async with connected(d) as socket:
            await identified(d, socket)
            for _ in range(times):
                await socket.send_json(message)
            while isinstance(answer := await heard(socket), dict):
                pass
            assert answer == code


async def test_an_old_version_and_a_silent_client_are_refused(d: LoopbackDiscord) -> None:
    async with connected(d, version=8) as socket:
        assert await heard(socket) == 4012
    d.gateway.most_silence = 0.05
    async with connected(d) as socket:
        assert await heard(socket) == 4009, "no heartbeat came"


async def test_events_go_to_the_shard_of_their_guild_and_direct_messages_to_the_first(
    d: LoopbackDiscord,
) -> None:
    d.starts.seconds = 0.0
    places = [d.add_guild(f"Chips {n}", shard=(n, 2)) for n in range(2)]
    async with connected(d) as first, connected(d) as second:
        for shard, socket in enumerate((first, second)):
            await identified(d, socket, shard=[shard, 2], intents=1 | 1 << 9 | 1 << 12)
        d.gateway.delivered.clear()
        for place in places:
            await place.add_member("ada").say("hello")
        await d.add_user("bob").say("psst")
    assert [shard for shard, event in d.gateway.delivered if event == "MESSAGE_CREATE"] == [0, 1, 0]
