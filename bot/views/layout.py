"""Answers, threads and reports as Discord messages, in Components V2.

Limits: https://discord.com/developers/docs/components/reference. A message has at most 40
components and 4,000 characters in all its text; discord.py counts the components only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import discord
from discord import ui

from bot.models import Answer, Hit, LoadReport, Step, Thread, ThreadSummary
from bot.views import custom_id, markdown, pages, text

TEXT_UNITS = 3900
LEAST_EXCERPT = 60
LABEL = 80
CHOICES = 25
CHOICE = 100


def answer_layout(answer: Answer) -> ui.LayoutView:
    """An answer: how much was found, then each thread's best tweet with a button to read on."""
    if not answer.hits:
        return _nothing_found(answer)
    head = f"**{markdown.escape(text.found(answer))}** · {_question(answer)}"
    thin = text.evidence(answer)
    if thin:
        head = f"{head}\n-# {markdown.escape(thin)}"
    head = "\n".join([head, *_hints(answer)])
    layout = ui.LayoutView(timeout=None)
    layout.add_item(ui.TextDisplay(head))
    for hit, shown in _hits(answer.hits, TEXT_UNITS - markdown.units(head)):
        button: ui.Button[ui.LayoutView] = ui.Button(
            label="Read from here",
            custom_id=custom_id.read(hit.thread.id, hit.best.position),
        )
        layout.add_item(ui.Section(ui.TextDisplay(shown), accessory=button))
    _add_suggestions(layout, answer)
    return layout


def thread_layout(
    thread: Thread,
    made: list[list[pages.Block]],
    *,
    page: int | None = None,
    position: int = 1,
) -> ui.LayoutView:
    """Of the pages `made` of a thread, the one numbered `page`, or with the tweet at `position`."""
    number = pages.page_of(made, position) if page is None else max(1, min(page, len(made)))
    layout = ui.LayoutView(timeout=None)
    layout.add_item(ui.TextDisplay(_thread_head(thread)))
    layout.add_item(ui.TextDisplay("\n\n".join(block.shown for block in made[number - 1])))
    if len(made) > 1:
        layout.add_item(_page_buttons(thread.id, number, len(made)))
    return layout


def picker_layout(threads: Sequence[ThreadSummary]) -> ui.LayoutView:
    """A menu of threads, for somebody who named none."""
    layout = ui.LayoutView(timeout=None)
    layout.add_item(ui.TextDisplay("Which thread? Choose one, or type words of its title."))
    menu: ui.Select[ui.LayoutView] = ui.Select(
        custom_id=custom_id.pick(),
        placeholder="A thread",
        options=[
            discord.SelectOption(
                label=text.short(each.title, CHOICE),
                value=each.id,
                description=_thread_size(each.tweets, complete=each.complete),
            )
            for each in threads[:CHOICES]
        ],
    )
    layout.add_item(ui.ActionRow(menu))
    return layout


def report_layout(report: LoadReport, *, undo: bool) -> ui.LayoutView:
    """What a load changed, with a button to take it back."""
    first, *rest = text.report_lines(report)
    head = f"**{markdown.escape(first)}**"
    layout = ui.LayoutView(timeout=None)
    layout.add_item(ui.TextDisplay("\n".join([head, *_fitting(rest, TEXT_UNITS - len(head))])))
    if undo and report.changed:
        button: ui.Button[ui.LayoutView] = ui.Button(
            label="Undo", custom_id=custom_id.undo(report.generation)
        )
        layout.add_item(ui.ActionRow(button))
    return layout


def step_layout(step: Step) -> ui.LayoutView:
    """How far a load is."""
    return note_layout(text.step_line(step))


def note_layout(said: str) -> ui.LayoutView:
    """A sentence or two."""
    layout = ui.LayoutView(timeout=None)
    layout.add_item(ui.TextDisplay(markdown.excerpt(said, (), TEXT_UNITS)))
    return layout


def help_layout(examples: Sequence[str]) -> ui.LayoutView:
    """How to ask, with questions that the library has answers to."""
    layout = ui.LayoutView(timeout=None)
    layout.add_item(ui.TextDisplay(text.HELP))
    _add_questions(layout, "Ask", examples)
    return layout


