"""`/help` and `/about`: every command and every option is named, in every language."""

from __future__ import annotations

import re

import pytest
from discord import app_commands

from bot.app.commands.ask import ask
from bot.app.service import FEATURES
from bot.i18n.catalogues import languages
from bot.i18n.messages import ENGLISH, Language, Sentence
from bot.reports import LibraryFacts
from bot.views.help_text import help_lines, library_lines

FOR_MANAGERS = {"reload", "library"}
"""Commands that only those who manage a server may use; `/help` is for everyone."""
TONGUES = [ENGLISH, *languages().values()]


def as_link(command: Sentence) -> str:
    """The command as a link to tap."""
    return f"<{command.english}:1>"


def commands() -> list[app_commands.Command | app_commands.ContextMenu | app_commands.Group]:  # type: ignore[type-arg]  # whatever they take
    """Every command that the bot registers."""
    return [each for feature in FEATURES for each in feature.commands]


def test_every_command_that_everyone_may_use_is_in_the_help() -> None:
    text = "\n".join(help_lines(ENGLISH))
    for each in commands():
        if each.name in FOR_MANAGERS | {"help"}:
            continue
        shown = f"*{each.name}*" if isinstance(each, app_commands.ContextMenu) else f"/{each.name}`"
        assert shown in text, each.name


def test_those_left_out_of_the_help_are_commands_for_managers() -> None:
    assert {each.name for each in commands()} > FOR_MANAGERS


def test_every_option_of_ask_is_in_the_help() -> None:
    text = "\n".join(help_lines(ENGLISH))
    options = {each.name for each in ask.parameters} - {"question"}  # which is no option
    assert set(re.findall(r"`(\w+)`", text)) == options


@pytest.mark.parametrize("say", TONGUES, ids=lambda say: say.tag)
def test_the_help_is_of_the_same_lines_in_every_language(say: Language) -> None:
    made = help_lines(say)
    assert len(made) == len(help_lines(ENGLISH))
    assert sum(map(len, made)) < 4_000
    for operator in ('"hard drives"', "-tariffs", "has:link", "site:wsj.com"):
        assert f"`{operator}`" in made[2]
    assert all(made)


@pytest.mark.parametrize("say", TONGUES, ids=lambda say: say.tag)
def test_commands_are_links_to_tap_where_their_ids_are_known(say: Language) -> None:
    text = "\n".join(help_lines(say, as_link))
    assert [f"<{name}:1>" in text for name in ("/ask", "/thread", "/reload", "/about")] == [
        True
    ] * 4
    assert "</thread:1>" in library_lines(LibraryFacts("1", 1, 1, 1), say, as_link)[3]
    assert "`/" not in text


@pytest.mark.parametrize("say", TONGUES, ids=lambda say: say.tag)
def test_what_is_loaded_is_told_in_numbers(say: Language) -> None:
    first, *rest = library_lines(LibraryFacts("9.8.7", 1234, 5678, 90), say)
    assert "Threadbot 9.8.7" in first
    assert "1234" not in first  # the generation says nothing to a person
    assert say.number(5678) in first
    assert "90" in first
    assert len(rest) == 4


def test_what_is_stored_of_people_is_told() -> None:
    text = "\n".join(library_lines(LibraryFacts("1", 1, 1, 1), ENGLISH))
    assert "Your questions are never stored." in text
    assert "1 tweet in 1 thread" in text
    assert "/thread can reopen it" in text
