"""Answers as Discord messages: hits with their sources, what to ask instead, why, and shared."""

from __future__ import annotations

from collections.abc import Sequence

import discord
from discord import ui

from bot.models import Answer, Hit, Passage
from bot.views import custom_id, markdown, pages, text
from bot.views.parts import (
    CHOICE,
    TEXT_UNITS,
    Button,
    add_questions,
    add_row,
    button,
    fitting,
    lines,
    menu,
    small,
)

LEAST_EXCERPT = 60
HINT_UNITS = 900
BESIDE_SHARE = 3
"""Of an excerpt's room, one part in so many goes to the tweet beside it."""


def answer_layout(answer: Answer, *, stale: bool = False) -> ui.LayoutView:
    """An answer: how much was found, then each thread's best tweet with a button to read on.

    `stale` says that the page that it takes the place of was of another generation.
    """
    if not answer.hits:
        return _nothing_found(answer)
    head = f"**{markdown.escape(text.found(answer))}** · {_question(answer)}"
    told = [text.evidence(answer), text.order(answer), *([text.RELOADED] if stale else [])]
    asking = custom_id.Asking(answer.question, answer.page, answer.newest, answer.generation)
    if answer.pages > 1 and asking.turned() is None:
        told.append(text.TOO_LONG_FOR_BUTTONS)
    small_print = [*(small(each) for each in told if each), *_hints(answer)]
    head = "\n".join([head, *fitting(small_print, HINT_UNITS)])
    layout = lines(head)
    for hit, shown in _hits(answer.hits, TEXT_UNITS - markdown.units(head)):
        layout.add_item(ui.Section(ui.TextDisplay(shown), accessory=_read_on(hit)))
    if answer.pages > 1:
        add_row(layout, _page_buttons(answer, asking))
    add_row(
        layout,
        (
            button(
                "Best first" if answer.newest else "Newest first",
                asking.turned(page=1, newest=not answer.newest),
            ),
            button("Why these?", asking.carried("why")),
            button("Share…", asking.carried("share")),
        ),
    )
    _add_repairs(layout, answer)
    return layout


def why_layout(answer: Answer) -> ui.LayoutView:
    """What the scores on a page of an answer are made of; `answer` has explanations."""
    shown = [f"**Why these** · {_question(answer)}"]
    shown.append(small(f"Words and the tweets that hold them: {text.understood(answer)}", 600))
    for hit in answer.hits:
        title = markdown.escape(text.short(hit.thread.title, 90))
        where = text.place(hit.best.position, hit.thread.tweets)
        shown.append(f"**{hit.rank}. {title}** · {where}")
        if hit.best.explanation:
            shown.append(small(text.explained(hit.best.explanation), 500))
    return lines(*fitting(shown, TEXT_UNITS))


def share_layout(answer: Answer) -> ui.LayoutView:
    """A menu of the hits on a page of an answer, to choose what everyone is to see."""
    layout = lines("Which one? It is posted here for everyone, with your name and your question.")
    asking = custom_id.Asking(answer.question, answer.page, answer.newest, answer.generation)
    carried = asking.carried("shared")
    options = [
        discord.SelectOption(
            label=text.short(f"{hit.rank}. {hit.thread.title}", CHOICE),
            value=f"{hit.thread.id}:{hit.best.position}",
            description=text.short(hit.best.tweet.text, CHOICE) or None,
        )
        for hit in answer.hits
    ]
    if carried is not None:
        layout.add_item(menu(carried, "A hit", options))
    return layout


def shared_layout(answer: Answer, hit: Hit, by: str) -> ui.LayoutView:
    """A hit for everyone, with who shared it and what was asked."""
    head = f"{markdown.escape(text.short(by, 80))} shared this · asked: {_question(answer)}"
    layout = lines(head)
    ((_, shown),) = _hits([hit], TEXT_UNITS - markdown.units(head))
    layout.add_item(ui.Section(ui.TextDisplay(shown), accessory=_read_on(hit)))
    return layout


