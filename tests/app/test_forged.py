"""A forged custom ID does nothing that its presser could not do by command."""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import discord
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.app.rate_limit import RateLimit
from bot.app.service import FEATURES
from bot.views.discord import custom_id
from tests.app.conftest import Scene, reloaded, scene_with, until
from tests.conftest import SEEDS
from tests.discord_server import Member, Message, Upload
from tests.discord_server.interactions import COMPONENT, MODAL_SUBMIT

BUTTON, SELECT, ROW, LABEL, TEXT_INPUT = 2, 3, 1, 18, 4
TEMPLATES = [
    each.__discord_ui_compiled_template__.pattern
    for feature in FEATURES
    for each in feature.components
]
FORMS = [form.template for feature in FEATURES for form in feature.forms]
WORDS = ("read", "all", "save", "post", "sources", "suitcases", "seeds", "#1", "1", "said")

numbers = itertools.count()


@st.composite
def forged_ids(draw: st.DrawFn) -> list[str]:
    """A custom ID of every kind of component and form, with random fields."""
    return [draw(st.from_regex(template, fullmatch=True)) for template in (*TEMPLATES, *FORMS)]


@dataclass(frozen=True, slots=True)
class Known:
    """What a forger may know."""

    thread: str
    """The id of a thread."""
    upload: str
    """The token of files that wait to be loaded."""
    ids: tuple[str, ...]
    """The custom IDs of buttons that others may press."""
    messages: tuple[Message, ...]
    """Messages of others, for everyone."""
    hidden: str
    """The id of what the server hides."""


async def known(scene: Scene) -> Known:
    """Have things in the server that are worth forging for."""
    (scene.seeds / "kiwi.txt").write_text("Kiwis, a thread\n", encoding="utf-8")
    await reloaded(scene)
    (scene.seeds / "emu.txt").write_text("Emus, a thread\n", encoding="utf-8")
    asked = await (await scene.grace.slash("library forget", thread="Kiwis")).reply()
    await (await scene.grace.press(asked, label="Hide")).reply()
    okapi = Upload("okapi.txt", b"---\nauthor: anna\n---\nOkapis, a thread\n")
    preview = await (await scene.grace.slash("reload", file=okapi)).reply()
    report = await (await scene.grace.press(preview, label="Load")).reply()
    waiting = await (
        await scene.grace.slash("reload", file=Upload("tapir.txt", b"Tapirs, a thread\n"))
    ).reply()
    removing = await (await scene.grace.slash("library remove", dump="okapi.txt")).reply()
    hiding = await (await scene.grace.slash("library forget", thread="suitcases")).reply()
    answer = await (await scene.grace.slash("ask", question="okapis", public=True)).reply()
    await scene.grace.say(f"<@{scene.server.world.bot.id}> suitcases")
    await until(lambda: scene.server.messages[-1].raw.get("message_reference"))
    mention = scene.server.messages[-1]
    ids = [
        each.custom_id
        for message in (report, waiting, removing, hiding, answer)
        for each in message.buttons
        if each.custom_id
    ]
    upload = next(each.split(":")[2] for each in ids if each.startswith("tb1:apply"))
    thread = (await scene.library.titles("suitcases", 1))[0].id
    own = await scene.client.libraries.own(scene.guild.id)
    (hidden,) = await own.removal.hidden()
    return Known(thread, upload, tuple(ids), (answer, mention), hidden.id)


def likely_ids(scene: Scene, found: Known, forger: Member) -> list[str]:
    """Custom IDs with fields that exist, which a random one has never."""
    other = scene.server.add_guild("Ships").id
    return [
        *found.ids,
        *(custom_id.decide(what, found.upload) for what in ("apply", "cancel")),
        *(custom_id.decide(what, "seeds") for what in ("apply", "cancel")),
        *(custom_id.undo(number, scope) for number in range(1, 5) for scope in "sg"),
        *(f"tb1:undo:{number}" for number in range(1, 5)),
        *(custom_id.remove(str(number), "0" * 16) for number in range(1, 5)),
        custom_id.forget(found.thread, None, "0" * 16),
        *(custom_id.delete(each.id) for each in (forger, scene.grace)),
        custom_id.which(None),
        custom_id.WHICH_DUMP,
        custom_id.KEEP,
        custom_id.posting(found.thread, scene.library.version, 0, 1),
        custom_id.posting(found.thread, scene.library.version, other, 2),
        custom_id.stop(other),
    ]


