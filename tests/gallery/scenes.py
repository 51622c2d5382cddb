"""What members do with the bot, scene by scene, and the screens that they see."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path

from tests.discord_server import Exchange, Message, Upload
from tests.gallery.screen import Screen, Typing
from tests.gallery.stage import SENT, Stage, answer, deed, post, press, stage

Scene = Callable[[Stage], AsyncIterator[Screen]]

QUESTION = "chip export controls"
LONG = "15e2ef4b6f90"
"""The given dump's full thread."""


async def play(folder: Path, scenes: Iterable[Scene]) -> list[Screen]:
    """The screens of `scenes`, played one after the other; `folder` is empty."""
    async with stage(folder) as made:
        return [screen for scene in scenes for screen in await _all(scene(made))]


async def _all(screens: AsyncIterator[Screen]) -> list[Screen]:
    return [each async for each in screens]


async def asking(on: Stage) -> AsyncIterator[Screen]:
    """A question, its second page, why, and a hit shared."""
    asked = await on.ada.slash("ask", question=QUESTION)
    first = await asked.reply()
    yield on.screen(
        "ask",
        "An answer to /ask, seen by the asker alone: how many tweets match, then of each thread "
        "the best tweet with the words in bold, its place, its sources and a button to read on.",
        await answer(asked),
    )
    why = await press(on.ada, first, "why")
    yield on.screen(
        "why",
        "Why these? A line for each hit with the score of each word.",
        await answer(why),
    )
    menu = await press(on.ada, first, "share")
    yield on.screen(
        "share-menu",
        "Share… asks privately which hit is to be posted.",
        await answer(menu),
    )
    (select,) = (await menu.reply()).selects
    shared = await on.ada.choose(await menu.reply(), values=[select.options[0][1]])
    yield on.screen(
        "shared",
        "A hit shared for everyone: who shared it, what was asked, the tweet and its sources.",
        await answer(shared),
    )
    turned = await press(on.ada, first, "hits")
    yield on.screen(
        "ask-next-page",
        "The second page of an answer.",
        post(await turned.reply(), deed(asked.payload)),
    )


async def narrowing(on: Stage) -> AsyncIterator[Screen]:
    """A question with options, and questions that find nothing."""
    asked = await on.ada.slash("ask", question="china ship", author="crane_notes", newest=True)
    yield on.screen("ask-author", "An answer narrowed to one author.", await answer(asked))
    narrow = await on.ada.slash("ask", question="robots", author="elke_permits")
    yield on.screen(
        "nothing-found",
        "Nothing matches: the words as they were understood, how much there would be without the "
        "limit, some titles, and a button that asks again without it.",
        await answer(narrow),
    )
    misspelt = await on.ada.slash("ask", question="suitcaces")
    yield on.screen(
        "did-you-mean", "A word that nobody wrote, and spellings to try.", await answer(misspelt)
    )


async def reading(on: Stage) -> AsyncIterator[Screen]:
    """A thread, found while typing, searched, gone through and saved."""
    offered = await on.ada.autocomplete("thread", option="thread", text="tra")
    yield on.screen(
        "thread-titles",
        "Titles that are offered while /thread is typed.",
        typing=Typing("thread", "thread", "tra", tuple(name for name, _ in offered)),
    )
    opened = await on.ada.slash("thread", thread="flying suitcases")
    page = await opened.reply()
    shown = await answer(opened)
    yield on.screen(
        "thread",
        "A thread, page by page: its title, each tweet with its number and sources, and below it "
        "buttons to turn, to go to a tweet, to find words, to save and to post it.",
        shown,
    )
    jump = (await press(on.ada, page, "jump")).modal
    assert jump is not None
    yield on.screen("go-to-tweet", "A form that asks for a tweet's number.", shown, form=jump.raw)
    find = (await press(on.ada, page, "find")).modal
    assert find is not None
    found = await on.ada.submit(find, {"said": "hard drives"})
    yield on.screen(
        "find-in-thread",
        "Where in one thread words stand: tweet by tweet, each with a button to read from there.",
        await answer(found, find),
    )
    saved = await press(on.ada, page, "save")
    yield on.screen(
        "saved", "A thread as three files: Markdown, text and JSON.", await answer(saved)
    )
    eve = on.guild.add_member("eve")
    yield on.screen(
        "thread-picker",
        "/thread alone offers a menu of threads.",
        await answer(await eve.slash("thread")),
    )
    preview = await on.ada.slash("thread", thread="Dalai Lama")
    yield on.screen(
        "preview",
        "A thread of which only the beginning is known says so.",
        await answer(preview),
    )


