"""Answers as Discord messages: an answer, the reasons for it, and the matches in one thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import discord
from discord import ui

from bot.i18n.messages import Language
from bot.models import Answer, Hit
from bot.views import answer_text, markdown, wording
from bot.views.discord import custom_id, long_questions, pages
from bot.views.discord.deletion import room_for_delete
from bot.views.discord.hit_cards import add_hits
from bot.views.discord.hits import (
    all_of_a_thread,
    passages_of,
    question_line,
    shown_hits,
    title_of,
)
from bot.views.discord.long_questions import MARK
from bot.views.discord.parts import (
    BUTTONS,
    CHOICE,
    TEXT_UNITS,
    Button,
    add_row,
    button,
    carry,
    fitting,
    lines,
    menu,
    page_buttons,
    small,
)

MOST_SOURCES = 6
"""Most sources of a tweet that are listed, besides its file and line."""
HINT_UNITS = 900
PERCENT = "\N{NO-BREAK SPACE}%"
"""After a number, so that no line breaks between them."""
LONGEST_WORD = 30
"""Most characters of a word in a menu, so that its value can carry part of a long question."""


def answer_layout(answer: Answer, say: Language, *, stale: bool = False) -> ui.LayoutView:
    """An answer: the number of matches, then a container for each thread with its best tweets.

    `stale` says that the library was reloaded since the page that this one replaces.
    """
    if not answer.hits:
        return _nothing_found(answer, say)
    asking = asking_for(answer)
    layout = _laid_out(answer, asking, say, stale=stale)
    if carry(layout, asking.question) is None:
        return layout
    layout = _laid_out(answer, asking, say, stale=stale, more=2)
    _add_words(layout, answer, say)
    if (fits := carry(layout, asking.question)) is None:
        return layout
    layout = _laid_out(answer, replace(asking, mute=True), say, stale=stale, fits=fits, more=2)
    _add_words(layout, answer, say)
    return layout


def asking_for(answer: Answer) -> custom_id.Asking:
    """The page that `answer` is; its question as the person asked it."""
    return custom_id.Asking(
        answer.asked or answer.question,
        answer.page,
        answer.newest,
        answer.generation,
        exact=answer.exact,
    )


def _laid_out(
    answer: Answer,
    asking: custom_id.Asking,
    say: Language,
    *,
    stale: bool,
    fits: int = 0,
    more: int = 0,
) -> ui.LayoutView:
    """An answer with hits.

    `fits` is the length of a question that has room for all buttons, and `more` the number of
    components that will be added.
    """
    head = _head(answer, asking, say, stale=stale, fits=fits)
    layout = lines(head)
    below = _buttons_below(answer, asking, say)
    partial = markdown.units(say("Only some of the words")) + 4
    texts = (each.content for each in below.children if isinstance(each, ui.TextDisplay))
    room = TEXT_UNITS - markdown.units(head) - partial - sum(map(markdown.units, texts))
    reserved = below.total_children_count + more + room_for_delete(below, more)
    shown = shown_hits(answer.hits, room, say)
    add_hits(layout, shown, say, reserved, _everything(answer, asking))
    _move(below, layout)
    return layout


def _move(below: ui.LayoutView, layout: ui.LayoutView) -> None:
    """Move everything in `below` to the end of `layout`."""
    for each in list(below.children):
        below.remove_item(each)
        layout.add_item(each)


def _head(
    answer: Answer, asking: custom_id.Asking, say: Language, *, stale: bool, fits: int
) -> str:
    """The number of matches, the question, and what there is to say about them."""
    found = f"**{markdown.escape(answer_text.size(answer, say))}**"
    if answer.asked:
        repaired = say(
            "Showing results for {question} instead of {asked}.",
            question=f"**{question_line(answer)}**",
            asked=f"*{markdown.escape(wording.short(answer.asked, 200))}*",
        )
        found = f"{found}\n{repaired}"
    else:
        found = f"{found} · {question_line(answer)}"
    notes = [
        answer_text.here(answer, say),
        answer_text.evidence(answer, say),
        answer_text.order(answer, say),
    ]
    if stale:
        notes.append(say.say(wording.RELOADED))
    if asking.mute:
        notes.append(answer_text.too_long_for_buttons(fits, say))
    small_print = [*(small(each) for each in notes if each), *_hints(answer, say)]
    return "\n".join([found, *fitting(small_print, HINT_UNITS, say)])


def _buttons_below(answer: Answer, asking: custom_id.Asking, say: Language) -> ui.LayoutView:
    """What is below the hits: pages, what to do with the answer, and other ways to ask."""
    below = ui.LayoutView(timeout=None)
    if listed := answer_text.listed(answer, say, all_of_a_thread(say, "…")):
        below.add_item(ui.TextDisplay(small(listed)))
    if answer.pages > 1:
        add_row(below, page_buttons(answer.page, answer.pages, say, asking.to_page))
    order = say("Best match first") if answer.newest else say("Newest first")
    turned = asking.turned(page=1, newest=not answer.newest) if answer.tweets > 1 else None
    first = [button(order, turned), button(say("Share…"), asking.carried("share"))]
    then = [
        button(say("Sources"), asking.carried("sources")),
        button(say("Why these?"), asking.carried("why")),
    ]
    if turned:  # two rows of two, as four are too wide for a phone
        add_row(below, first)
        add_row(below, then)
    else:
        add_row(below, [*first, *then])
    exact = replace(asking, page=1, exact=True).carried("hits") if answer.asked else None
    instead = say("Search instead for {asked}", asked=answer.asked or "")
    add_row(below, [button(instead, exact), *_repairs(answer, say)][:BUTTONS])
    return below


def _everything(answer: Answer, asking: custom_id.Asking) -> Callable[[str], str | None]:
    """The custom id that shows all matches of a thread, for the question as it was answered."""
    shown = replace(asking, question=answer.question, page=1, exact=True)

    def everything(thread: str) -> str | None:
        carried = shown.within(thread)
        if carried and carried.endswith(MARK) and answer.asked:
            return replace(asking, page=1).within(thread)
        return carried

    return everything


def why_layout(answer: Answer, say: Language, *, stale: bool = False) -> ui.LayoutView:
    """An explanation of the scores on a page; the hits of `answer` carry explanations.

    `stale` says that the library was reloaded since the page was shown.
    """
    shown = [f"**{say('Why these results')}** · {question_line(answer)}"]
    if stale:
        shown.append(small(say.say(wording.RELOADED)))
    if answer.words:
        shown.append(say.say(answer_text.RANKS))
    figures = []
    for hit in answer.hits:
        shown.append(_title(hit))
        for each in passages_of(hit):
            place = wording.place_in(hit.thread, each.position, say)
            if each.explanation:
                why = answer_text.reason(place, each.explanation, say)
                why = wording.short(f"{why[:1].upper()}{why[1:]}", 400).replace(" %", PERCENT)
                shown.append(f"- {markdown.escape(why)}")
                figures.append(small(f"{place}: {answer_text.figures(each.explanation, say)}", 400))
    if answer.words:
        words = say(
            "Words, with the number of tweets that contain each: {words}",
            words=answer_text.understood(answer, say),
        )
        shown += [f"**{say('Figures')}**", small(words, 600), *figures]
    return lines(*fitting(shown, TEXT_UNITS, say))


def sources_layout(answer: Answer, say: Language, *, stale: bool = False) -> ui.LayoutView:
    """All sources of the tweets on a page, with file and line.

    `stale` says that the library was reloaded since the page was shown.
    """
    head = f"**{say('Sources')}** · {question_line(answer)}"
    if stale:
        head = f"{head}\n{small(say.say(wording.RELOADED))}"
    every = [head, *_source_lines(answer, say, frozenset())]
    if sum(markdown.units(each) + 1 for each in every) > TEXT_UNITS:
        every = [head, *_source_lines(answer, say, frozenset({"find"}))]
    return lines(*fitting(every, TEXT_UNITS, say))


def _source_lines(answer: Answer, say: Language, without: frozenset[str]) -> list[str]:
    """The sources of each tweet, except kinds that are `without` where a better one exists."""
    shown = []
    for hit in answer.hits:
        shown.append(_title(hit))
        for each in passages_of(hit):
            place = wording.place_in(hit.thread, each.position, say)
            best = each.sources[0].kind if each.sources else None
            kept = [one for one in each.sources if one.kind not in without or one.kind == best]
            parts = [markdown.escape(place)]
            parts += [pages.source_line((one,), say) for one in kept[:MOST_SOURCES]]
            dump = [one for one in kept[MOST_SOURCES:] if one.kind == "dump"]
            parts += [pages.source_line((one,), say) for one in dump]
            shown.append(f"-# {' · '.join(parts)}")
    return shown


def _title(hit: Hit) -> str:
    return f"**{markdown.escape(title_of(hit.thread))}**"


def within_layout(
    answer: Answer,
    asking: custom_id.Asking,
    thread: str,
    say: Language,
    *,
    back: custom_id.Asking | None,
) -> ui.LayoutView:
    """A page of all tweets of one thread that match.

    Args:
        answer: the answer, limited to the thread.
        asking: the question without that limit, with this page's number.
        thread: the thread's id.
        say: the language.
        back: the page of results that it was opened from, to lead back to.
    """
    layout = _within(answer, asking, thread, say, back=back)
    fits = carry(layout, back.question if back else asking.question)
    if fits is None:
        return layout
    return _within(answer, replace(asking, mute=True), thread, say, back=None, fits=fits)


def _within(
    answer: Answer,
    asking: custom_id.Asking,
    thread: str,
    say: Language,
    *,
    back: custom_id.Asking | None,
    fits: int = 0,
) -> ui.LayoutView:
    """A page of all tweets of one thread that match; the message may not carry the question."""
    asked = markdown.escape(wording.short(asking.question, 200))
    if answer.hits:
        count = wording.tweets(answer.tweets, say)
        head = f"**{say('{tweets} in this thread', tweets=count)}** · {asked}"
    else:
        head = f"**{say('Nothing in this thread matches')}** · {asked}"
        if searched := answer_text.searched_for(answer, say):
            head = f"{head}\n{small(searched, 600)}"
    if asking.mute:
        head = f"{head}\n{small(answer_text.too_long_for_buttons(fits, say))}"
    layout = lines(head)

    def turn(page: int) -> str | None:
        carried = replace(asking, page=page).within(thread)
        if back and carried and carried.endswith(MARK):  # what the message carries is as asked
            return replace(back, page=page).within(thread)
        return carried

    below = ui.LayoutView(timeout=None)
    if answer.pages > 1:
        add_row(below, page_buttons(answer.page, answer.pages, say, turn))
    add_row(below, (button(say("Back to results"), back.carried("back") if back else None),))
    shown = shown_hits(answer.hits, TEXT_UNITS - markdown.units(head), say)
    reserved = below.total_children_count + room_for_delete(below)
    add_hits(layout, shown, say, reserved, lambda _: None)
    _move(below, layout)
    return layout


def found_layout(answer: Answer, words: str, say: Language) -> ui.LayoutView:
    """The tweets of one thread that match `words`; `answer` is limited to that thread."""
    thread = answer.hits[0].thread.id if answer.hits else "0" * 12
    asking = replace(asking_for(answer), question=words, exact=True)
    return within_layout(answer, asking, thread, say, back=None)


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


def _nothing_found(answer: Answer, say: Language) -> ui.LayoutView:
    shown = [f"**{say('Nothing matches')}** · {question_line(answer)}"]
    repairs = _repairs(answer, say)
    searched = answer_text.searched_for(answer, say)
    if searched and not answer.wider:  # else a hint counts what matches without the filters
        shown.append(markdown.escape(wording.short(searched, 600)))
    shown += _hints(answer, say)
    if answer.titles and not repairs:
        shown.append(say("The loaded threads include:"))
        shown += [f"- {markdown.escape(wording.short(each.title))}" for each in answer.titles]
    layout = lines(*fitting(shown, TEXT_UNITS, say))
    add_row(layout, repairs)
    return layout


def _repairs(answer: Answer, say: Language) -> list[Button | None]:
    """Buttons that ask something else: with other spelling, or without filters."""
    questions = {
        each: say("Did you mean: {question}", question=each) for each in answer.suggestions
    }
    if answer.wider and answer.wider not in questions:
        questions[answer.wider] = say("Only the words: {question}", question=answer.wider)
    return [button(label, custom_id.ask(each)) for each, label in questions.items()]


def _hints(answer: Answer, say: Language) -> list[str]:
    return [small(say.say(each)) for each in answer.hints[:5]]
