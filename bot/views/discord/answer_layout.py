"""Answers as Discord messages: hits, suggestions, explanations and shared hits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import discord
from discord import ui

from bot.i18n.messages import Language
from bot.models import Answer, Hit, Passage
from bot.views import answer_text, markdown, wording
from bot.views.discord import custom_id, long_questions, pages
from bot.views.discord.parts import (
    CHOICE,
    TEXT_UNITS,
    Button,
    add_questions,
    add_row,
    button,
    fitting,
    lines,
    menu,
    page_buttons,
    small,
)

LEAST_EXCERPT = 60
HINT_UNITS = 900
LONGEST_WORD = 30
"""Most characters of a word in a menu, so that its value can carry part of a long question."""
BESIDE_SHARE = 3
"""The adjacent tweet gets one part in this many of an excerpt's room."""


def answer_layout(answer: Answer, say: Language, *, stale: bool = False) -> ui.LayoutView:
    """An answer: the number of matches, then each thread's best tweet with a button to read on.

    `stale` says that the library was reloaded since the page that this one replaces.
    """
    if not answer.hits:
        return _nothing_found(answer, say)
    asking = custom_id.Asking(answer.question, answer.page, answer.newest, answer.generation)
    layout = _laid_out(answer, asking, say, stale=stale)
    if carry(layout, answer.question) is None:
        return layout
    _add_words(layout, answer, say)
    if (fits := carry(layout, answer.question)) is None:
        return layout
    return _laid_out(answer, replace(asking, mute=True), say, stale=stale, fits=fits)


def _laid_out(
    answer: Answer, asking: custom_id.Asking, say: Language, *, stale: bool, fits: int = 0
) -> ui.LayoutView:
    """An answer with hits; `fits` is the length of a question that has room for all buttons."""
    head = f"**{markdown.escape(answer_text.found(answer, say))}** · {_question(answer)}"
    told = [answer_text.evidence(answer, say), answer_text.order(answer, say)]
    if stale:
        told.append(say.say(wording.RELOADED))
    if asking.mute:
        told.append(answer_text.too_long_for_buttons(fits, say))
    small_print = [*(small(each) for each in told if each), *_hints(answer, say)]
    head = "\n".join([head, *fitting(small_print, HINT_UNITS, say)])
    layout = lines(head)
    for hit, shown in _hits(answer.hits, TEXT_UNITS - markdown.units(head), say):
        layout.add_item(ui.Section(ui.TextDisplay(shown), accessory=_read_on(hit, say)))
    if answer.pages > 1:
        add_row(layout, page_buttons(answer.page, answer.pages, say, asking.to_page))
    add_row(
        layout,
        (
            button(
                say("Best match first") if answer.newest else say("Newest first"),
                asking.turned(page=1, newest=not answer.newest),
            ),
            button(say("Why these?"), asking.carried("why")),
            button(say("Share…"), asking.carried("share")),
        ),
    )
    _add_repairs(layout, answer, say)
    return layout


def why_layout(answer: Answer, say: Language) -> ui.LayoutView:
    """An explanation of the scores on a page; the hits of `answer` carry explanations."""
    shown = [f"**{say('Why these results')}** · {_question(answer)}"]
    words = say(
        "Words, with the number of tweets that contain each: {words}",
        words=answer_text.understood(answer, say),
    )
    shown += [small(words, 600), small(say.say(answer_text.SCORES))]
    for hit in answer.hits:
        title = markdown.escape(wording.short(hit.thread.title, 90))
        where = wording.place(hit.best.position, hit.thread.tweets, say)
        shown.append(f"**{hit.rank}. {title}** · {where}")
        if hit.best.explanation:
            shown.append(small(answer_text.explained(hit.best.explanation, say), 500))
    return lines(*fitting(shown, TEXT_UNITS, say))


def share_layout(answer: Answer, say: Language) -> ui.LayoutView:
    """A menu of the hits on a page, to choose one to share with everyone."""
    layout = lines(
        say("Which tweet? The bot posts it here for everyone, with your name and your question.")
    )
    asking = custom_id.Asking(answer.question, answer.page, answer.newest, answer.generation)
    carried = asking.carried("shared") or ""
    options = [
        discord.SelectOption(
            label=wording.short(f"{hit.rank}. {hit.thread.title}", CHOICE),
            value=f"{hit.thread.id}:{hit.best.position}",
            description=wording.short(hit.best.tweet.text, CHOICE) or None,
        )
        for hit in answer.hits
    ]
    if not carried.endswith(long_questions.MARK):
        layout.add_item(menu(carried, say("Choose a tweet"), options))
    return layout


