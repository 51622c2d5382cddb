"""`/ask`: answers a question with excerpts and their sources, page by page, with its buttons."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypedDict

import discord
from discord import app_commands, ui

from bot.app.channel_permissions import require_can_send
from bot.app.client import Feature, Interaction
from bot.app.commands.thread import complete_title, linked_page, read_from_here
from bot.app.components import FIELD, Form, choice_form, component, custom_ids
from bot.app.contexts import EVERYWHERE, INSTALLS
from bot.app.locale import answer_language, guild_language, reader_language
from bot.app.message_text import text_of, words_of
from bot.app.permissions import library_for, user_key
from bot.app.reply import (
    Private,
    Result,
    failure,
    notice,
    open_form,
    reply,
    update_language,
    update_message,
)
from bot.errors import NoLongerThere, QuestionLost, ThreadbotError
from bot.i18n.messages import Language, sentence
from bot.library.library import Library
from bot.models import Answer, Followed
from bot.search.query import with_options
from bot.views.discord import custom_id
from bot.views.discord.answer_layout import (
    answer_layout,
    sources_layout,
    why_layout,
    within_layout,
)
from bot.views.discord.hits import passages_of
from bot.views.discord.layout import note_layout
from bot.views.discord.long_questions import MARK, gathered
from bot.views.discord.parts import CHOICES
from bot.views.discord.share_layout import share_layout, share_options, shared_layout

LONGEST_QUESTION = 4_000
LONGEST_OPTION = 100

NO_WORDS = sentence(
    "That message has no words to search for. Use {ask} with your own words.", ask=sentence("/ask")
)
SHARED_ALREADY = sentence("You have already shared this here.")


@app_commands.command(
    name="ask", description="Search the saved threads; answers quote the authors word for word"
)
@app_commands.describe(
    question='Words to search for; also "an exact phrase", -without, site:wsj.com, has:link',
    author="Only tweets by this handle",
    since="Only tweets from this date or later: 2025-06-13, 2025-06, yesterday, 2 weeks ago",
    until="Only tweets from this date or earlier: 2025-06-13, 2025-06, yesterday, 2 weeks ago",
    thread="Only tweets in this thread",
    mentions="Only tweets that mention this handle",
    site="Only tweets that link to this site, such as wsj.com",
    has_link="Only tweets with a link",
    newest="Newest first (default: best match)",
    public="Show the answer to everyone here, or only to you",
)
@EVERYWHERE
@INSTALLS
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
    """Answer the question, and remember the first hit for `/thread`."""
    full_question = with_options(
        question,
        author=author,
        since=since,
        until=until,
        thread=thread,
        mentions=mentions,
        site=site,
        has_link=has_link,
    )
    settings = interaction.client.guild_settings
    public = await settings.answers_are_public(interaction.guild_id, override=public)
    say = answer_language(interaction, public=public)
    work = answer_page(interaction, full_question, say, newest=newest)
    await reply(interaction, work, public=public)


@ask.autocomplete("author")
async def complete_author(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Suggest handles that match the text typed so far."""
    found = await (await library_for(interaction)).authors(typed, CHOICES)
    return [app_commands.Choice(name=f"@{each}"[:100], value=each[:100]) for each in found]


ask.autocomplete("thread")(complete_title)


async def answer_page(
    interaction: Interaction,
    question: str,
    say: Language,
    *,
    page: int = 1,
    newest: bool = False,
    exact: bool = False,
    replaces: int | None = None,
) -> Result:
    """Build a page of the answer to `question`, and remember its first hit as the user's last.

    `exact`: whether the question is asked as written, without repairs of its spelling.
    `replaces`: the generation of the page that it replaces, to say so if it is another one.
    """

    def remember(thread: str, position: int) -> None:
        interaction.client.last_hits.put(user_key(interaction), (thread, position))

    return await answer_to(
        await library_for(interaction),
        question,
        say,
        reader_language(interaction),
        page=page,
        newest=newest,
        exact=exact,
        replaces=replaces,
        remember=remember,
    )


async def answer_to(
    library: Library,
    question: str,
    say: Language,
    reader: Language,
    *,
    page: int = 1,
    newest: bool = False,
    exact: bool = False,
    replaces: int | None = None,
    reading: Callable[[str], str] = str,
    remember: Callable[[str, int], None] | None = None,
) -> Result:
    """Answer `question`; if it links to a loaded tweet, show that tweet in its thread instead.

    Args:
        library: what to search.
        question: the question.
        say: the language of the answer.
        reader: the language of the user who asked, for what only they see.
        page: the page, from 1.
        newest: whether the newest tweets come first.
        exact: whether the question is asked as written, without repairs of its spelling.
        replaces: the generation of the page that it replaces, to say so if it is another one.
        reading: takes the words to search for from a text that is not written as a question.
        remember: called with the thread and the position of the best tweet, if there is one.
    """
    await library.require_shown()
    read = await library.read(question)
    if isinstance(read, Followed):
        if read.location and remember:
            remember(read.location.thread_id, read.location.position)
        return await linked_page(library, read, say, reader)
    words = reading(read.text)
    if not words:
        return Private(note_layout(reader.say(NO_WORDS)))
    answer = await library.ask(words, page=page, newest=newest, exact=exact, hints=read.hints)
    if not answer.hits:
        return Private(answer_layout(answer, reader))
    if remember:
        remember(answer.hits[0].thread.id, answer.hits[0].best.position)
    return answer_layout(answer, say, stale=replaces not in (None, answer.generation))


