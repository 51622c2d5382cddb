"""What the terminal's commands share."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.search.bm25 import native
from tests.conftest import SEED, Program


def test_options_that_are_wrong_are_all_named(threadbot: Program) -> None:
    done = threadbot("load", str(SEED), "--date", "soon", "--source", "here")
    assert done.status == 2
    assert "--date soon" in done.err
    assert "--source here" in done.err


WITHOUT_KERNELS = ("-m", "tests.without_kernels")


@pytest.mark.parametrize("command", [("load", str(SEED)), ("reload",), ("chat",), ("run",)])
def test_missing_kernels_are_reported_once_with_what_to_install(
    threadbot: Program, command: tuple[str, ...]
) -> None:
    settings = {}
    if command == ("run",):  # discord.py imports a deprecated module; there is nothing to serve
        settings = {"DISCORD_TOKEN": "x", "PYTHONWARNINGS": "ignore", "THREADBOT_SEEDS": "nowhere"}
    done = threadbot(*command, program=WITHOUT_KERNELS, settings=settings)
    assert done.err.count("Searches run without the compiled kernels") == 1
    assert "apt install gcc python3-dev" in done.err


@pytest.mark.parametrize("command", [("ask", "suitcases", "--json"), ("threads",), ("stats",)])
def test_missing_kernels_are_no_matter_where_only_an_answer_is_wanted(
    threadbot: Program, command: tuple[str, ...]
) -> None:
    done = threadbot(*command, program=WITHOUT_KERNELS)
    assert done.status == 0
    assert done.err == ""


@pytest.mark.skipif(native.kernels is None, reason="the kernels are not built")
def test_nothing_is_said_of_kernels_that_are_there(threadbot: Program) -> None:
    assert threadbot("load", str(SEED)).err == ""


def test_a_first_load_needs_no_seeds(threadbot: Program, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Okapis are shy", encoding="utf-8")
    nowhere = {"THREADBOT_SEEDS": "nowhere"}
    assert threadbot("load", "a.txt", settings=nowhere).status == 0
    assert threadbot("ask", "okapi", settings=nowhere).status == 0
