"""The rate limit: so many questions per user in so many seconds."""

from __future__ import annotations

import pytest

from bot.app import rate_limit
from bot.app.rate_limit import CHANGES, QUESTIONS, SECONDS, RateLimit, RateLimits
from bot.errors import TooOften
from tests.app.conftest import Scene
from tests.discord_server import Exchange, Upload

ADA, GRACE = 1, 2


def test_each_kind_has_the_limit_that_the_documentation_names() -> None:
    limits = RateLimits()
    found = {
        name: sum(limit.retry_after(ADA) is None for _ in range(200))
        for name, limit in vars(limits).items()
        if isinstance(limit, RateLimit)
    }
    assert found == {"questions": 15, "changes": 15, "presses": 30, "completions": 100}
    assert SECONDS == 20


def test_a_user_over_the_limit_is_told_how_long_to_wait() -> None:
    limit = RateLimit(questions=2, seconds=60)
    assert [limit.retry_after(ADA) for _ in range(2)] == [None, None]
    seconds = limit.retry_after(ADA)
    assert seconds is not None
    assert 0 < seconds <= 60


def test_each_user_has_a_limit_of_their_own() -> None:
    limit = RateLimit(questions=1, seconds=60)
    assert limit.retry_after(ADA) is None
    assert limit.retry_after(GRACE) is None
    assert limit.retry_after(ADA) is not None
    assert limit.retry_after(GRACE) is not None


def test_the_least_recent_users_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limit, "CAPACITY", 2)
    limit = RateLimit(questions=1, seconds=60)
    for user in (ADA, GRACE):
        limit.retry_after(user)
    assert limit.retry_after(ADA) is not None, "both are remembered"
    limit.retry_after(3)
    assert limit.retry_after(ADA) is not None, "ADA asked more recently than GRACE"
    assert limit.retry_after(GRACE) is None


def test_its_cooldown_counts_nothing_yet() -> None:
    cooldown = RateLimit(questions=2, seconds=60).cooldown()
    assert (cooldown.rate, cooldown.per, cooldown.get_tokens()) == (2, 60, 2)


async def is_refused(exchange: Exchange) -> bool:
    """Whether somebody over the limit is told so, briefly and alone."""
    message = await exchange.reply()
    told = message.text in {str(TooOften(seconds)) for seconds in range(1, int(SECONDS) + 1)}
    assert not told or message.ephemeral
    return told


async def test_buttons_menus_and_forms_have_a_limit_of_each_person_together(scene: Scene) -> None:
    scene.client.limits.presses = RateLimit(3)
    opened = await (await scene.ada.slash("thread", thread="suitcases")).reply()
    menu = next(each.custom_id for each in opened.selects if each.custom_id.startswith("tb1:more"))
    form = (await scene.ada.press(opened, label="Go to tweet…")).modal
    assert form is not None
    assert not await is_refused(await scene.ada.submit(form, {"said": "2"}))
    assert not await is_refused(await scene.ada.choose(opened, values=["sources"], custom_id=menu))
    before = scene.server.message(opened.id).text
    assert await is_refused(await scene.ada.submit(form, {"said": "3"}))
    assert await is_refused(await scene.ada.choose(opened, values=["sources"], custom_id=menu))
    assert await is_refused(await scene.ada.press(opened, label="Go to tweet…"))
    assert scene.server.message(opened.id).text == before
    assert not await is_refused(await scene.ada.slash("ask", question="chip")), "counted apart"
    theirs = await (await scene.grace.slash("thread", thread="suitcases")).reply()
    assert (await scene.grace.press(theirs, label="Go to tweet…")).modal, "each has their own"


async def test_suggestions_over_the_limit_are_an_empty_list(scene: Scene) -> None:
    scene.client.limits.completions = RateLimit(2)
    typed = [
        await scene.ada.autocomplete("thread", option="thread", text="suitcases") for _ in range(3)
    ]
    assert [bool(each) for each in typed] == [True, True, False]
    assert await scene.grace.autocomplete("thread", option="thread", text="suitcases")


async def test_reloads_have_a_limit(scene: Scene) -> None:
    empty = Upload("empty.txt", b"")
    refused = [
        await is_refused(await scene.grace.slash("reload", file=empty)) for _ in range(CHANGES + 1)
    ]
    assert refused == [False] * CHANGES + [True]


async def test_commands_of_a_message_have_the_limit_of_questions(scene: Scene) -> None:
    said = await scene.grace.say("suitcases")
    command = "Find threads about this"
    refused = [
        await is_refused(await scene.ada.message_command(command, said))
        for _ in range(QUESTIONS + 1)
    ]
    assert refused == [False] * QUESTIONS + [True]
    assert await is_refused(await scene.ada.slash("ask", question="chip")), "counted together"
    assert not await is_refused(await scene.grace.slash("help"))
