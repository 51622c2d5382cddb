"""Every screen says what it says through the language that it is given."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from discord import SelectOption, ui

from bot.app.commands.ask import hits_form
from bot.app.commands.thread import find_form, jump_form
from bot.app.reply import error_text
from bot.errors import (
    BackupUnusable,
    BotUnreachable,
    ChangeStopped,
    ClusterMissing,
    ClusterUnreachable,
    DiscordUnreachable,
    FilesDoubted,
    MetricsMissing,
    OutputExists,
    PostgresMissing,
    RegistrationRefused,
    SessionStartsUsedUp,
    SettingsError,
    SeveralMatches,
    ShardingRequired,
    ShelfUnusable,
    ThreadbotError,
)
from bot.i18n.messages import Language, sentence
from bot.models import (
    Explanation,
    Passage,
    QueryWord,
    Source,
    Step,
    TermShare,
    ThreadMatches,
    ThreadSummary,
)
from bot.reports import (
    DumpSummary,
    Event,
    Going,
    LibraryFacts,
    LibraryStats,
    Removing,
    Tally,
)
from bot.views import help_text, report_text
from bot.views.discord.answer_layout import answer_layout, found_layout, why_layout
from bot.views.discord.custom_id import Asking
from bot.views.discord.layout import (
    help_layout,
    history_layout,
    list_layout,
    note_layout,
    preview_layout,
    report_layout,
    step_layout,
)
from bot.views.discord.other_threads import add_other_threads
from bot.views.discord.pages import blocks, pages
from bot.views.discord.removal_layout import (
    confirm_layout,
    which_dump_layout,
    which_thread_layout,
)
from bot.views.discord.share_layout import share_layout, shared_layout
from bot.views.discord.stats_layout import stats_layout
from bot.views.discord.thread_layout import (
    files_layout,
    may_post_layout,
    picker_layout,
    post_layout,
    posted_layout,
    posting_layout,
    thread_layout,
)
from tests.phrases import PREFIX, SUFFIX, Marked
from tests.strategies import thread
from tests.test_errors import EXAMPLES
from tests.views.shown import an_answer, hit, report_of

SAY = Marked()
DATA = "ЖЖЖ"
"""What people wrote: its letters are not Latin, so that Latin ones are ours."""
LETTERS = "".join(Random(1).choices("абвгдежзиклмнопрстуф", k=4000))  # noqa: S311  # no secret
"""A long question that hardly becomes shorter packed."""
SHOWN = ("content", "label", "placeholder", "description", "title")
NAMES = re.compile(r"\bidf\b|text|x\.com|https?\S+|threadbot|txt|<#\d+>|<t:\d+:D>")
"""What no language says otherwise."""


def said(part: Any) -> Iterator[str]:
    """All text of a message or a form."""
    if isinstance(part, dict):
        yield from (part[key] for key in SHOWN if isinstance(part.get(key), str))
        for each in part.values():
            yield from said(each)
    if isinstance(part, list):
        for each in part:
            yield from said(each)


def outside(text: str) -> str:
    """What of a line is outside of all brackets; one that is cut has lost a closing one."""
    depth, kept = 0, []
    for character in text:
        depth += character == PREFIX
        if not depth:
            kept.append(character)
        depth -= character == SUFFIX
    return "".join(kept)


PASSAGE = Passage(
    position=2,
    score=1.5,
    tweet=thread(DATA, author=DATA).tweets[0],
    highlights=(),
    sources=(
        Source("source", "Source", "https://x.com/1"),
        Source("find", "Find on X", "https://x.com/2"),
        Source("dump", DATA, None),
    ),
    explanation=Explanation((TermShare(DATA, 1, 1.5, 2.5),), 0.5, (DATA,) * 7),
)
SUMMARY = ThreadSummary("0123456789ab", DATA, DATA, 19, complete=False)
HIT = hit(thread=SUMMARY, best=PASSAGE, more=(PASSAGE,), more_in_thread=3)
WORDS = (QueryWord(DATA, DATA, 3), QueryWord(DATA, DATA, 1))
ANSWER = an_answer(
    question=DATA,
    words=WORDS,
    hits=(HIT,),
    tweets=9,
    threads=3,
    words_matched=1,
    tweets_with_most=2,
    suggestions=(DATA,),
    hints=(sentence("No tweet contains the exact phrase “{phrase}”.", phrase=DATA),),
    page=2,
    pages=3,
    wider=f"{DATA}!",
)
NOTHING = replace(ANSWER, hits=(), titles=(SUMMARY,))
THREAD = thread(DATA, DATA * 1200, author=DATA, complete=False, source_url="https://x.com/1")
PROOFS = dict.fromkeys((1, 2), PASSAGE.sources)
BLOCKS = blocks(THREAD, PROOFS, SAY)
REPORT = report_of(
    threads_added=(DATA,) * 12,
    threads_changed=(DATA,),
    threads_removed=(DATA,),
    errors=(),
    kept=(DATA,),
    gone=(DATA,),
    dumps=(),
)
EVENTS = [
    Event(1, "2025-06-13T08:30:00", DATA, action, 2)
    for action in ("seeds", "load", "reload", "undo", "reread", "remove", "forget")
]
EVENTS += [
    replace(EVENTS[-2], removed=(DATA,)),
    replace(EVENTS[-1], hidden_threads=(DATA,), hidden_authors=(DATA,)),
]
DUMPS = [DumpSummary(1, DATA, "text", shared=shared) for shared in (True, False)]
STATS = LibraryStats(
    generation=1,
    dumps=1,
    complete=1,
    previews=2,
    tweets=9,
    dated=3,
    first="2025-01-01",
    last="2025-05-02",
    months=(Tally("2025-01", 1), Tally("2025-05", 2)),
    hosts=(Tally(DATA, 2),),
    all_hosts=2,
    authors=(Tally(DATA, 2),),
    all_authors=2,
    unknown=7,
)

MATCHES = ThreadMatches(SUMMARY, (SUMMARY,) * 30, 40, "words")
OWN_DUMP = DumpSummary(1, DATA, DATA, shared=False)
GOING = (
    Going("thread", DATA, "0" * 12, 1, 2, DATA),
    Going("author", f"@{DATA}", "#" + "0" * 16, 1, 2),
    Going("dump", DATA, "#1", 1, 2),
)


def with_others(say: Language) -> ui.LayoutView:
    """A message with what else a reference may mean."""
    layout = list_layout(DATA, [say("Nothing yet.")], say)
    add_other_threads(layout, MATCHES, DATA, say)
    return layout


SCREENS: dict[str, Callable[[Language], ui.LayoutView]] = {
    "an answer": lambda say: answer_layout(ANSWER, say, stale=True),
    "the newest first": lambda say: answer_layout(replace(ANSWER, newest=True), say),
    "all of the words": lambda say: answer_layout(replace(ANSWER, words_matched=2), say),
    "of three words": lambda say: answer_layout(replace(ANSWER, words=WORDS * 2), say),
    "a missing word": lambda say: answer_layout(
        replace(ANSWER, words=(WORDS[0], QueryWord(DATA, DATA, 0))), say
    ),
    "nothing": lambda say: answer_layout(NOTHING, say),
    "no words": lambda say: answer_layout(replace(NOTHING, words=()), say),
    "a long question": lambda say: answer_layout(replace(ANSWER, question=DATA * 40), say),
    "a menu of a longer one's words": lambda say: answer_layout(
        replace(ANSWER, question=LETTERS[:1500]), say
    ),
    "a question too long for buttons": lambda say: answer_layout(
        replace(ANSWER, question=LETTERS), say
    ),
    "why": lambda say: why_layout(ANSWER, say),
    "share": lambda say: share_layout(ANSWER, say),
    "shared": lambda say: shared_layout(ANSWER, HIT, DATA, say),
    "found": lambda say: found_layout(ANSWER, DATA, say),
    "not found": lambda say: found_layout(NOTHING, DATA, say),
    "a thread": lambda say: thread_layout(THREAD, pages(BLOCKS), say, stale=True),
    "a post": lambda say: post_layout(THREAD, BLOCKS[:1], say, by=DATA),
    "the rest of a tweet": lambda say: post_layout(THREAD, BLOCKS[2:3], say, by=None),
    "a menu": lambda say: picker_layout([SUMMARY], say),
    "other threads": lambda say: with_others(say),
    "which thread": lambda say: which_thread_layout(DATA, MATCHES, None, say),
    "which file": lambda say: which_dump_layout(DATA, [OWN_DUMP, OWN_DUMP], say),
    "may it be hidden": lambda say: confirm_layout(Removing((GOING[0],), "0" * 16), say),
    "may all be hidden": lambda say: confirm_layout(Removing((GOING[1],), "0" * 16), say),
    "may both be hidden": lambda say: confirm_layout(Removing(GOING[:2], "0" * 16), say),
    "may it be removed": lambda say: confirm_layout(Removing(GOING[2:], "0" * 16), say),
    "files": lambda say: files_layout(THREAD, {f"{DATA}.txt": b"aaa"}, 2, say),
    "may it be posted": lambda say: may_post_layout(THREAD, BLOCKS, 1, "<#1>", say),
    "posting": lambda say: posting_layout(1, 2, 3, say),
    "posted": lambda say: posted_layout(2, 2, 3, say, why=None, go_on=None),
    "stopped": lambda say: posted_layout(
        1, 2, 3, say, why=sentence("You stopped posting."), go_on="tb1:x"
    ),
    "not posted": lambda say: posted_layout(0, 2, 0, say, why=None, go_on=None),
    "a preview": lambda say: preview_layout(REPORT, "0" * 16, say),
    "no change": lambda say: preview_layout(replace(REPORT, changed=False), "0" * 16, say),
    "a report": lambda say: report_layout(REPORT, say, undo="g"),
    "nothing loaded": lambda say: report_layout(replace(REPORT, changed=False), say, undo="g"),
    "progress": lambda say: step_layout(Step(sentence("indexing"), 1, 2), "0" * 16, say),
    "help": lambda say: help_layout([DATA], say),
    "about": lambda say: list_layout(
        DATA, help_text.library_lines(LibraryFacts("1", 2, 3, 4), say), say
    ),
    "history": lambda say: history_layout(EVENTS, say),
    "no history": lambda say: history_layout([], say),
    "dumps": lambda say: list_layout(DATA, report_text.dump_lines(DUMPS, say), say),
    "figures": lambda say: stats_layout(STATS, b"png", say),
    "figures by decade": lambda say: stats_layout(
        replace(STATS, months=(Tally("1900-01", 1), Tally("2025-02", 2)), dated=9), b"png", say
    ),
    "figures by year": lambda say: stats_layout(
        replace(STATS, months=(Tally("1990-01", 1), Tally("2025-02", 2)), tweets=3), b"png", say
    ),
    "figures of nothing": lambda say: stats_layout(replace(STATS, tweets=0), None, say),
    "figures without dates": lambda say: stats_layout(
        replace(STATS, dated=0, months=(), hosts=(), authors=()), None, say
    ),
    "a long list": lambda say: list_layout(DATA, [DATA * 90] * 40, say),
}
ENGLISH_ONLY = (
    PostgresMissing,
    ShelfUnusable,
    ShardingRequired,
    SessionStartsUsedUp,
    MetricsMissing,
    ClusterMissing,
    ClusterUnreachable,
    BackupUnusable,
    BotUnreachable,
    OutputExists,
    SeveralMatches,
    SettingsError,
    DiscordUnreachable,
    FilesDoubted,
    RegistrationRefused,
)
"""Errors of the log and the terminal, of which nobody is told on Discord."""
TOLD = [
    each
    for each in EXAMPLES
    if not isinstance(each, ENGLISH_ONLY) and type(each) is not ChangeStopped
]


@pytest.mark.parametrize("name", SCREENS)
async def test_no_screen_says_anything_past_its_language(name: str) -> None:
    made: Any = SCREENS[name](SAY).to_components()  # type: ignore[no-untyped-call]  # discord.py leaves it so
    shown = list(said(made))
    assert any(PREFIX in each for each in shown)
    for line in "\n".join(shown).splitlines():
        assert not re.search(r"[A-Za-z]{2,}", NAMES.sub("", outside(line))), line


async def test_no_form_says_anything_past_its_language() -> None:
    choice = hits_form(SAY, Asking("", 1, newest=False, generation=1), [SelectOption(label="1")])
    for form in (jump_form("0123456789ab", SAY), find_form("0123456789ab", SAY), choice):
        shown = [each for each in said(form.to_dict()) if not each.startswith("tb1:")]
        assert len(shown) >= 2
        assert {outside(each) for each in shown} <= {"", "1"}


@pytest.mark.parametrize("error", TOLD, ids=lambda error: type(error).__name__)
async def test_no_error_says_anything_past_its_language(error: ThreadbotError) -> None:
    shown = list(said(note_layout(error_text(error, SAY)).to_components()))  # type: ignore[no-untyped-call]  # discord.py leaves it so
    assert [outside(each) for each in shown] == [""]
