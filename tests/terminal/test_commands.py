"""The commands by name, and what runs without one."""

from __future__ import annotations

import pytest

from bot.terminal.arguments import SUMMARIES
from bot.terminal.commands import COMMANDS
from tests.conftest import Program


def test_every_command_of_the_help_has_a_function_and_the_other_way_round() -> None:
    assert list(COMMANDS) == list(SUMMARIES)


def test_without_a_command_and_a_token_it_is_a_chat(threadbot: Program) -> None:
    done = threadbot(said="/quit\n")
    assert done.status == 0
    assert done.out.startswith("DISCORD_TOKEN is not set, so Threadbot runs as a chat")
    assert "Type a question, or /help." in done.out


def test_run_needs_a_token(threadbot: Program) -> None:
    done = threadbot("run")
    assert done.status == 2
    assert "DISCORD_TOKEN is not set." in done.err


def test_no_command_is_slower_to_start_for_discord(threadbot: Program) -> None:
    script = (
        "import sys; from bot.terminal.main import main; main(['threads']); "
        "print('discord' in sys.modules, 'rich' in sys.modules)"
    )
    assert threadbot(program=("-c", script)).out.splitlines()[-1] == "False False"


def test_asking_imports_no_reader_of_dumps(threadbot: Program) -> None:
    assert threadbot("threads").status == 0  # loads the seeds
    script = (
        "import sys; from bot.terminal.main import main; main(['ask', 'chips']); "
        "print([each for each in sys.modules if each.startswith('bot.loader.pages')])"
    )
    assert threadbot(program=("-c", script)).out.splitlines()[-1] == "[]"


def test_help_imports_no_library(threadbot: Program) -> None:
    script = (
        "import sys; from bot.terminal.main import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: print('bot.library.library' in sys.modules)"
    )
    assert threadbot(program=("-c", script)).out.splitlines()[-1] == "False"


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_the_function_of_its_name(name: str) -> None:
    assert getattr(COMMANDS[name], "__name__", "") == name