def share_options(message: discord.Message | None) -> list[discord.SelectOption]:
    """The hits that a message shows, as options to share."""
    return [
        discord.SelectOption(
            label=wording.short(markdown.unescaped(title[2:-2]), CHOICE) or f"{rank}.",
            value=f"{found['thread']}:{found['position']}",
        )
        for rank, part in enumerate(message.components if message else (), start=1)
        if isinstance(part, discord.SectionComponent)
        and isinstance(part.accessory, discord.Button)
        and (found := re.fullmatch(custom_id.READ, part.accessory.custom_id or ""))
        and (title := part.children[0].content.partition("\n")[0])
    ]


def shared_layout(answer: Answer, hit: Hit, by: str, say: Language) -> ui.LayoutView:
    """A shared hit, with who shared it and the question."""
    head = say(
        "{who} shared this answer to: {question}",
        who=markdown.escape(wording.short(by, 80)),
        question=_question(answer),
    )
    layout = lines(head)
    ((_, shown),) = _hits([hit], TEXT_UNITS - markdown.units(head), say, numbered=False)
    layout.add_item(ui.Section(ui.TextDisplay(shown), accessory=_read_on(hit, say)))
    return layout


def found_layout(answer: Answer, words: str, say: Language) -> ui.LayoutView:
    """The tweets of one thread that match `words`; `answer` is limited to that thread."""
    asked = markdown.escape(wording.short(words, 200))
    if not answer.hits:
        return lines(
            f"**{say('Nothing in this thread matches')}** · {asked}",
            small(_searched_for(answer, say), 600),
        )
    (hit,) = answer.hits
    passages = sorted([hit.best, *hit.more], key=lambda each: each.position)
    head = f"**{_found_in_thread(hit, len(passages), say)}** · {asked}"
    layout = lines(head)
    room = TEXT_UNITS - markdown.units(head)
    for left, passage in enumerate(passages):
        above = small(wording.place(passage.position, hit.thread.tweets, say))
        share = room // (len(passages) - left) - markdown.units(above) - 1
        said = markdown.quoted(
            markdown.excerpt(passage.tweet.text, passage.highlights, min(share, 500))
        )
        room -= markdown.units(above) + markdown.units(said) + 1
        layout.add_item(
            ui.Section(
                ui.TextDisplay(f"{above}\n{said}"),
                accessory=_read(hit.thread.id, passage.position, say),
            )
        )
    return layout


def _found_in_thread(hit: Hit, shown: int, say: Language) -> str:
    """The number of matching tweets in a thread, and of those `shown`."""
    most = wording.tweets(hit.more_in_thread + 1, say)
    if shown > hit.more_in_thread:
        return say("{tweets} in this thread", tweets=most)
    return say("{tweets} in this thread. Showing the top {shown}.", tweets=most, shown=shown)


def _read_on(hit: Hit, say: Language) -> Button:
    return _read(hit.thread.id, hit.best.position, say)


def _read(thread: str, position: int, say: Language) -> Button:
    return ui.Button(label=say("Read from here"), custom_id=custom_id.read(thread, position))


def _add_words(layout: ui.LayoutView, answer: Answer, say: Language) -> None:
    """Add a menu of a long question's words; its values can carry parts of the question."""
    words = {each.word: each for each in answer.words if len(each.word) <= LONGEST_WORD}
    options = [
        discord.SelectOption(
            label=wording.short(
                say("{word} ({tweets})", word=word, tweets=wording.tweets(each.tweets, say)), CHOICE
            ),
            value=f"{word}{long_questions.MARK}",
        )
        for word, each in words.items()
        if long_questions.MARK not in word
    ]
    if options:
        layout.add_item(menu(custom_id.WORD_MENU, say("Search for only one of its words"), options))


