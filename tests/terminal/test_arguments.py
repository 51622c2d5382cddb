"""The arguments of the terminal program, and their help."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

import bot
from bot.terminal.arguments import parser
from bot.terminal.commands import COMMANDS
from tests.conftest import Program
from tests.terminal.on_terminal import on_terminal


def test_wrong_usage_is_status_2(threadbot: Program) -> None:
    assert threadbot("ask").status == 2
    assert threadbot("frobnicate").status == 2
    assert threadbot("ask", "chips", "--limit", "0").status == 2


def test_version_and_help_need_no_library(threadbot: Program, tmp_path: Path) -> None:
    assert threadbot("--version").out == f"threadbot {bot.__version__}\n"
    assert "exit status" in threadbot("--help").out
    for columns in (60, 80):
        with on_terminal(threadbot, "--help", columns=columns) as terminal:
            lines = terminal.rest().splitlines()
        (at,) = (row for row, each in enumerate(lines) if each.startswith("exit status"))
        assert max(map(len, lines[at:])) <= columns
        assert "" in lines[at:]
    assert not (tmp_path / "data").exists()


def test_a_limit_that_is_no_number_is_said_to_be_none(threadbot: Program) -> None:
    assert "abc is not a positive whole number" in threadbot("ask", "chips", "--limit", "abc").err


def subcommands() -> dict[str, argparse.ArgumentParser]:
    """The parser of each command."""
    (made,) = (
        each
        for each in parser()._actions  # noqa: SLF001  # argparse has no other way
        if isinstance(each, argparse._SubParsersAction)  # noqa: SLF001
    )
    return {name: made.choices[name] for name in made.choices}


def arguments() -> list[tuple[str, argparse.Action]]:
    """Every argument of every command."""
    return [
        (name, each)
        for name, command in subcommands().items()
        for each in command._actions  # noqa: SLF001  # argparse has no other way
    ]


def test_every_command_has_a_parser_and_none_is_left_over() -> None:
    assert set(subcommands()) == set(COMMANDS)


def test_the_help_lists_every_command_with_what_it_does() -> None:
    text = parser().format_help()
    for name, command in subcommands().items():
        assert command.description
        summary = " ".join(text.split())
        assert f"{name} {command.description.removesuffix('.')}" in summary


@pytest.mark.parametrize(
    ("name", "argument"),
    arguments(),
    ids=[f"{name} {each.dest}" for name, each in arguments()],
)
def test_every_argument_has_help(name: str, argument: argparse.Action) -> None:
    assert argument.help, name
    assert argument.help.strip() == argument.help
    assert not argument.help.endswith(".")


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_is_known_by_its_name(name: str) -> None:
    needed = {"ask": ["chips"], "thread": ["ports"], "load": ["a.txt"], "check": ["a.txt"]}
    with_file = ("remove", "backup", "restore")
    given = [name, *needed.get(name, []), *(["a.txt"] if name in with_file else [])]
    assert parser().parse_args(given).command == name


def test_without_a_command_there_is_no_name() -> None:
    assert parser().parse_args([]).command is None


def test_an_unknown_command_is_refused_with_those_there_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended:
        parser().parse_args(["frobnicate"])
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert "frobnicate" in said
    assert said.startswith("usage: threadbot")
    for name in COMMANDS:
        assert name in said.partition("choose from")[2]


@pytest.mark.parametrize("value", ["0", "-1", "1.5", "abc", "", "²"])
def test_a_number_that_is_none_is_refused(value: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parser().parse_args(["ask", "chips", f"--limit={value}"])
    assert ended.value.code == 2
    assert f"{value} is not a positive whole number" in capsys.readouterr().err


def test_options_that_are_not_given_have_their_defaults() -> None:
    asked = parser().parse_args(["ask", "chips", "export"])
    assert asked.question == ["chips", "export"]
    assert (asked.limit, asked.page, asked.newest, asked.json, asked.guild) == (
        7,
        1,
        False,
        False,
        None,
    )


def test_every_command_of_a_library_may_be_of_a_server_but_for_what_is_shared() -> None:
    shared = {"check", "reload", "chat", "run", "invite", "sync", "repair"}
    shared |= {"doctor", "health", "backup", "restore", "vacuum", "migrate"}
    without = {
        name for name, command in subcommands().items() if "--guild" not in command.format_usage()
    }
    assert without == shared