@app_commands.context_menu(name="Find threads about this")
@EVERYWHERE
@INSTALLS
async def about_this(interaction: Interaction, message: discord.Message) -> None:
    """Answer the words of `message`, none of which is an operator, or open its link; ephemeral."""
    await reply(interaction, _about(interaction, text_of(message)[:LONGEST_QUESTION]))


async def _about(interaction: Interaction, text: str) -> Result:
    library, reader = await library_for(interaction), reader_language(interaction)
    return await answer_to(library, text, reader, reader, reading=words_of)


async def _ask_instead(interaction: Interaction, match: re.Match[str], _: list[str]) -> None:
    """Replace the answer by that to another question."""
    say = update_language(interaction)
    await update_message(interaction, answer_page(interaction, match["question"], say))


async def _ask_for_word(interaction: Interaction, _: re.Match[str], values: list[str]) -> None:
    """Replace the answer by that to one word of its question."""
    word, say = values[0].partition(MARK)[0], update_language(interaction)
    await update_message(interaction, answer_page(interaction, word, say))


async def _turn_page(interaction: Interaction, match: re.Match[str], _: list[str]) -> None:
    """Replace this page of an answer by another."""
    await update_message(interaction, _other_page(interaction, match))


async def _other_page(interaction: Interaction, match: re.Match[str]) -> Result:
    question, say = _question(interaction, match), update_language(interaction)
    replaces = int(match["generation"])
    return await answer_page(interaction, question, say, replaces=replaces, **_page(match))


async def _why(interaction: Interaction, match: re.Match[str], _: list[str]) -> None:
    await reply(interaction, _explanation(interaction, match))


async def _explanation(interaction: Interaction, match: re.Match[str]) -> ui.LayoutView:
    answer = await _same_page(interaction, match, explain=True)
    stale = answer.generation != int(match["generation"])
    return why_layout(answer, reader_language(interaction), stale=stale)


async def _share(interaction: Interaction, match: re.Match[str], _: list[str]) -> None:
    """Ask which hit to share; ephemeral.

    The custom ID of a menu has no room for a long question, so that is asked in a form: when it is
    sent, Discord includes the message, which carries the question.
    """
    options = share_options(interaction.message)
    if not match["question"].startswith(MARK) or not options:
        await reply(interaction, _share_menu(interaction, match))
        return
    try:
        require_can_send(interaction)
    except ThreadbotError as error:
        await reply(interaction, failure(error))
        return
    asking = custom_id.Asking("", generation=int(match["generation"]), **_page(match))
    await open_form(interaction, hits_form(reader_language(interaction), asking, options))


def hits_form(
    say: Language, asking: custom_id.Asking, options: Sequence[discord.SelectOption]
) -> ui.Modal:
    """Build the form that asks which hit to share."""
    return choice_form(say("Share"), asking.choice(), say("Choose a tweet"), options)


async def _share_menu(interaction: Interaction, match: re.Match[str]) -> ui.LayoutView:
    require_can_send(interaction)
    return share_layout(await _same_page(interaction, match), reader_language(interaction))


async def _share_chosen(interaction: Interaction, match: re.Match[str], values: list[str]) -> None:
    """Post the chosen hit for everyone."""
    await _share_once(interaction, match, values[0])


async def _share_from_form(
    interaction: Interaction, match: re.Match[str], fields: dict[str, str]
) -> None:
    await _share_once(interaction, match, fields[FIELD])


async def _share_once(interaction: Interaction, match: re.Match[str], hit: str) -> None:
    """Post a hit for everyone, unless the user has just posted it here."""
    recent = interaction.client.recent_shares
    share = interaction.user.id, interaction.channel_id, hit
    if not recent.add(share):
        await reply(interaction, notice(interaction, SHARED_ALREADY))
    elif not await reply(interaction, _shared_hit(interaction, match, hit), public=True):
        recent.remove(share)


async def _shared_hit(interaction: Interaction, match: re.Match[str], value: str) -> ui.LayoutView:
    require_can_send(interaction)
    answer = await _same_page(interaction, match)
    by, say = interaction.user.display_name, guild_language(interaction)
    for hit in answer.hits:
        for each in passages_of(hit):
            if value == f"{hit.thread.id}:{each.position}":
                return shared_layout(answer, hit, by, say, position=each.position)
    raise NoLongerThere


