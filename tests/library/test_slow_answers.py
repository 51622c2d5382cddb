"""Slow answers in the log: figures, and words only if that is wanted."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.library.library import Library
from bot.library.slow_answers import SlowAnswers
from bot.logs import FACTS
from tests.conftest import SEEDS


async def logged(
    folder: Path, slow: SlowAnswers | None, caplog: pytest.LogCaptureFixture
) -> list[dict[str, object]]:
    """What is logged of a question to the shared library, and of one to a guild's."""
    async with Library.open(folder, SEEDS) as library:
        library.slow_answers = slow
        await library.ask("okapi chips")
        own = await library.beside(77)
        await own.ask("robots")
        await own.settled()
    return [getattr(each, FACTS) for each in caplog.records if each.getMessage() == "slow answer"]


async def test_a_slow_answer_is_logged_without_its_words(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shared, own = await logged(tmp_path, SlowAnswers(0), caplog)
    assert (shared["scope"], shared["searched"], own["scope"]) == ("shared", 37, 77)
    assert {*shared} == {"took_ms", "searched", "found", "threads", "scope"}
    assert "okapi" not in caplog.text


async def test_a_setting_adds_the_words(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    shared, own = await logged(tmp_path, SlowAnswers(0, with_text=True), caplog)
    assert (shared["question"], own["question"]) == ("okapi chips", "robots")


async def test_quick_answers_and_programs_without_a_log_log_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert await logged(tmp_path, SlowAnswers(60_000), caplog) == []
    assert await logged(tmp_path, None, caplog) == []