def state(scene: Scene, own: Any, since: set[int]) -> Any:
    """What no forger may change: libraries, settings, files, and the messages of others."""
    client = scene.client
    return (
        client.library.generation,
        own.version,
        client.guild_settings.loading_role(scene.guild.id),
        dict(client.guild_settings._public),  # noqa: SLF001 - all that is set
        sorted(path.name for path in (scene.library.folder / "uploads").rglob("*")),
        [
            (each.id, each.text, each.components)
            for each in scene.server.messages
            if each.id in since
        ],
        [each.id for each in scene.guild.threads],
    )


def carrying(message: Message, kind: int, identity: str, value: str) -> Message:
    """The message as if it had a component with a forged custom ID."""
    part: dict[str, Any] = {"type": kind, "custom_id": identity, "id": 999}
    if kind == BUTTON:
        part |= {"style": 1, "label": "x"}
    else:
        part["options"] = [{"label": "x", "value": value}]
    components = [*message.raw["components"], {"type": ROW, "id": 998, "components": [part]}]
    return replace(message, raw={**message.raw, "components": components})


async def pressed(forger: Member, message: Message, identity: str, value: str = "") -> str:
    """Press a button with a forged custom ID, or choose a value; what the bot replies."""
    kind = SELECT if value else BUTTON
    data: dict[str, Any] = {"component_type": kind, "custom_id": identity, "id": 999}
    if value:
        data["values"] = [value]
    source = carrying(message, kind, identity, value)
    exchange = await forger._act(COMPONENT, data, "forged", source)  # noqa: SLF001 - none is public
    return (await exchange.reply()).text


async def forge(forger: Member, message: Message, identity: str, value: str) -> None:
    """Press, choose and send a form with a forged custom ID; whatever the bot says."""
    presses = []
    for kind in (BUTTON, SELECT):
        data: dict[str, Any] = {"component_type": kind, "custom_id": identity, "id": 999}
        if kind == SELECT:
            data["values"] = [value]
        source = carrying(message, kind, identity, value)
        presses.append(forger._act(COMPONENT, data, "forged", source))  # noqa: SLF001
        # Discord says which components the message has; discord.py ignores all others.
        presses.append(forger._act(COMPONENT, data, "forged", message))  # noqa: SLF001
    field = {"type": TEXT_INPUT, "custom_id": "said", "id": 2, "value": value}
    form = {"custom_id": identity, "components": [{"type": LABEL, "id": 1, "component": field}]}
    presses.append(forger._act(MODAL_SUBMIT, form, "forged", message))  # noqa: SLF001
    await asyncio.gather(*presses, return_exceptions=True)


async def check(folder: Path, ids: Iterable[str]) -> None:
    """Press forged components as a member without any right, and check that nothing changed."""
    shutil.copytree(SEEDS, folder / "seeds")
    async with scene_with(folder / "data", folder / "seeds") as scene:
        scene.client.limits.presses = RateLimit(1_000_000)
        rights = discord.Permissions(send_messages=True, create_public_threads=True)
        forger = scene.guild.add_member("mallory", without=rights)
        found = await known(scene)
        own = await scene.client.libraries.own(scene.guild.id)
        since = {each.id for each in scene.server.messages}
        mine = await (await forger.slash("ask", question="suitcases")).reply()
        before = state(scene, own, since)
        scene.server.ack_timeout = 0.5
        forged = [*likely_ids(scene, found, forger), *ids]
        values = itertools.cycle(
            [*WORDS, found.thread, f"{found.thread}:1", f"read:{found.thread}:1"]
        )
        waves = zip(forged, itertools.cycle(found.messages), values, strict=False)
        for wave in _batched(waves):
            await asyncio.gather(*(forge(forger, to, each, value) for each, to, value in wave))
        await pressed(forger, found.messages[0], custom_id.UNHIDE, found.hidden)
        await pressed(forger, mine, custom_id.posting(found.thread, own.version, 0, 1))
        await scene.client.stopping.stop(finish_seconds=5)
        assert state(scene, own, since) == before
        new = [each for each in scene.server.messages if each.id not in since]
        here = [each for each in new if each.guild_id == scene.guild.id]  # the other is welcomed
        public = [each for each in here if each.shown_to != forger.id]
        assert public == [], "nothing new for everyone"
        scene.server.violations.clear()  # what was too late


def _batched(every: Iterable[Any]) -> Iterable[tuple[Any, ...]]:
    iterator = iter(every)
    return iter(lambda: tuple(itertools.islice(iterator, 20)), ())


@given(ids=forged_ids())
@settings(
    max_examples=int(os.environ.get("THREADBOT_TEST_FORGERIES", "3")),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.generate],
)
def test_a_forged_custom_id_changes_nothing(tmp_path: Path, ids: list[str]) -> None:
    asyncio.run(check(tmp_path / str(next(numbers)), ids))