async def _sources(interaction: Interaction, match: re.Match[str], _: list[str]) -> None:
    await reply(interaction, _source_list(interaction, match))


async def _source_list(interaction: Interaction, match: re.Match[str]) -> ui.LayoutView:
    answer = await _same_page(interaction, match)
    stale = answer.generation != int(match["generation"])
    return sources_layout(answer, reader_language(interaction), stale=stale)


async def _within(interaction: Interaction, match: re.Match[str], _: list[str]) -> None:
    """Turn to a page of all tweets of a thread that match."""
    await update_message(interaction, _matches_in_thread(interaction, match))


async def _matches_in_thread(interaction: Interaction, match: re.Match[str]) -> Result:
    asking = custom_id.asking_from(match, _question(interaction, match))
    return await _all_in_thread(interaction, match["thread"], asking)


async def _all_in_thread(interaction: Interaction, thread: str, asking: custom_id.Asking) -> Result:
    """Build a page of all tweets of `thread` that match the question of `asking`."""
    library = await library_for(interaction)
    if not asking.exact:  # a repair is chosen for the whole library, not for one thread
        repaired = (await library.ask(asking.question)).question
        asking = replace(asking, question=repaired, exact=True)
    limited = with_options(asking.question, thread=thread)
    answer = await library.ask(limited, page=asking.page, newest=asking.newest, exact=True)
    back = custom_id.asking_of(custom_ids(interaction.message))
    if not answer.hits:
        reader = reader_language(interaction)
        return Private(within_layout(answer, asking, thread, reader, back=back))
    return within_layout(answer, asking, thread, update_language(interaction), back=back)


async def _go(interaction: Interaction, _: re.Match[str], values: list[str]) -> None:
    """Turn to the thread, or to the matches of a thread, that the menu offers."""
    found = re.fullmatch(custom_id.GO_VALUE, values[0])
    asking = custom_id.asking_of(custom_ids(interaction.message))
    if found and found["what"] == "all" and asking:
        work = _all_in_thread(interaction, found["thread"], replace(asking, page=1))
        await update_message(interaction, work)
    elif found:
        await read_from_here(interaction, found, values)


async def _same_page(
    interaction: Interaction, match: re.Match[str], *, explain: bool = False
) -> Answer:
    """Compute again the page of an answer that a custom ID describes.

    Raises:
        NoLongerThere: nothing matches the question any more.
    """
    question = _question(interaction, match)
    library = await library_for(interaction)
    answer = await library.ask(question, explain=explain, **_page(match))
    if not answer.hits:
        raise NoLongerThere
    return answer


def _question(interaction: Interaction, match: re.Match[str]) -> str:
    """Return the question of a custom ID; a long one is carried by the whole message.

    Raises:
        QuestionLost: the message does not carry all of it.
    """
    question = match.groupdict().get("question", MARK)
    if not question.startswith(MARK):
        return question
    whole = gathered(custom_ids(interaction.message))
    if whole is None:
        raise QuestionLost
    return whole


class _Page(TypedDict):
    """Which page of an answer to show."""

    page: int
    newest: bool
    exact: bool


def _page(match: re.Match[str]) -> _Page:
    """Return the page that a custom ID describes."""
    asking = custom_id.asking_from(match, "")
    return {"page": asking.page, "newest": asking.newest, "exact": asking.exact}


ASK_BUTTON = component(custom_id.ASK, _ask_instead)
"""“Did you mean …”"""
BACK_BUTTON = component(custom_id.BACK, _turn_page)
"""“Back to results”"""
HITS_BUTTON = component(custom_id.HITS, _turn_page)
"""“Previous”, “Next”, “Newest first”."""
WHY_BUTTON = component(custom_id.WHY, _why)
"""“Why these?”"""
SHARE_BUTTON = component(custom_id.SHARE, _share)
"""“Share…”"""
SHARED_MENU = component(custom_id.SHARED, _share_chosen)
"""The menu of hits to share."""
WORD_MENU = component(custom_id.WORD, _ask_for_word)
"""The menu of a long question's words."""
SOURCES_BUTTON = component(custom_id.SOURCES, _sources)
"""“Sources”."""
WITHIN_BUTTON = component(custom_id.WITHIN, _within)
"""“All 12 in this thread”, and its pages."""
GO_MENU = component(custom_id.GO, _go)
"""The menu of tweets to read from."""
FEATURE = Feature(
    commands=(ask, about_this),
    components=(
        ASK_BUTTON,
        BACK_BUTTON,
        HITS_BUTTON,
        WHY_BUTTON,
        SHARE_BUTTON,
        SHARED_MENU,
        WORD_MENU,
        SOURCES_BUTTON,
        WITHIN_BUTTON,
        GO_MENU,
    ),
    forms=(Form(custom_id.CHOICE, _share_from_form),),
)
