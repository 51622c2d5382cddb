"""The scenes: what members do with the bot, and the screens that they see."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path

import discord

from bot.app.commands import reload
from bot.app.rate_limit import QUESTIONS, RateLimits
from bot.app.uploads import MB, Quotas, Uploads
from tests.discord_server import EVERYONE, Exchange, Message, Upload
from tests.gallery.screen import Screen, Typing
from tests.gallery.stage import SENT, Stage, answer, deed, post, press, stage

TOO_FAST = "You are asking too fast."
ERRORS = (TOO_FAST, "An unexpected error occurred.")
"""What no screen may show but the one about it."""
LIMITED = "too-fast"
"""The screen about the rate limit."""

Scene = Callable[[Stage], AsyncIterator[Screen]]

QUESTION = "chip export controls"
MANY = 30_000
"""Posts in a file that takes a second or two."""
LONG = "15e2ef4b6f90"
"""The id of the complete thread in the seeds."""


async def play(folder: Path, scenes: Iterable[Scene]) -> list[Screen]:
    """Play `scenes` one after the other in the empty `folder`; return their screens."""
    async with stage(folder) as on:
        return [screen for scene in scenes for screen in await _all(on, scene)]


async def _all(on: Stage, scene: Scene) -> list[Screen]:
    on.client.limits = RateLimits()  # the scenes before do not count
    return [each async for each in scene(on)]


def faults(screens: Iterable[Screen]) -> list[str]:
    """Say which screens show an error that they are not about."""
    return [
        f"{screen.name} shows: {error}"
        for screen in screens
        for error in ERRORS
        if (screen.name, error) != (LIMITED, TOO_FAST)
        and any(error in json.dumps(each.raw, ensure_ascii=False) for each in screen.posts)
    ]


async def asking(on: Stage) -> AsyncIterator[Screen]:
    """An answer, its second page, its explanation, and a shared hit."""
    asked = await on.ada.slash("ask", question=QUESTION)
    first = await asked.reply()
    yield on.screen(
        "ask",
        "An answer to /ask, which only the person who asked can see: the number of matching "
        "tweets, then each thread's best tweets with the matched words in bold, their sources and "
        "buttons to read on.",
        await answer(asked),
    )
    why = await press(on.ada, first, "why")
    yield on.screen(
        "why",
        "“Why these?” explains the score of each hit, word by word.",
        await answer(why),
    )
    menu = await press(on.ada, first, "share")
    yield on.screen(
        "share-menu",
        "“Share…” asks which hit to post; only the person who pressed it sees the menu.",
        await answer(menu),
    )
    (select,) = (await menu.reply()).selects
    shared = await on.ada.choose(await menu.reply(), values=[select.options[0][1]])
    yield on.screen(
        "shared",
        "A shared hit, which everyone can see: who shared it, the question, the tweet and its "
        "sources.",
        await answer(shared),
    )
    turned = await press(on.ada, first, "hits")
    yield on.screen(
        "ask-next-page",
        "The second page of an answer.",
        post(await turned.reply(), deed(asked.payload)),
    )


async def narrowing(on: Stage) -> AsyncIterator[Screen]:
    """An answer with filters, a question without a match, and a misspelt one."""
    asked = await on.ada.slash("ask", question="china ship", author="crane_notes", newest=True)
    yield on.screen("ask-author", "An answer with tweets by one author only.", await answer(asked))
    narrow = await on.ada.slash("ask", question="robots", author="elke_permits")
    yield on.screen(
        "nothing-found",
        "No match: the number of matches without the filter, and a button that asks without it.",
        await answer(narrow),
    )
    misspelt = await on.ada.slash("ask", question="suitcaces")
    yield on.screen(
        "did-you-mean",
        "A misspelt word: matches for the word as it is spelled, and a button that asks for it as "
        "it was typed.",
        await answer(misspelt),
    )


async def reading(on: Stage) -> AsyncIterator[Screen]:
    """A thread: chosen, read, searched and saved."""
    offered = await on.ada.autocomplete("thread", option="thread", text="tra")
    yield on.screen(
        "thread-titles",
        "Titles that Discord suggests while /thread is typed.",
        typing=Typing("thread", "thread", "tra", tuple(name for name, _ in offered)),
    )
    opened = await on.ada.slash("thread", thread="flying suitcases")
    page = await opened.reply()
    shown = await answer(opened)
    yield on.screen(
        "thread",
        "A page of a thread: its title, its tweets with their numbers and sources, and buttons "
        "to turn the page, go to a tweet and find words; a menu has its sources, saves it and "
        "posts it.",
        shown,
    )
    jump = (await press(on.ada, page, "jump")).modal
    assert jump is not None
    yield on.screen(
        "go-to-tweet", "“Go to tweet…” asks for a tweet's number.", shown, form=jump.raw
    )
    find = (await press(on.ada, page, "find")).modal
    assert find is not None
    found = await on.ada.submit(find, {"said": "hard drives"})
    yield on.screen(
        "find-in-thread",
        "The tweets of one thread that match, each with a button to read from there.",
        await answer(found, find),
    )
    saved = await on.ada.choose(page, values=["save"])
    yield on.screen("saved", "A thread saved as Markdown, text and JSON.", await answer(saved))
    eve = on.guild.add_member("eve")
    yield on.screen(
        "thread-picker",
        "/thread without options shows a menu of threads.",
        await answer(await eve.slash("thread")),
    )
    preview = await on.ada.slash("thread", thread="Dalai Lama")
    yield on.screen(
        "preview",
        "A preview says that the file has only the beginning of the thread.",
        await answer(preview),
    )


async def looking(on: Stage) -> AsyncIterator[Screen]:
    """A thread with pictures, a video, a quote and a poll; and links."""
    asked = await on.ada.slash("ask", question="lighthouse lens glass panes")
    yield on.screen(
        "ask-pictures",
        "Hits with their first picture; matching words of an alt text are quoted as alt text.",
        await answer(asked),
    )
    opened = await on.ada.slash(
        "thread", thread="https://x.com/lamp_warden/status/1940000000000000004"
    )
    yield on.screen(
        "thread-pictures",
        "A thread with galleries, alt texts, a video, a quoted tweet and a poll, opened at the "
        "tweet that a link leads to, which is marked.",
        await answer(opened),
    )
    sources = await on.ada.choose(await opened.reply(), values=["sources"])
    yield on.screen("sources", "All sources of a page, with file and line.", await answer(sources))
    missing = await on.ada.slash(
        "thread", thread="https://x.com/lamp_warden/status/1800000000000000007"
    )
    yield on.screen(
        "not-loaded",
        "A link to a tweet that is not loaded, with loaded threads by the same author.",
        await answer(missing),
    )
    several = await on.ada.slash("thread", thread="china")
    yield on.screen(
        "other-threads",
        "A name that fits several threads opens the best one, and offers the others in a menu.",
        await answer(several),
    )


async def joining(on: Stage) -> AsyncIterator[Screen]:
    """The welcome in a server that the bot was added to."""
    allowed = EVERYONE & ~discord.Permissions(create_public_threads=True)
    place = on.server.add_guild("Harbour Talk", bot_permissions=allowed)
    await on.server.tell()
    welcome = await _first(lambda: on.server.messages_in(place.channel))
    yield on.screen(
        "welcome",
        "The welcome in a new server: what the bot does, how to load threads, the permissions that "
        "it lacks, and questions to press.",
        post(welcome),
    )


async def _first(messages: Callable[[], list[Message]]) -> Message:
    for _ in range(500):
        if found := messages():
            return found[0]
        await asyncio.sleep(0.01)
    raise AssertionError("no message came")


async def posting(on: Stage) -> AsyncIterator[Screen]:
    """A thread, posted as a Discord thread."""
    page = await (await on.ada.slash("thread", thread=LONG)).reply()
    asked = await on.ada.choose(page, values=["post"])
    question = await asked.reply()
    offer = deed(asked.payload)
    yield on.screen("post", "The bot asks for confirmation before it posts.", await answer(asked))
    pressed = await press(on.ada, question, "posting")
    seen: list[Message] = []

    def last(message: Message) -> bool:
        seen.append(message)
        return not message.buttons

    done = await pressed.reply(until=last)
    half = next(each for each in seen if "2 of" in each.text)
    yield on.screen(
        "posting", "The progress of posting, with a button to stop it.", post(half, offer)
    )
    yield on.screen(
        "posted", "The report when all messages are posted, with a link.", post(done, offer)
    )
    (place,) = on.guild.threads
    first = on.server.messages_in(place)[0]
    yield on.screen(
        "posted-thread",
        "The Discord thread that everyone can read.",
        post(first),
        channel=f"# {place.name}",
    )


async def loading(on: Stage) -> AsyncIterator[Screen]:
    """A file that is loaded and listed, and an author who is hidden and shown again."""
    sent = Upload(SENT.name, SENT.read_bytes())
    asked = await on.grace.slash("reload", file=sent)
    preview = await asked.reply()
    yield on.screen(
        "reload",
        "The preview of a load: the tweets that a file would add, notices with their lines, "
        "and the buttons Load and Cancel.",
        await answer(asked),
    )
    applied = await press(on.grace, preview, "apply")
    report = await applied.reply()
    yield on.screen(
        "reloaded",
        "The report of the load: the size of the library, and a button to undo the load.",
        post(report, deed(asked.payload)),
    )
    library = on.grace.slash
    yield on.screen(
        "dumps", "The files that are loaded here.", await answer(await library("library dumps"))
    )
    yield on.screen(
        "figures",
        "Statistics with charts: tweets by month, linked site and author.",
        await answer(await library("library stats")),
    )
    which = await library("library forget", thread="china")
    yield on.screen(
        "forget-which", "A name that fits several threads asks which one.", await answer(which)
    )
    forgotten = await library("library forget", author="tin_and_teddy")
    question = await answer(forgotten)
    yield on.screen(
        "forget", "The question before an author is hidden: what goes, and how much.", question
    )
    hidden = await (await press(on.grace, await forgotten.reply(), "forget")).reply()
    yield on.screen(
        "forgotten",
        "The report when an author is hidden, with a button to undo that.",
        post(hidden, deed(forgotten.payload)),
    )
    offered = await library("library unhide")
    yield on.screen(
        "unhide", "What is hidden, in a menu that shows one of it again.", await answer(offered)
    )
    undone = await press(on.grace, hidden, "undo")
    yield on.screen(
        "undone",
        "The report when hiding the author is undone.",
        post(await undone.reply(), deed(forgotten.payload)),
    )
    yield on.screen(
        "history",
        "The history: who changed the library, how and when.",
        await answer(await library("library history")),
    )
    public = await library("library answers", public=False)
    yield on.screen(
        "answers",
        "The confirmation that only the person who asks sees answers.",
        await answer(public),
    )


async def telling(on: Stage) -> AsyncIterator[Screen]:
    """Help, and what the bot stores."""
    yield on.screen(
        "help",
        "/help shows how to ask, with example questions as buttons.",
        await answer(await on.ada.slash("help")),
    )
    yield on.screen(
        "about",
        "/about shows what is loaded, and what the bot stores about people.",
        await answer(await on.ada.slash("about")),
    )


async def talking(on: Stage) -> AsyncIterator[Screen]:
    """A mention, and the Apps menu of a message."""
    me = f"<@{on.server.world.bot.id}>"
    said = await on.ada.say(f"{me} who carried the hard drives?")
    reply = await _reply_to(on, said)
    yield on.screen(
        "mention",
        "A question that mentions the bot gets a reply that everyone can see.",
        post(said),
        post(reply, answers=f"**Ada** {said.content}"),
    )
    question = await on.grace.say("Did anybody read about the robots that ran a half-marathon?")
    asked = await on.ada.message_command("Find threads about this", question)
    yield on.screen(
        "message-menu",
        "“Find threads about this” in a message's Apps menu shows matches for its words, to "
        "one member.",
        post(question),
        await answer(asked),
    )


async def _reply_to(on: Stage, said: Message) -> Message:
    for _ in range(500):
        for each in on.server.messages_in(on.ada.channel):
            if int(each.raw.get("message_reference", {}).get("message_id", 0)) == said.id:
                return each
        await asyncio.sleep(0.01)
    raise AssertionError("nobody answered the mention")


async def waiting(on: Stage) -> AsyncIterator[Screen]:
    """A file that takes long and is cancelled, and one that hardly is a thread."""
    posts = [
        {"id_str": str(1_500_000_000_000_000_000 + at), "full_text": f"Train {at} is late"}
        for at in range(MANY)
    ]
    usual, reload.PROGRESS_SECONDS = reload.PROGRESS_SECONDS, 0.02
    try:
        large = Upload("trains.json", json.dumps(posts).encode())
        asked = await on.grace.slash("reload", file=large)
        told = await asked.reply(until=lambda message: "In progress: " in message.text)
        yield on.screen(
            "load-progress",
            "A load under way, which can be cancelled.",
            post(told, deed(asked.payload)),
        )
        await on.grace.press(told, label="Cancel")
        ended = await asked.reply(until=lambda message: "cancelled" in message.text)
        yield on.screen("load-cancelled", "The load was cancelled.", post(ended))
    finally:
        reload.PROGRESS_SECONDS = usual
    doubted = await on.grace.slash("reload", file=Upload("list.txt", b"Milk\nEggs\nBread\nRope\n"))
    yield on.screen(
        "load-doubted",
        "The preview of a file that does not look like a thread says why.",
        await answer(doubted),
    )


async def refusing(on: Stage) -> AsyncIterator[Screen]:
    """Three errors: no permission, too many questions, and a thread that is not there."""
    curators = on.guild.add_role("Curators")
    await (await on.grace.slash("library role", role=curators)).reply()
    yield on.screen(
        "refused",
        "/reload without the permission names the permission and the role that may do it.",
        await answer(await on.ada.slash("reload")),
    )
    hasty = on.guild.add_member("bob")
    times = range(QUESTIONS + 1)
    asked: list[Exchange] = [await hasty.slash("ask", question="robots") for _ in times]
    yield on.screen(LIMITED, "The rate limit says when to ask again.", await answer(asked[-1]))
    unknown = await on.ada.slash("thread", thread="zebra")
    yield on.screen(
        "no-such-thread", "No thread matches; the bot says what to try.", await answer(unknown)
    )


async def failing(on: Stage) -> AsyncIterator[Screen]:
    """What a file meets that cannot be taken, and a bot that stops."""
    on.client.operators = frozenset({on.ada.account.id})
    yield on.screen(
        "not-an-operator",
        "/reload without a file is for the bot's operators; a server's managers are told.",
        await answer(await on.grace.slash("reload")),
    )
    usual, folder = on.client.uploads, on.client.libraries.shared.folder
    large = Upload("all_threads.txt", b"Trains are late again tonight\n" * 70_000)
    for name, shows, quotas in (
        ("over-quota", "Uploads that wait have a quota per server.", Quotas(per_guild=3 * MB // 2)),
        ("uploads-full", "All servers' uploads have a quota together.", Quotas(total=MB)),
        ("disk-full", "Uploads leave the disk some room.", Quotas(reserve=2**60)),
    ):
        on.client.uploads = Uploads(folder, quotas)
        yield on.screen(name, shows, await answer(await on.grace.slash("reload", file=large)))
    on.client.uploads = usual
    on.server.fail_files(404)
    lost = await on.grace.slash("reload", file=Upload(SENT.name, SENT.read_bytes()))
    yield on.screen(
        "upload-failed", "Discord no longer has the file that was sent.", await answer(lost)
    )
    on.server.fail_files(None)
    on.client.stopping.begun = True
    late = await on.ada.slash("ask", question=QUESTION)
    yield on.screen("restarting", "A bot that stops says when to ask again.", await answer(late))
    on.client.stopping.begun = False


SCENES: tuple[Scene, ...] = (
    asking,
    narrowing,
    reading,
    looking,
    posting,
    loading,
    waiting,
    telling,
    talking,
    refusing,
    failing,
    joining,
)
"""All scenes, in the order of the pictures."""