def carry(layout: ui.LayoutView, question: str) -> int | None:
    """Spread `question` over the custom ids and values of `layout`, if one of them is marked.

    Returns:
        None if the question fits or nothing is marked; else the number of characters that fit.
    """
    holders: list[tuple[Any, str]] = []
    for each in layout.walk_children():
        if isinstance(each, ui.Button) and _takes_part(each.custom_id or ""):
            holders.append((each, "custom_id"))
        elif isinstance(each, ui.Select):
            holders += [(each, "custom_id"), *((option, "value") for option in each.options)]
    bases = [getattr(each, key) for each, key in holders]
    if not any(each.endswith(long_questions.MARK) for each in bases):
        return None
    made = long_questions.spread(bases, question)
    if made is None:
        return long_questions.room(bases, question)
    for (each, key), carried in zip(holders, made, strict=True):
        setattr(each, key, carried)
    return None


def _takes_part(base: str) -> bool:
    return base.endswith(long_questions.MARK) or base.startswith((custom_id.HERE, "tb1:read:"))


def _searched_for(answer: Answer, say: Language) -> str:
    return say("Searched for: {words}", words=answer_text.understood(answer, say))


def _nothing_found(answer: Answer, say: Language) -> ui.LayoutView:
    said = [f"**{say('Nothing matches')}** · {_question(answer)}"]
    said.append(markdown.escape(wording.short(_searched_for(answer, say), 600)))
    said += _hints(answer, say)
    if answer.titles:
        said.append(say("The loaded threads include:"))
        said += [f"- {markdown.escape(wording.short(each.title))}" for each in answer.titles]
    layout = lines(*fitting(said, TEXT_UNITS, say))
    _add_repairs(layout, answer, say)
    return layout


def _add_repairs(layout: ui.LayoutView, answer: Answer, say: Language) -> None:
    add_questions(
        layout,
        {each: say("Did you mean: {question}", question=each) for each in answer.suggestions},
    )
    if answer.wider and answer.wider not in answer.suggestions:
        label = say("Only the words: {question}", question=answer.wider)
        add_questions(layout, {answer.wider: label})


def _hints(answer: Answer, say: Language) -> list[str]:
    return [small(say.say(each)) for each in answer.hints[:5]]


def _question(answer: Answer) -> str:
    return markdown.escape(wording.short(answer.question, 200))


def _hits(
    hits: Sequence[Hit], budget: int, say: Language, *, numbered: bool = True
) -> list[tuple[Hit, str]]:
    """As many hits as fit in `budget`, in Markdown; excerpts share the room beside the frames."""
    frames = [_frame(hit, say, numbered=numbered) for hit in hits]
    sizes = [markdown.units("".join(frame)) for frame in frames]
    while sum(sizes) + LEAST_EXCERPT * len(sizes) > budget and len(sizes) > 1:
        sizes.pop()
    room = budget - sum(sizes)
    shown: list[tuple[Hit, str]] = []
    for left, (hit, (above, below)) in enumerate(zip(hits[: len(sizes)], frames, strict=False)):
        share = room // (len(sizes) - left)
        said = _quoted(hit, share, say)
        room -= markdown.units(said)
        shown.append((hit, f"{above}\n{said}\n{below}"))
    return shown


def _quoted(hit: Hit, share: int, say: Language) -> str:
    """The excerpt of a hit, followed by that of the adjacent tweet."""

    def quote(passage: Passage, room: int) -> str:
        return markdown.quoted(markdown.excerpt(passage.tweet.text, passage.highlights, room))

    if hit.beside is None or share < BESIDE_SHARE * LEAST_EXCERPT:
        return quote(hit.best, share)
    place = small(wording.beside(hit.beside.position, say))
    second = quote(hit.beside, share // BESIDE_SHARE - markdown.units(place) - 2)
    first = quote(hit.best, share - markdown.units(second) - markdown.units(place) - 2)
    return f"{first}\n{place}\n{second}"


def _frame(hit: Hit, say: Language, *, numbered: bool) -> tuple[str, str]:
    """The lines above and below a hit's excerpt."""
    title = markdown.escape(wording.short(hit.thread.title, 90))
    about = wording.about(hit, hit.best, say, written=markdown.escape, day=markdown.day)
    number = f"{hit.rank}. " if numbered else ""
    above = f"**{number}{title}**\n-# {about}"
    below = f"-# {pages.source_line(hit.best.sources, say)}"
    rest = wording.more(hit, say)
    if rest:
        below = f"{below}\n-# {markdown.escape(rest)}"
    return above, below
