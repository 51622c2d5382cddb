"""Layers that Ray's actors hold: answers are those of one process, never silently half."""

from __future__ import annotations

import os
import signal
from dataclasses import replace

import pytest

from bot.cluster import ray_hosts
from bot.cluster.ray_hosts import RayHosts
from bot.errors import PartUnreachable
from bot.library.answers import AnswerOptions, search
from bot.library.library import Library
from bot.library.snapshot.served import Served
from bot.library.spread.snapshot import SpreadSnapshot
from bot.library.spread.spreading import Held, Spreader, View
from bot.models import Answer
from bot.search.query import parse
from bot.search.ranking import RankedThread
from tests.app.conftest import scene_with
from tests.cluster.conftest import Shelf, pids, stopped

QUESTIONS = (
    "port ship",
    "“crane rice”",
    "tariff -harbour",
    "from:anna queue dawn",
    "since:2023 price",
    "prot shp",
    "thread:port export",
    "zebra",
    "winter letter garden museum engine",
)


async def answers(library: Library, **options: object) -> list[Answer]:
    """Answers to all questions, whatever time they took."""
    found = [await library.ask(each, 5, explain=True, **options) for each in QUESTIONS]  # type: ignore[arg-type]
    return [replace(each, took_ms=0.0) for each in found]


def rankings(snapshot: Served) -> list[tuple[RankedThread, ...]]:
    """What all questions find in a snapshot, whatever is loaded meanwhile."""
    analyzer = snapshot.index.analyzer
    options = AnswerOptions(5)
    return [search(snapshot, parse(each, analyzer), options).ranking.threads for each in QUESTIONS]


async def test_actors_answer_as_one_process(shelf: Shelf, hosts: RayHosts) -> None:
    async with shelf.open() as near, shelf.open(hosts) as far:
        assert isinstance(far.current.snapshot, SpreadSnapshot)
        assert len(set(pids(far, hosts))) == hosts.count
        assert os.getpid() not in pids(far, hosts)
        assert await answers(far) == await answers(near)
        assert await answers(far, page=2) == await answers(near, page=2)
        assert await answers(far, newest=True) == await answers(near, newest=True)
        assert await far.stats() == await near.stats()
        assert far.threads() == near.threads()
        assert await far.titles("po", 9) == await near.titles("po", 9)
        assert await far.examples(3) == await near.examples(3)
        some = near.threads()[70]
        assert await far.thread(some.id) == await near.thread(some.id)
        assert await far.thread_matches("port") == await near.thread_matches("port")


async def test_a_load_is_served_and_earlier_questions_are_still_answered(
    shelf: Shelf, hosts: RayHosts
) -> None:
    async with shelf.open(hosts) as far:
        before = far.current.snapshot
        earlier = rankings(before)
        await shelf.load(far, "four.json", 30)
        assert far.tweets > len(before.index)
        assert rankings(before) == earlier
        async with shelf.open() as near:
            assert await answers(far) == await answers(near)


async def test_a_load_is_served_though_files_of_earlier_layers_are_gone(
    shelf: Shelf, hosts: RayHosts
) -> None:
    async with shelf.open(hosts) as far, shelf.open() as near:
        await shelf.load(near, "five.json", 30)
        await near.settled()
        for file in shelf.data.glob("index-0-*.bin"):
            file.unlink()
        await far.catch_up()
        assert await answers(far) == await answers(near)


async def test_a_guild_answers_from_its_own_layers_on_top(shelf: Shelf, hosts: RayHosts) -> None:
    async with shelf.open(hosts) as far:
        guild = await far.beside(7)
        await shelf.load(guild, "own.json", 20)
        assert guild.tweets > far.tweets
        found = await answers(guild)
        await guild.settled()
    async with shelf.open() as near:
        guild = await near.beside(7)
        assert await answers(guild) == found
        await guild.settled()


async def test_an_actor_that_is_killed_is_started_again(shelf: Shelf, hosts: RayHosts) -> None:
    async with shelf.open(hosts) as far:
        expected = await answers(far)
        first = pids(far, hosts)[0]
        os.kill(first, signal.SIGKILL)
        assert await answers(far) == expected
        assert first not in pids(far, hosts)


async def test_an_answer_says_what_was_not_searched(
    shelf: Shelf, hosts: RayHosts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ray_hosts, "PATIENCE", 0.5)
    async with shelf.open(hosts) as far:
        expected = await answers(far)
        snapshot = far.current.snapshot
        assert isinstance(snapshot, SpreadSnapshot)
        lost = next(each for each in snapshot.parts if not each.is_here)
        with stopped(pids(far, hosts)[0]):
            answer = await far.ask("port ship")
            said = str(answer.hints[0])
            assert said.startswith(f"{lost.facts.documents} tweets were not searched, from ")
            assert ".json" in said
            assert said.endswith("this part of the library cannot be reached right now.")
            assert 0 < answer.tweets < expected[0].tweets
            with pytest.raises(PartUnreachable):
                await far.titles("port", 5)
        far.current.snapshot.parts[0].host.is_lost = False  # type: ignore[attr-defined]
        monkeypatch.setattr(ray_hosts, "PATIENCE", 12.0)
        assert await answers(far) == expected


async def test_without_any_part_there_is_no_answer(
    shelf: Shelf, hosts: RayHosts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ray_hosts, "PATIENCE", 0.3)
    async with shelf.open(hosts) as far:
        one, other = pids(far, hosts)
        with stopped(one), stopped(other), pytest.raises(PartUnreachable):
            await far.ask("port ship")
        monkeypatch.setattr(ray_hosts, "PATIENCE", 12.0)
        for each in far.current.snapshot.parts:  # type: ignore[attr-defined]
            each.host.is_lost = False
        assert (await far.ask("port ship")).tweets


async def test_a_member_sees_what_was_not_searched(
    shelf: Shelf, hosts: RayHosts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ray_hosts, "PATIENCE", 0.5)
    spreader = Spreader(hosts, least=1)
    async with scene_with(shelf.data, shelf.seeds, spreader=spreader) as scene:
        whole = await (await scene.ada.slash("ask", question="port ship")).reply()
        assert "not searched" not in whole.text
        with stopped(pids(scene.library, hosts)[0]):
            exchange = await scene.ada.slash("ask", question="port ship")
            message = await exchange.reply()
            assert "tweets were not searched, from" in message.text
            assert exchange.acknowledged_after < 3
            exchange = await scene.ada.slash("thread", thread="port ship")
            assert "cannot be reached right now" in (await exchange.reply()).text
        for each in scene.library.current.snapshot.parts:  # type: ignore[attr-defined]
            if not each.is_here:
                each.host.is_lost = False
        monkeypatch.setattr(ray_hosts, "PATIENCE", 12.0)
        again = await (await scene.ada.slash("ask", question="port ship")).reply()
        assert again.text == whole.text


async def test_an_actor_that_cannot_read_a_file_is_an_error(
    shelf: Shelf, hosts: RayHosts, caplog: pytest.LogCaptureFixture
) -> None:
    async with shelf.open() as near:
        snapshot = near.current.whole
        file = next(shelf.data.glob("index-0-*.bin"))
        held = Held(file.with_name("absent"), "absent", 9, None, 0, frozenset())
        view = View((held,), snapshot.dumps, snapshot.forgotten)
        with pytest.raises(PartUnreachable):
            hosts.open([view])
    assert "an actor cannot hold layers: FileNotFoundError" in caplog.text
