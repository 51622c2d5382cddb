"""How the bot is doing, as its health says."""

from __future__ import annotations

import asyncio
from pathlib import Path

from discord import ui

from bot.app.client import Interaction
from bot.app.health import BUCKETS, Health, HealthRecord, ShardHealth
from bot.app.reply import reply
from bot.errors import NoLongerThere
from bot.views.discord.layout import note_layout
from tests.app.conftest import Scene, command, scene_with, until
from tests.conftest import SEEDS


def test_each_acknowledgement_is_counted_in_the_first_bucket_that_holds_it() -> None:
    record = HealthRecord()
    for seconds in (0.0, BUCKETS[0], 0.06, BUCKETS[-1], 99.0):
        record.acknowledged(seconds)
    health = record.state((), shard_count=1, stopping=False)
    assert health.acknowledgements == (2, 1, 0, 0, 0, 0, 1, 1)
    assert health.acknowledgement_seconds == 0.0 + BUCKETS[0] + 0.06 + BUCKETS[-1] + 99.0


def health_of(*shards: ShardHealth) -> Health:
    """The health of a bot with these shards."""
    return HealthRecord().state(shards, shard_count=len(shards), stopping=False)


def test_a_bot_is_ready_once_all_its_shards_are() -> None:
    ready, away = (
        ShardHealth(0, ready=True, heartbeat_age=1.0, servers=3),
        ShardHealth(1, ready=False, heartbeat_age=None, servers=0),
    )
    assert not health_of().ready
    assert health_of(ready).ready
    assert not health_of(ready, away).ready


def test_the_oldest_heartbeat_counts_and_a_missing_connection_has_none() -> None:
    fresh, old = (
        ShardHealth(0, ready=True, heartbeat_age=1.0, servers=3),
        ShardHealth(1, ready=True, heartbeat_age=50.0, servers=0),
    )
    assert health_of(fresh, old).heartbeat_age == 50.0
    assert (
        health_of(fresh, ShardHealth(1, ready=False, heartbeat_age=None, servers=0)).heartbeat_age
        is None
    )
    assert health_of().heartbeat_age is None


async def test_a_connected_bot_is_ready_and_its_heartbeat_is_fresh(scene: Scene) -> None:
    await scene.client.wait_until_ready()  # discord.py waits 2 s for more servers
    health = scene.client.health
    assert health.ready
    assert health.heartbeat_age is not None
    assert health.heartbeat_age < 10
    assert (health.answered, health.failed, sum(health.acknowledgements)) == (0, 0, 0)


async def test_a_bot_without_a_connection_is_not_ready(scene: Scene) -> None:
    await scene.client.wait_until_ready()
    await scene.client.shards[0]._parent.ws.close(4000)  # noqa: SLF001 - discord.py has no other way
    assert not scene.client.health.ready
    assert scene.client.health.heartbeat_age is None
    await scene.server.ready()
    await until(lambda: scene.client.health.ready)


async def test_answers_and_acknowledgements_are_counted(scene: Scene) -> None:
    answer = await (await scene.ada.slash("ask", question="Dalai Lama")).reply()
    await (await scene.ada.press(answer, label="Why these?")).reply()
    health = scene.client.health
    assert (health.answered, health.failed) == (2, 0)
    assert sum(health.acknowledgements) == 2
    assert 0 < health.acknowledgement_seconds < 3


async def test_an_unexpected_error_is_counted_as_failed_and_an_expected_one_is_not(
    tmp_path: Path,
) -> None:
    errors: list[Exception] = [ZeroDivisionError("zebra"), NoLongerThere()]

    async def fails() -> ui.LayoutView:
        raise errors.pop()

    async with scene_with(tmp_path, SEEDS, [command(lambda it: reply(it, fails()))]) as scene:
        for counts in ((1, 0), (1, 1)):
            await (await scene.ada.slash("test")).reply()
            assert (scene.client.health.answered, scene.client.health.failed) == counts


async def test_an_answer_that_is_not_delivered_is_counted_as_failed(tmp_path: Path) -> None:
    returned = asyncio.Event()

    async def hello() -> ui.LayoutView:
        return note_layout("Hello")

    async def handler(interaction: Interaction) -> None:
        await reply(interaction, hello(), defer_first=True)
        returned.set()

    async with scene_with(tmp_path, SEEDS, [command(handler)]) as scene:
        scene.server.fail_next("PATCH", r"/messages/@original$", status=404)
        await scene.ada.slash("test")
        await returned.wait()
        assert (scene.client.health.answered, scene.client.health.failed) == (0, 1)
