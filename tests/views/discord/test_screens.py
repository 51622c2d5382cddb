"""Whatever is answered, its screen is within Discord's limits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from discord import SelectOption, ui
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app.commands.ask import hits_form
from bot.app.commands.thread import find_form, jump_form
from bot.app.reply import error_text
from bot.i18n.catalogues import languages
from bot.i18n.messages import ENGLISH, Language, sentence
from bot.models import (
    Answer,
    Explanation,
    Hit,
    Passage,
    QueryWord,
    Source,
    Step,
    TermShare,
    ThreadSummary,
)
from bot.reports import DumpFault, Event
from bot.views.discord.answer_layout import (
    answer_layout,
    found_layout,
    share_layout,
    shared_layout,
    why_layout,
)
from bot.views.discord.custom_id import Asking
from bot.views.discord.layout import (
    help_layout,
    history_layout,
    note_layout,
    preview_layout,
    report_layout,
    step_layout,
)
from bot.views.discord.pages import blocks, pages
from bot.views.discord.parts import WithFiles
from bot.views.discord.thread_layout import (
    files_layout,
    may_post_layout,
    picker_layout,
    post_layout,
    posted_layout,
    posting_layout,
    thread_layout,
)
from bot.views.export import KINDS, file_name
from tests.discord_server.components import check_modal
from tests.discord_server.errors import Form
from tests.discord_server.limits import check_message
from tests.discord_server.messages import IS_COMPONENTS_V2
from tests.strategies import thread, tweet
from tests.test_errors import EXAMPLES
from tests.views.shown import report_of

anything = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80)
long_texts = st.builds(
    lambda said, times: f"{said} {'*_~|`[]<>#🎈 ' * times}", anything, st.sampled_from([0, 9, 500])
)
sources = st.tuples(
    st.just(Source("find", "Find on X", "https://x.com/search?q=" + "%22" * 100)),
    st.builds(Source, st.just("printed"), anything, st.none()),
    st.builds(lambda said: Source("dump", said, None), anything),
)
passages = st.builds(
    lambda said, position, proofs, cut: Passage(
        position=position,
        score=1.5,
        tweet=tweet(said, author="anna", created_at="2025-06-13"),
        highlights=((0, min(cut, len(said))),),
        sources=proofs,
        explanation=Explanation((TermShare(said[:50], 2, 1.5, 2.5),) * 8, 1.0, (said[:80],) * 8),
    ),
    long_texts,
    st.integers(1, 999_999),
    sources,
    st.integers(1, 9),
)
summaries = st.builds(
    lambda title, complete: ThreadSummary("0123456789ab", title, "anna", 999_999, complete),
    long_texts,
    st.booleans(),
)
hints = st.builds(
    lambda said: sentence("No tweet contains the exact phrase “{phrase}”.", phrase=said), long_texts
)
tongues = st.sampled_from([ENGLISH, *languages().values()])
hits = st.builds(Hit, st.integers(1, 99), summaries, passages, st.just(()), st.integers(0, 9))


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    """An answer of anything."""
    question = draw(anything)
    found = tuple(
        replace(
            each,
            rank=rank,
            thread=replace(each.thread, id=f"{rank:012x}"),
            beside=draw(st.none() | passages),
        )
        for rank, each in enumerate(draw(st.lists(hits, max_size=5)), start=1)
    )
    words = tuple(
        QueryWord(each, each, draw(st.integers(0, 9)))
        for each in draw(st.lists(anything, max_size=40))
    )
    return Answer(
        question=question * draw(st.sampled_from([1, 60])),
        words=words,
        hits=found,
        tweets=len(found) * 9,
        threads=len(found) * 3,
        words_matched=min(len(words), 2),
        tweets_with_most=1,
        suggestions=tuple(draw(st.lists(anything, max_size=3, unique=True))),
        titles=tuple(draw(st.lists(summaries, max_size=3))),
        generation=draw(st.integers(1, 10**9)),
        hints=tuple(draw(st.lists(hints, max_size=9))),
        took_ms=1.0,
        page=draw(st.integers(1, 9)),
        pages=9,
        newest=draw(st.booleans()),
        wider=draw(st.none() | anything),
    )


def _components(layout: ui.LayoutView) -> Any:
    return layout.to_components()  # type: ignore[no-untyped-call]  # discord.py leaves it so


def check(layout: ui.LayoutView) -> None:
    """Refuse a screen that Discord would refuse."""
    data: dict[str, Any] = {"flags": IS_COMPONENTS_V2, "components": _components(layout)}
    files = layout.files if isinstance(layout, WithFiles) else []
    check_message(Form(), data, [each.filename for each in files])


@settings(deadline=None)  # the largest screens take long on a slow machine
@given(answer=answers(), by=anything, say=tongues)
def test_any_answer(answer: Answer, by: str, say: Language) -> None:
    check(answer_layout(answer, say, stale=True))
    check(why_layout(answer, say))
    if answer.hits:
        check(share_layout(answer, say))
        check(shared_layout(answer, answer.hits[0], by, say))


@settings(deadline=None)  # the largest screens take long on a slow machine
@given(answer=answers(), words=long_texts, more=st.lists(passages, max_size=7), say=tongues)
def test_any_find_in_a_thread(
    answer: Answer, words: str, more: list[Passage], say: Language
) -> None:
    distinct = [replace(each, position=1_000 + place) for place, each in enumerate(more)]
    found = [
        replace(
            each,
            best=replace(each.best, position=1),
            more=tuple(distinct),
            more_in_thread=len(more),
        )
        for each in answer.hits[:1]
    ]
    check(found_layout(replace(answer, hits=tuple(found)), words, say))


@settings(deadline=None)  # the largest screens take long on a slow machine
@given(texts=st.lists(long_texts, min_size=1, max_size=5), title=long_texts, say=tongues)
def test_any_thread(texts: list[str], title: str, say: Language) -> None:
    made = thread(
        *texts, title=title, author="anna", complete=False, source_url="https://e.org/" + "a" * 300
    )
    proofs: dict[int, tuple[Source, ...]] = {
        place: (Source("find", "Find on X", "https://x.com/a"), Source("dump", "a.txt:1", None))
        for place in range(1, len(texts) + 1)
    }
    paged = pages(blocks(made, proofs, say))
    for number, blocked in enumerate(paged, start=1):
        check(thread_layout(made, paged, say, page=number, generation=10**9, stale=True))
        check(post_layout(made, blocked, say, first=number == 1))
    check(may_post_layout(made, paged, 10**9, "<#1>", say))


@settings(deadline=None)  # the largest screens take long on a slow machine
@given(threads=st.lists(summaries, min_size=1, max_size=30), said=long_texts, say=tongues)
def test_any_list_and_note(threads: list[ThreadSummary], said: str, say: Language) -> None:
    distinct = [replace(each, id=f"{number:012x}") for number, each in enumerate(threads)]
    check(picker_layout(distinct, say))
    check(note_layout(said))
    check(help_layout([said, f"{said[:20]}?"], say))
    check(posting_layout(1, 2, 2**63, say))
    why = sentence("Discord returned an error: {what}", what=said[:1000])
    check(posted_layout(1, 2, 2**63, say, why=why, go_on="tb1:x"))
    made = thread(said)
    files = {file_name(made, kind): b"a" * size for size, kind in enumerate(KINDS, start=1)}
    check(files_layout(made, files, 2, say))


@settings(deadline=None)  # the largest screens take long on a slow machine
@given(said=long_texts, faults=st.integers(0, 80), say=tongues)
def test_any_report(said: str, faults: int, say: Language) -> None:
    report = report_of(
        errors=tuple(DumpFault(f"{said[:60]}.txt", None, said) for _ in range(faults)),
        threads_added=(said,) * 13,
        kept=(said[:100],) * (faults // 9),
    )
    check(preview_layout(report, "0" * 16, say))
    check(report_layout(report, say, undo="g"))
    events = [Event(n, "2025-06-13T08:30:00", said, "load", n) for n in range(faults)]
    check(history_layout(events, say))
    check(step_layout(Step(sentence("reading {file}", file=said), 1, 2), say))


@pytest.mark.parametrize("say", [ENGLISH, *languages().values()], ids=lambda say: say.tag)
async def test_every_form_and_every_error(say: Language) -> None:
    for error in EXAMPLES:
        check(note_layout(error_text(error, say)))
    asking = Asking("", 1, newest=False, generation=1)
    choice = hits_form(say, asking, [SelectOption(label="1. Ports", value="0123456789ab:1")])
    for made in (jump_form("0123456789ab", say), find_form("0123456789ab", say), choice):
        form = Form()
        check_modal(form, made.to_dict())
        form.check()