async def posting(on: Stage) -> AsyncIterator[Screen]:
    """A thread posted as a Discord thread."""
    page = await (await on.ada.slash("thread", thread=LONG)).reply()
    asked = await press(on.ada, page, "post")
    question = await asked.reply()
    offer = deed(asked.payload)
    yield on.screen("post", "Before a thread is posted for everyone, it asks.", await answer(asked))
    pressed = await press(on.ada, question, "posting")
    seen: list[Message] = []

    def last(message: Message) -> bool:
        seen.append(message)
        return not message.buttons

    done = await pressed.reply(until=last)
    half = next(each for each in seen if "2 of" in each.text)
    yield on.screen(
        "posting", "How far the posting is, with a button to stop it.", post(half, offer)
    )
    yield on.screen("posted", "All of it is posted, with a link.", post(done, offer))
    (place,) = on.guild.threads
    first = on.server.messages_in(place)[0]
    yield on.screen(
        "posted-thread", "The Discord thread, for everyone.", post(first), channel=f"# {place.name}"
    )


async def loading(on: Stage) -> AsyncIterator[Screen]:
    """A file loaded for the server, listed, forgotten of, and undone."""
    sent = Upload(SENT.name, SENT.read_bytes())
    asked = await on.grace.slash("reload", file=sent)
    preview = await asked.reply()
    yield on.screen(
        "reload",
        "What a file would change, before it does: tweets added, each notice with its line, and "
        "the buttons Apply and Cancel.",
        await answer(asked),
    )
    applied = await press(on.grace, preview, "apply")
    report = await applied.reply()
    yield on.screen(
        "reloaded",
        "The file is loaded: how much there is now, and a button to undo it.",
        post(report, deed(asked.payload)),
    )
    shelf = on.grace.slash
    yield on.screen(
        "dumps", "The files that are served here.", await answer(await shelf("library dumps"))
    )
    yield on.screen(
        "figures",
        "What is served, in figures and drawn: tweets by month, by host and by author.",
        await answer(await shelf("library stats")),
    )
    forgotten = await shelf("library forget", author="tin_and_teddy")
    yield on.screen(
        "forgotten", "An author is shown no more; it can be undone.", await answer(forgotten)
    )
    undone = await press(on.grace, await forgotten.reply(), "undo")
    yield on.screen(
        "undone", "What was forgotten is back.", post(await undone.reply(), deed(forgotten.payload))
    )
    yield on.screen(
        "history", "Who did what, and when.", await answer(await shelf("library history"))
    )
    public = await shelf("library answers", public=False)
    yield on.screen("answers", "Whether answers are for everyone.", await answer(public))


async def telling(on: Stage) -> AsyncIterator[Screen]:
    """Help, and what is stored."""
    yield on.screen(
        "help",
        "/help: how to ask, with examples from what is loaded as buttons.",
        await answer(await on.ada.slash("help")),
    )
    yield on.screen(
        "about",
        "/about: what is loaded, and what is stored of people.",
        await answer(await on.ada.slash("about")),
    )


async def talking(on: Stage) -> AsyncIterator[Screen]:
    """A mention, and a message's Apps menu."""
    me = f"<@{on.server.world.bot.id}>"
    said = await on.ada.say(f"{me} who carried the hard drives?")
    reply = await _reply_to(on, said)
    yield on.screen(
        "mention",
        "A question that mentions the bot is answered as a reply, for everyone.",
        post(said),
        post(reply, answers=f"**Ada** {said.content}"),
    )
    other = await on.grace.say("Did anybody read about the robots that ran a half-marathon?")
    asked = await on.ada.message_command("Find threads about this", other)
    yield on.screen(
        "message-menu",
        "A message, and what Find threads about this in its Apps menu found for one member.",
        post(other),
        await answer(asked),
    )


async def _reply_to(on: Stage, said: Message) -> Message:
    for _ in range(500):
        for each in on.server.messages_in(on.ada.channel):
            if int(each.raw.get("message_reference", {}).get("message_id", 0)) == said.id:
                return each
        await asyncio.sleep(0.01)
    raise AssertionError("nobody answered the mention")


async def refusing(on: Stage) -> AsyncIterator[Screen]:
    """Somebody who may not, somebody who asks too fast, and a name that nothing has."""
    yield on.screen(
        "refused",
        "Who may not reload is told who may.",
        await answer(await on.ada.slash("reload")),
    )
    hasty = on.guild.add_member("bob")
    asked: list[Exchange] = [await hasty.slash("ask", question="robots") for _ in range(16)]
    yield on.screen("too-fast", "Who asks too fast is told when to go on.", await answer(asked[-1]))
    unknown = await on.ada.slash("thread", thread="zebra")
    yield on.screen("no-such-thread", "A thread that is not there.", await answer(unknown))


SCENES: tuple[Scene, ...] = (
    asking,
    narrowing,
    reading,
    posting,
    loading,
    telling,
    talking,
    refusing,
)
"""All of them."""
