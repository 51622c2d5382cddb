"""Answers, hits and reports to show, made of little."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.models import (
    AccountLine,
    Answer,
    Dump,
    Hit,
    Metadata,
    Notice,
    Passage,
    QueryWord,
    Source,
    ThreadSummary,
)
from bot.reports import DumpFault, DumpReport, LoadReport
from tests.strategies import thread, tweet

PASSAGE = Passage(
    position=2,
    score=1.5,
    tweet=tweet("On **Monday** no ship\ncame to @here.", line=2),
    highlights=((17, 21),),
    sources=(
        Source("source", "Source", "https://x.com/anna/status/1901"),
        Source("find", "Find on X", "https://x.com/search?q=%22On%22"),
        Source("printed", "news.example/port…", None),
        Source("dump", "a.txt:2", None),
    ),
)


def hit(*, tweets: int = 3, complete: bool = True, **others: Any) -> Hit:
    """A hit in a thread of so many tweets."""
    summary = ThreadSummary("0123456789ab", "Ports grow quiet", None, tweets, complete)
    return replace(Hit(1, summary, PASSAGE, (), 0), **others)


def an_answer(**others: Any) -> Answer:
    """An answer with one hit."""
    answer = Answer(
        question="no ship",
        words=(QueryWord("ship", "ship", 1),),
        hits=(hit(),),
        tweets=1,
        threads=1,
        words_matched=1,
        tweets_with_most=1,
        suggestions=(),
        titles=(),
        generation=1,
        hints=(),
        took_ms=1.23456,
    )
    return replace(answer, **others)


def report_of(**others: Any) -> LoadReport:
    """A report of a load that did a little of everything."""
    dump = Dump(
        file="a.txt",
        format="thread-reader-text",
        sha256="ab" * 32,
        metadata=Metadata(),
        threads=(thread("Ports grow quiet", "No ship came."), thread("Rice", complete=False)),
        notices=(Notice("a.txt", 1, "met something"),),
        account=(
            AccountLine(1, "tweet", "1.1", "Ports grow quiet"),
            AccountLine(2, "boilerplate", "the page's footer", "• • •"),
            AccountLine(3, "notice", "met something", "odd"),
        ),
    )
    report = LoadReport(
        generation=2,
        changed=True,
        dumps=(DumpReport(dump, added=2, changed=1, unchanged=0, threads=2, tweets=3),),
        errors=(DumpFault("odd.txt", 3, "it is odd"),),
        threads_added=("Ports grow quiet",),
        threads_removed=("A lighthouse is sold",),
        threads_changed=("Rice prices double",),
        tweets_before=3,
        tweets_after=5,
        threads_after=3,
        kept=("kept.txt",),
    )
    return replace(report, **others)
