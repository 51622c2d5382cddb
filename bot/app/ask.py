"""`/ask`: excerpts that answer a question, each with its sources."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import discord
from discord import app_commands, ui

from bot.app.components import Form, choice_form, component, custom_ids
from bot.app.contexts import EVERYWHERE, INSTALLS
from bot.app.localise import everyones, language_for, readers
from bot.app.manners import IN_TURN
from bot.app.respond import Interaction, fill_in, note, refuse, reply, turn, whose_language
from bot.app.scope import asker, library_of
from bot.app.speaking import may_speak
from bot.app.thread import titles
from bot.errors import NoLongerThere, QuestionLost, ThreadbotError
from bot.language import Language, sentence
from bot.models import Answer
from bot.query import with_options
from bot.views import custom_id
from bot.views.answer_layout import (
    answer_layout,
    share_layout,
    share_options,
    shared_layout,
    why_layout,
)
from bot.views.carrying import MARK, gathered
from bot.views.parts import CHOICES

LONGEST_QUESTION = 4_000
LONGEST_OPTION = 100
WORDS = re.compile(r"<[@#:a][^>]*>|https?://\S+|([\w’'.]*\w)")
"""Words of a message, in the group; mentions, emoji and addresses are none."""

NO_WORDS = sentence(
    "That message has no words to search for. Use {ask} with your own words.", ask=sentence("/ask")
)


@app_commands.command(
    name="ask", description="Search the saved threads; answers quote the authors word for word"
)
@app_commands.describe(
    question='Words to search for; also "an exact phrase", -without, site:wsj.com, has:link',
    author="Only tweets by this handle",
    since="Only tweets from this date or later: 2025-06-13, 2025-06 or 2025",
    until="Only tweets from this date or earlier: 2025-06-13, 2025-06 or 2025",
    thread="Only tweets in this thread",
    mentions="Only tweets that mention this handle",
    site="Only tweets that link to this site, such as wsj.com",
    has_link="Only tweets with a link",
    newest="Newest first (default: best match)",
    public="Show the answer to everyone here, or only to you",
)
@EVERYWHERE
@INSTALLS
@IN_TURN
async def ask(  # the command's options are its parameters
    interaction: Interaction,
    question: app_commands.Range[str, 1, LONGEST_QUESTION],
    author: app_commands.Range[str, 1, LONGEST_OPTION] | None = None,
    since: app_commands.Range[str, 1, LONGEST_OPTION] | None = None,
    until: app_commands.Range[str, 1, LONGEST_OPTION] | None = None,
    thread: app_commands.Range[str, 1, LONGEST_OPTION] | None = None,
    mentions: app_commands.Range[str, 1, LONGEST_OPTION] | None = None,
    site: app_commands.Range[str, 1, LONGEST_OPTION] | None = None,
    has_link: bool = False,  # noqa: FBT001, FBT002  # how discord.py knows an option
    newest: bool = False,  # noqa: FBT001, FBT002  # how discord.py knows an option
    public: bool | None = None,  # noqa: FBT001  # how discord.py knows an option
) -> None:
    """Answer privately unless told otherwise, and remember the first hit for `/thread`."""
    asked = with_options(
        question,
        author=author,
        since=since,
        until=until,
        thread=thread,
        mentions=mentions,
        site=site,
        has_link=has_link,
    )
    public = await interaction.client.is_public(interaction.guild_id, public)
    say = language_for(interaction, public=public)
    await reply(interaction, answered(interaction, asked, say, newest=newest), public=public)


@ask.autocomplete("author")
async def authors(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Handles that go with what is typed so far."""
    found = await (await library_of(interaction)).authors(typed, CHOICES)
    return [app_commands.Choice(name=f"@{each}"[:100], value=each[:100]) for each in found]


ask.autocomplete("thread")(titles)


async def answered(
    interaction: Interaction, question: str, say: Language, *, of: int | None = None, **how: Any
) -> ui.LayoutView:
    """The answer to `question`, remembered as its asker's last; a page of it, as `Wanted` has it.

    `of` is the generation of the page that it takes the place of.
    """
    answer = await (await library_of(interaction)).ask(question, **how)
    if answer.hits:
        first = answer.hits[0]
        interaction.client.last_hits.put(asker(interaction), (first.thread.id, first.best.position))
    return answer_layout(answer, say, stale=of not in (None, answer.generation))


@app_commands.context_menu(name="Find threads about this")
@EVERYWHERE
@INSTALLS
async def about_this(interaction: Interaction, message: discord.Message) -> None:
    """Answer privately what the words of `message` ask for; none of them is an operator."""
    words = " ".join(found[1] for found in WORDS.finditer(message.content) if found[1])
    if words:
        asked = words[:LONGEST_QUESTION]
        await reply(interaction, answered(interaction, asked, readers(interaction)))
    else:
        await reply(interaction, note(interaction, NO_WORDS))