def found_layout(answer: Answer, words: str) -> ui.LayoutView:
    """Where in a thread words stand; `answer` is that of the thread alone."""
    if not answer.hits:
        return lines(
            f"**Nothing in this thread matches** · {markdown.escape(text.short(words, 200))}",
            small(f"Searched for: {text.understood(answer)}", 600),
        )
    (hit,) = answer.hits
    passages = sorted([hit.best, *hit.more], key=lambda each: each.position)
    most = text.count(hit.more_in_thread + 1, "tweet")
    rest = "" if len(passages) > hit.more_in_thread else f"; the best {len(passages)}"
    head = f"**{most} in this thread{rest}** · {markdown.escape(text.short(words, 200))}"
    layout = lines(head)
    room = TEXT_UNITS - markdown.units(head)
    for left, passage in enumerate(passages):
        above = small(text.place(passage.position, hit.thread.tweets))
        share = room // (len(passages) - left) - markdown.units(above) - 1
        said = markdown.quoted(
            markdown.excerpt(passage.tweet.text, passage.highlights, min(share, 500))
        )
        room -= markdown.units(above) + markdown.units(said) + 1
        layout.add_item(
            ui.Section(
                ui.TextDisplay(f"{above}\n{said}"),
                accessory=_read(hit.thread.id, passage.position),
            )
        )
    return layout


def _read_on(hit: Hit) -> Button:
    return _read(hit.thread.id, hit.best.position)


def _read(thread: str, position: int) -> Button:
    return ui.Button(label="Read from here", custom_id=custom_id.read(thread, position))


def _page_buttons(answer: Answer, asking: custom_id.Asking) -> list[Button | None]:
    number, last = answer.page, answer.pages
    return [
        button("◀ Previous", asking.turned(page=number - 1), disabled=number == 1),
        button(f"Page {number} of {last}", custom_id.HERE, disabled=True)
        if asking.turned()
        else None,
        button("Next ▶", asking.turned(page=number + 1), disabled=number == last),
    ]


def _nothing_found(answer: Answer) -> ui.LayoutView:
    said = [f"**Nothing matches** · {_question(answer)}"]
    said.append(f"Searched for: {markdown.escape(text.short(text.understood(answer), 600))}")
    said += _hints(answer)
    if answer.titles:
        said.append("There are threads on, for example:")
        said += [f"- {markdown.escape(text.short(each.title))}" for each in answer.titles]
    layout = lines(*fitting(said, TEXT_UNITS))
    _add_repairs(layout, answer)
    return layout


def _add_repairs(layout: ui.LayoutView, answer: Answer) -> None:
    add_questions(layout, "Did you mean", answer.suggestions)
    if answer.wider and answer.wider not in answer.suggestions:
        add_questions(layout, "Only the words", [answer.wider])


def _hints(answer: Answer) -> list[str]:
    return [small(each) for each in answer.hints[:5]]


def _question(answer: Answer) -> str:
    return markdown.escape(text.short(answer.question, 200))


def _hits(hits: Sequence[Hit], budget: int) -> list[tuple[Hit, str]]:
    """As many of `hits` as fit, in Markdown: what is left beside their frames is for excerpts."""
    frames = [_frame(hit) for hit in hits]
    sizes = [markdown.units("".join(frame)) for frame in frames]
    while sum(sizes) + LEAST_EXCERPT * len(sizes) > budget and len(sizes) > 1:
        sizes.pop()
    room = budget - sum(sizes)
    shown: list[tuple[Hit, str]] = []
    for left, (hit, (above, below)) in enumerate(zip(hits[: len(sizes)], frames, strict=False)):
        share = room // (len(sizes) - left)
        said = _quoted(hit, share)
        room -= markdown.units(said)
        shown.append((hit, f"{above}\n{said}\n{below}"))
    return shown


def _quoted(hit: Hit, share: int) -> str:
    """A hit's excerpt, and that of the tweet beside it, in the tweets' order."""

    def quote(passage: Passage, room: int) -> str:
        return markdown.quoted(markdown.excerpt(passage.tweet.text, passage.highlights, room))

    if hit.beside is None or share < BESIDE_SHARE * LEAST_EXCERPT:
        return quote(hit.best, share)
    place = small(text.beside(hit.beside.position))
    second = quote(hit.beside, share // BESIDE_SHARE - markdown.units(place) - 2)
    first = quote(hit.best, share - markdown.units(second) - markdown.units(place) - 2)
    return f"{first}\n{place}\n{second}"


def _frame(hit: Hit) -> tuple[str, str]:
    """What stands above and below a hit's excerpt."""
    title = markdown.escape(text.short(hit.thread.title, 90))
    about = text.about(hit, hit.best, say=markdown.escape, day=markdown.day)
    above = f"**{hit.rank}. {title}**\n-# {about}"
    below = f"-# {pages.source_line(hit.best.sources)}"
    rest = text.more(hit)
    if rest:
        below = f"{below}\n-# {markdown.escape(rest)}"
    return above, below
