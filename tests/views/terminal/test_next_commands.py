"""The commands that an answer offers."""

from __future__ import annotations

import shlex

import pytest

from bot.views.terminal.next_commands import IN_CHAT, InShell
from tests.views.shown import an_answer, hit

HIT = hit(more_in_thread=11)


@pytest.mark.parametrize(
    "question", ["no ship", "it's", '"no ship" -rumour', "$(rm) `x` \\ ! * ~", "-rumour", "日本"]
)
def test_a_question_survives_the_shell(question: str) -> None:
    answer = an_answer(question=question, threads=2, pages=3)
    shell = InShell()
    for command in (shell.all_in_thread(answer, HIT), shell.page(answer, 2)):
        assert shlex.split(command)[-1] == question
    dashed = shlex.split(shell.page(an_answer(question="-rumour"), 2))
    assert dashed == ["threadbot", "ask", "--page", "2", "--", "-rumour"]


def test_a_command_is_one_line() -> None:
    assert InShell().page(an_answer(question="no\n ship"), 2).endswith("'no ship'")


def test_options_are_repeated_where_they_matter() -> None:
    shell = InShell(("python", "-m", "bot"), ("--guild", "7"), ("--newest",), ("--limit", "2"))
    answer = an_answer(question="ship", threads=2, exact=True)
    assert shell.read_on(HIT) == "python -m bot thread 0123456789ab --guild 7 --from 2"
    assert shell.page(answer, 3) == (
        "python -m bot ask --guild 7 --newest --exact --limit 2 --page 3 ship"
    )
    assert shell.all_in_thread(answer, HIT) == (
        "python -m bot ask --guild 7 --newest --exact --thread 0123456789ab --limit 12 ship"
    )


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("ship", ["ship"]),
        ("ship thread:0123456789ab", ["ship"]),
        ("thread:“quiet ports” ship thread:1 port", ["ship port"]),
        ('THREAD:"quiet ports"', []),
        ("-rumour thread:ports", ["--", "-rumour"]),
    ],
)
def test_all_of_a_thread_names_it_once_even_if_it_is_the_only_one(
    question: str, rest: list[str]
) -> None:
    command = InShell().all_in_thread(an_answer(question=question, threads=1), HIT)
    named = ["--thread", "0123456789ab", "--limit", "12"]
    assert shlex.split(command) == ["threadbot", "ask", *named, *rest]


def test_a_repaired_question_is_asked_as_it_was() -> None:
    answer = an_answer(question="no ship", asked="no shpi")
    assert InShell().as_asked(answer) == "threadbot ask --exact 'no shpi'"
    assert IN_CHAT.as_asked(answer) == "/exact"


def test_in_the_chat_they_are_its_own_commands() -> None:
    answer = an_answer(threads=2)
    assert IN_CHAT.read_on(HIT) == "1, or /thread 0123456789ab --from 2"
    assert IN_CHAT.all_in_thread(answer, HIT) == "/all 1"
    assert (IN_CHAT.page(answer, 2), IN_CHAT.page(answer, 5)) == ("/next", "/page 5")