async def _ask_instead(interaction: Interaction, match: re.Match[str], _: list[str]) -> None:
    """Turn the message into the other question's answer."""
    say = whose_language(interaction)
    await turn(interaction, answered(interaction, match["question"], say))


async def _ask_for_word(interaction: Interaction, _: re.Match[str], values: list[str]) -> None:
    """Turn the message into the answer to one word of its question."""
    word, say = values[0].partition(MARK)[0], whose_language(interaction)
    await turn(interaction, answered(interaction, word, say))


async def _turn(interaction: Interaction, match: re.Match[str], _: list[str]) -> None:
    """Show another page of an answer in the place of this one."""
    await turn(interaction, _turned(interaction, match))


async def _turned(interaction: Interaction, match: re.Match[str]) -> ui.LayoutView:
    question, say = _question(interaction, match), whose_language(interaction)
    of = int(match["generation"])
    return await answered(interaction, question, say, of=of, **_page(match))


async def _why(interaction: Interaction, match: re.Match[str], _: list[str]) -> None:
    await reply(interaction, _explained(interaction, match))


async def _explained(interaction: Interaction, match: re.Match[str]) -> ui.LayoutView:
    return why_layout(await _again(interaction, match, explain=True), readers(interaction))


async def _share(interaction: Interaction, match: re.Match[str], _: list[str]) -> None:
    """Ask privately which hit everyone is to see.

    A menu has no room for a long question; a form comes back with the message that carries it.
    """
    options = share_options(interaction.message)
    if not match["question"].startswith(MARK) or not options:
        await reply(interaction, _offered(interaction, match))
        return
    try:
        may_speak(interaction)
    except ThreadbotError as error:
        await reply(interaction, refuse(error))
        return
    asking = custom_id.Asking("", generation=int(match["generation"]), **_page(match))
    await fill_in(interaction, hits_form(readers(interaction), asking, options))


def hits_form(
    say: Language, asking: custom_id.Asking, options: Sequence[discord.SelectOption]
) -> ui.Modal:
    """A form with the hits to choose one of."""
    return choice_form(say("Share"), asking.choice(), say("Choose a tweet"), options)


async def _offered(interaction: Interaction, match: re.Match[str]) -> ui.LayoutView:
    may_speak(interaction)
    return share_layout(await _again(interaction, match), readers(interaction))


async def _chosen(interaction: Interaction, match: re.Match[str], values: list[str]) -> None:
    """Post the hit that was chosen, for everyone."""
    await reply(interaction, _shared(interaction, match, values[0]), public=True)


async def _chosen_in_form(
    interaction: Interaction, match: re.Match[str], filled: dict[str, str]
) -> None:
    await reply(interaction, _shared(interaction, match, filled["said"]), public=True)


async def _shared(interaction: Interaction, match: re.Match[str], value: str) -> ui.LayoutView:
    may_speak(interaction)
    answer = await _again(interaction, match)
    for hit in answer.hits:
        if value == f"{hit.thread.id}:{hit.best.position}":
            by = interaction.user.display_name
            return shared_layout(answer, hit, by, everyones(interaction))
    raise NoLongerThere


async def _again(interaction: Interaction, match: re.Match[str], **how: Any) -> Answer:
    """The page of an answer that a button carries, as it is now."""
    question = _question(interaction, match)
    return await (await library_of(interaction)).ask(question, **_page(match), **how)


def _question(interaction: Interaction, match: re.Match[str]) -> str:
    """The question that a custom id holds, or the message with it.

    Raises:
        QuestionLost: the message does not hold all of it.
    """
    said = match.groupdict().get("question", MARK)
    if not said.startswith(MARK):
        return said
    whole = gathered(custom_ids(interaction.message))
    if whole is None:
        raise QuestionLost
    return whole


def _page(match: re.Match[str]) -> dict[str, Any]:
    return {"page": max(int(match["page"]), 1), "newest": match["order"] == "n"}


ASK_BUTTON = component(custom_id.ASK, _ask_instead)
"""“Did you mean …”: asks that instead."""
HITS_BUTTON = component(custom_id.HITS, _turn)
"""“Previous”, “Next”, “Newest first”."""
WHY_BUTTON = component(custom_id.WHY, _why)
"""“Why these?”"""
SHARE_BUTTON = component(custom_id.SHARE, _share)
"""“Share…”"""
SHARED_MENU = component(custom_id.SHARED, _chosen)
"""The menu of hits to share."""
WORD_MENU = component(custom_id.WORD, _ask_for_word)
"""The menu of a long question's words."""
FORMS = (Form(custom_id.CHOICE, _chosen_in_form),)
COMPONENTS = (ASK_BUTTON, HITS_BUTTON, WHY_BUTTON, SHARE_BUTTON, SHARED_MENU, WORD_MENU)
