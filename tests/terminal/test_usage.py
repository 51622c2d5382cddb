"""Wrong usage, and what the program says to type instead."""

from __future__ import annotations

import json

import pytest

from bot.terminal.usage import nearest, parse
from tests.conftest import Program


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [("asj", "ask"), ("ASK", "ask"), ("thred", "thread"), ("histroy", "history")],
)
def test_a_misspelt_command_names_the_one_that_is_meant(
    threadbot: Program, wrong: str, meant: str
) -> None:
    done = threadbot(wrong)
    assert done.status == 2
    assert f"“{wrong}” is not a command. Did you mean {meant}?" in done.err
    assert "To ask a question" not in done.err


def test_a_question_without_a_command_is_told_its_command(threadbot: Program) -> None:
    done = threadbot("what's in the suitcases")
    assert done.status == 2
    assert "Did you mean" not in done.err
    (command,) = [line.strip() for line in done.err.splitlines() if line.startswith("  ")]
    assert command.endswith("""ask 'what'"'"'s in the suitcases'""")
    words = threadbot("thred", "hard", "drives").err
    assert " thread hard drives\n" in words
    assert " ask 'thred hard drives'\n" in words


def test_a_misspelt_option_names_the_one_that_is_meant(threadbot: Program) -> None:
    done = threadbot("ask", "chips", "--limt", "3")
    assert done.status == 2
    assert "--limt is not an option. Did you mean --limit?\n" in done.err
    assert "--zebra is not an option.\n" in threadbot("threads", "--zebra").err
    assert "threads does not take zebra here." in threadbot("threads", "zebra").err


def test_an_option_with_one_dash_is_no_word_of_the_question(threadbot: Program) -> None:
    done = threadbot("ask", "chips", "-limit", "3")
    assert done.status == 2
    assert "-limit is not an option. Did you mean --limit?" in done.err
    assert "put the whole question in quotation marks:" in done.err
    assert "ask 'chips -limit'\n" in done.err


def test_words_after_an_option_belong_to_the_question() -> None:
    options = parse(["ask", "chips", "--newest", "export", "-rumour", "--limit", "3", "-#tag"])
    assert options.question == ["chips", "export", "\N{MINUS SIGN}rumour", "\N{MINUS SIGN}#tag"]
    assert (options.newest, options.limit) == (True, 3)
    assert parse(["thread", "flying", "--from", "3", "suitcases"]).reference == [
        "flying",
        "suitcases",
    ]
    after = parse(["ask", "--", "-h", "-limit"]).question
    assert after == ["\N{MINUS SIGN}h", "\N{MINUS SIGN}limit"]


def test_nothing_is_near_to_what_is_like_nothing() -> None:
    assert nearest("zebra", ["ask", "thread"]) is None
    assert nearest("THREAT", ["ask", "thread"]) == "thread"


def test_control_characters_of_arguments_do_not_reach_the_terminal(threadbot: Program) -> None:
    for arguments in (
        ("\x1b[31mred",),
        ("ask", "a", "--limit", "\x1b[31m"),
        ("thread", "\x1b]0;x"),
    ):
        done = threadbot(*arguments)
        assert done.status in (1, 2)
        assert "\x1b" not in done.err
        assert "␛" in done.err


def test_common_options_may_come_before_the_command(threadbot: Program) -> None:
    assert json.loads(threadbot("--json", "stats").out)["tweets"] == 37
    options = parse(["--guild", "7", "--json", "ask", "chips", "-rumour"])
    assert (options.guild, options.json, options.command) == (7, True, "ask")
    assert parse(["--guild=7", "threads"]).guild == 7


def test_other_options_before_the_command_are_told_their_place(threadbot: Program) -> None:
    done = threadbot("--newest", "ask", "chips")
    assert done.status == 2
    assert "Did you mean" not in done.err
    line = done.err.splitlines()[-1]
    assert line.startswith("threadbot ask: error: Write --newest after the command: ")
    assert line.endswith(" ask --newest …")
    alone = threadbot("--json")
    assert (alone.status, "Write a command before --json" in alone.err) == (2, True)


def test_words_without_a_command_are_a_question_and_no_command_that_takes_none(
    threadbot: Program,
) -> None:
    done = threadbot("china", "robots")
    assert done.status == 2
    assert "Did you mean" not in done.err
    assert "chat" not in done.err
    (command,) = [line.strip() for line in done.err.splitlines() if line.startswith("  ")]
    assert command.endswith("ask 'china robots'")
    assert "Did you mean chat?" in threadbot("chta").err
