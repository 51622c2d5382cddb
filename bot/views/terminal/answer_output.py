"""An answer as rows for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.i18n.messages import ENGLISH
from bot.models import Answer, Hit, Passage, Source
from bot.views import answer_text, wording
from bot.views.excerpts import window
from bot.views.terminal.next_commands import IN_SHELL, NextCommands
from bot.views.terminal.output import BLANK, LABELS, TITLE, Row, Span, text_row
from bot.views.terminal.tweet_output import attached_rows, marked

EXCERPT = 600
"""Most characters of a tweet that an answer quotes; `Read on` shows the rest."""
SHORT_TITLE = 70
"""Most characters of a title that is only an example."""
INDENT = 3
"""The indent of what is below a thread's title."""
PARTIAL = "Only some of the words"
"""The heading of tweets that have only some of the words, while others have all."""


def answer_rows(
    answer: Answer, commands: NextCommands = IN_SHELL, *, all_sources: bool = False
) -> list[Row]:
    """An answer: what it found, then its tweets under the titles of their threads.

    Args:
        answer: the answer.
        commands: writes the commands that lead on.
        all_sources: whether to list every source of each tweet, the file and line too.
    """
    rows = _head_rows(answer, commands)
    partial = False
    for hit in answer.hits:
        if hit.partial and not partial:
            partial = True
            rows += [BLANK, text_row(PARTIAL, "quiet")]
        rows += [BLANK, *_hit_rows(answer, hit, commands, all_sources=all_sources)]
    if others := answer_text.not_listed(answer, ENGLISH):
        rows += [BLANK, text_row(others, "quiet")]
    if answer.hits and answer.page < answer.pages:
        following = answer.page + 1
        what = f"Next page ({following} of {answer.pages}): "
        rows += [BLANK, _command_row(0, what, commands.page(answer, following))]
    return rows


def _head_rows(answer: Answer, commands: NextCommands) -> list[Row]:
    """What the answer found, how the question was understood, and what else to ask."""
    rows = []
    if answer.asked:
        rows.append(
            Row(0, (Span("Showing results for "), Span(answer.question, "title"), Span(".")))
        )
        rows.append(_command_row(0, "Search instead for: ", commands.as_asked(answer)))
    rows.append(text_row(answer_text.found(answer, ENGLISH), "quiet" if answer.hits else "title"))
    rows += [text_row(each, "quiet") for each in answer_text.beneath(answer, ENGLISH)]
    rows += [text_row(str(each), "match") for each in answer.hints]
    if not answer.hits:
        searched = answer_text.searched_for(answer, ENGLISH)
        rows += [text_row(searched)] if searched else []
    elif answer.words and any(hit.best.explanation for hit in answer.hits):
        words = answer_text.understood(answer, ENGLISH)
        rows.append(text_row(f"Words, with the number of tweets that contain each: {words}"))
    rows += [_command_row(0, "Did you mean: ", commands.ask(each)) for each in answer.suggestions]
    if answer.wider:
        rows.append(_command_row(0, "Only the words: ", commands.ask(answer.wider)))
    if answer.titles:
        rows.append(text_row("The loaded threads include:", "quiet"))
        rows += [text_row(wording.short(each.title, SHORT_TITLE), "", 2) for each in answer.titles]
    return rows


def _hit_rows(
    answer: Answer, hit: Hit, commands: NextCommands, *, all_sources: bool
) -> Iterator[Row]:
    """A thread's title, its tweets on the page, and how to see more of it."""
    shown = [hit.best, *hit.more]
    first = next((each for each in shown if _begins_with_title(hit, each)), None)
    title = (
        _in_title(first, len(hit.thread.title))
        if first
        else (Span(wording.short(hit.thread.title, TITLE), "title"),)
    )
    yield Row(0, title, Span(f"{hit.rank}. ", "quiet"))
    printed: set[str] = set()
    for number, passage in enumerate(shown):
        if number:
            yield BLANK
        about = wording.about(hit, passage, ENGLISH)
        in_title = f"{about} · the title above" if number and passage is first else about
        yield text_row(in_title, "quiet", INDENT)
        yield from _passage_rows(passage, len(hit.thread.title) if passage is first else 0)
        if passage.explanation:
            yield text_row(answer_text.explained(passage.explanation, ENGLISH), "quiet", INDENT)
        yield from _source_rows(passage.sources, printed, all_sources=all_sources)
    matches = hit.more_in_thread + 1
    if matches > len(shown):
        every = f"All {matches:,} in this thread: "
        yield _command_row(INDENT, every, commands.all_in_thread(answer, hit))
    yield _command_row(INDENT, "Read on: ", commands.read_on(hit))


def _begins_with_title(hit: Hit, passage: Passage) -> bool:
    """Whether a passage is the first tweet, and the title its first line."""
    text, title = passage.tweet.text, hit.thread.title
    return passage.position == 1 and (text == title or text.startswith(f"{title}\n"))


def _in_title(passage: Passage, end: int) -> tuple[Span, ...]:
    """The first line of a passage, in full, as the title of its thread."""
    spans = marked(
        passage.tweet.text[:end], [each for each in passage.highlights if each[1] <= end]
    )
    return tuple(each if each.style else each._replace(style="title") for each in spans)


def _passage_rows(passage: Passage, skip: int = 0) -> Iterator[Row]:
    """The excerpt, without the first `skip` characters, which the title shows; and attachments."""
    text = passage.tweet.text[skip:].lstrip("\n")
    skip = len(passage.tweet.text) - len(text)
    found = [(start - skip, end - skip) for start, end in passage.highlights if start >= skip]
    if text:
        yield Row(INDENT, tuple(marked(text, found, window(text, found, EXCERPT))))
    yield from attached_rows(passage.tweet, INDENT, passage.alt_highlights)


def _source_rows(
    sources: Sequence[Source], printed: set[str], *, all_sources: bool
) -> Iterator[Row]:
    """The best source on one line, with links that were `printed` under no tweet above; or all."""
    if all_sources:
        for each in sources:
            yield Row(INDENT, (Span(f"{LABELS[each.kind]}: ", "quiet"), *_in_full(each)))
        return
    best = next((each for each in sources if each.url and each.kind != "printed"), None)
    parts: list[Span] = []
    if best and best.url:
        parts.append(Span(LABELS[best.kind], "link", best.url))
    for each in sources:
        if each.kind == "printed" and each.label not in printed:
            printed.add(each.label)
            parts.append(
                Span(each.label, "link", each.url) if each.url else Span(each.label, "quiet")
            )
    if not any(each.url for each in parts):
        parts += [
            Span(f"{LABELS[each.kind]}: {each.label}", "quiet")
            for each in sources
            if each.kind == "dump"
        ]
    between = Span(" · ", "quiet")
    spans = [span for each in parts for span in (between, each)][1:]
    yield Row(INDENT, tuple(spans))


def _in_full(source: Source) -> tuple[Span, ...]:
    """A source with its whole URL, to copy."""
    if source.url:
        return (Span(source.url, "link", source.url),)
    return (Span(source.label, "quiet"),)


def _command_row(indent: int, what: str, command: str) -> Row:
    """A command to paste, which is never wrapped."""
    return Row(indent, (Span(what, "quiet"), Span(command, "command")))
