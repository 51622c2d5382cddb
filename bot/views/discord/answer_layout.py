"""Answers as Discord messages: an answer, the reasons for it, and the matches in one thread."""

from __future__ import annotations

from dataclasses import replace

import discord
from discord import ui

from bot.i18n.messages import Language
from bot.models import Answer, Hit
from bot.views import answer_text, markdown, wording
from bot.views.discord import custom_id, long_questions
from bot.views.discord.hits import question_line, read_button, read_on_button, shown_hits
from bot.views.discord.parts import (
    CHOICE,
    TEXT_UNITS,
    add_questions,
    add_row,
    button,
    carry,
    fitting,
    lines,
    menu,
    page_buttons,
    small,
)

HINT_UNITS = 900
LONGEST_WORD = 30
"""Most characters of a word in a menu, so that its value can carry part of a long question."""


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
    head = f"**{markdown.escape(answer_text.found(answer, say))}** · {question_line(answer)}"
    notes = [answer_text.evidence(answer, say), answer_text.order(answer, say)]
    if stale:
        notes.append(say.say(wording.RELOADED))
    if asking.mute:
        notes.append(answer_text.too_long_for_buttons(fits, say))
    small_print = [*(small(each) for each in notes if each), *_hints(answer, say)]
    head = "\n".join([head, *fitting(small_print, HINT_UNITS, say)])
    layout = lines(head)
    for hit, shown in shown_hits(answer.hits, TEXT_UNITS - markdown.units(head), say):
        layout.add_item(ui.Section(ui.TextDisplay(shown), accessory=read_on_button(hit, say)))
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
    shown = [f"**{say('Why these results')}** · {question_line(answer)}"]
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
        excerpt = markdown.quoted(
            markdown.excerpt(passage.tweet.text, passage.highlights, min(share, 500))
        )
        room -= markdown.units(above) + markdown.units(excerpt) + 1
        layout.add_item(
            ui.Section(
                ui.TextDisplay(f"{above}\n{excerpt}"),
                accessory=read_button(hit.thread.id, passage.position, say),
            )
        )
    return layout


def _found_in_thread(hit: Hit, shown: int, say: Language) -> str:
    """The number of matching tweets in a thread, and of those `shown`."""
    most = wording.tweets(hit.more_in_thread + 1, say)
    if shown > hit.more_in_thread:
        return say("{tweets} in this thread", tweets=most)
    return say("{tweets} in this thread. Showing the top {shown}.", tweets=most, shown=shown)


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


def _searched_for(answer: Answer, say: Language) -> str:
    return say("Searched for: {words}", words=answer_text.understood(answer, say))


def _nothing_found(answer: Answer, say: Language) -> ui.LayoutView:
    shown = [f"**{say('Nothing matches')}** · {question_line(answer)}"]
    shown.append(markdown.escape(wording.short(_searched_for(answer, say), 600)))
    shown += _hints(answer, say)
    if answer.titles:
        shown.append(say("The loaded threads include:"))
        shown += [f"- {markdown.escape(wording.short(each.title))}" for each in answer.titles]
    layout = lines(*fitting(shown, TEXT_UNITS, say))
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