def choices(threads: Iterable[ThreadSummary]) -> list[discord.app_commands.Choice[str]]:
    """Threads as what Discord offers while somebody types."""
    return [
        discord.app_commands.Choice(name=text.short(each.title, CHOICE), value=each.id)
        for each in threads
    ][:CHOICES]


def _nothing_found(answer: Answer) -> ui.LayoutView:
    lines = [f"**Nothing matches** · {_question(answer)}"]
    lines.append(f"Searched for: {markdown.escape(text.short(text.understood(answer), 600))}")
    lines += _hints(answer)
    if answer.titles:
        lines.append("There are threads on, for example:")
        lines += [f"- {markdown.escape(text.short(each.title))}" for each in answer.titles]
    layout = ui.LayoutView(timeout=None)
    layout.add_item(ui.TextDisplay("\n".join(lines)))
    _add_suggestions(layout, answer)
    return layout


def _add_suggestions(layout: ui.LayoutView, answer: Answer) -> None:
    _add_questions(layout, "Did you mean", answer.suggestions)


def _add_questions(layout: ui.LayoutView, said: str, questions: Sequence[str]) -> None:
    """A row of buttons that ask `questions`, as many as fit."""
    buttons: list[ui.Button[ui.LayoutView]] = [
        ui.Button(label=text.short(f"{said}: {each}", LABEL), custom_id=carried)
        for each in questions
        if (carried := custom_id.ask(each))
    ]
    if buttons:
        layout.add_item(ui.ActionRow(*buttons[:5]))


def _hints(answer: Answer) -> list[str]:
    return [f"-# {markdown.escape(text.short(each, 300))}" for each in answer.hints[:5]]


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
        best = hit.best
        share = room // (len(sizes) - left)
        said = markdown.quoted(markdown.excerpt(best.tweet.text, best.highlights, share))
        room -= markdown.units(said)
        shown.append((hit, f"{above}\n{said}\n{below}"))
    return shown


def _frame(hit: Hit) -> tuple[str, str]:
    """What stands above and below a hit's excerpt."""
    title = markdown.escape(text.short(hit.thread.title, 90))
    above = f"**{hit.rank}. {title}**\n-# {markdown.escape(text.about(hit, hit.best))}"
    below = f"-# {pages.source_line(hit.best.sources)}"
    rest = text.more(hit)
    if rest:
        below = f"{below}\n-# {markdown.escape(rest)}"
    return above, below


def _thread_head(thread: Thread) -> str:
    size = _thread_size(len(thread.tweets), complete=thread.complete)
    about = [f"@{thread.author}"] if thread.author else []
    lines = [
        f"### {markdown.escape(text.short(thread.title, 200))}",
        f"-# {markdown.escape(' · '.join([*about, size]))}",
    ]
    if thread.source_url and len(thread.source_url) <= 400:
        lines[1] += f" · {markdown.link('Source', thread.source_url)}"
    banner = text.preview_banner(thread)
    if banner:
        lines.append(f"**{markdown.escape(banner)}**")
    return "\n".join(lines)


def _thread_size(tweets: int, *, complete: bool) -> str:
    return f"{text.count(tweets, 'tweet')}{'' if complete else ', a preview'}"


def _page_buttons(thread: str, number: int, last: int) -> ui.ActionRow[ui.LayoutView]:
    def to(page: int, label: str) -> ui.Button[ui.LayoutView]:
        return ui.Button(
            label=label,
            custom_id=custom_id.page(thread, page),
            disabled=not 1 <= page <= last,
        )

    here: ui.Button[ui.LayoutView] = ui.Button(
        label=f"Page {number} of {last}", custom_id="tb1:here", disabled=True
    )
    return ui.ActionRow(to(number - 1, "◀ Previous"), here, to(number + 1, "Next ▶"))


def _fitting(lines: Sequence[str], budget: int) -> list[str]:
    """As many of `lines` as fit, and how many do not."""
    shown: list[str] = []
    for place, line in enumerate(lines):
        escaped = markdown.escape(text.short(line, 400))
        budget -= markdown.units(escaped) + 1
        if budget < 40:
            return [*shown, f"… and {text.count(len(lines) - place, 'more line')}"]
        shown.append(escaped)
    return shown
