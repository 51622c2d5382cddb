"""Anything that a screen may have to show, and a check that Discord would take the screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from discord import ui
from hypothesis import strategies as st

from bot.i18n.catalogues import languages
from bot.i18n.messages import ENGLISH, sentence
from bot.models import (
    Answer,
    Explanation,
    Hit,
    Passage,
    QueryWord,
    Source,
    TermShare,
    ThreadSummary,
)
from bot.views.discord.parts import WithFiles
from tests.discord_server.errors import Form
from tests.discord_server.limits import check_message
from tests.discord_server.messages import IS_COMPONENTS_V2
from tests.strategies import tweet

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


def check(layout: ui.LayoutView, attached: Sequence[str] = ()) -> None:
    """Refuse a screen that Discord would refuse; files named `attached` go with it."""
    data: dict[str, Any] = {"flags": IS_COMPONENTS_V2, "components": _components(layout)}
    files = layout.files if isinstance(layout, WithFiles) else []
    check_message(Form(), data, [*(each.filename for each in files), *attached])
