"""Anything that a screen may have to show, and a check that Discord would take the screen."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from discord import ui
from hypothesis import strategies as st

from bot.i18n.catalogues import languages
from bot.i18n.messages import ENGLISH, Language, sentence
from bot.models import (
    Answer,
    Card,
    Explanation,
    Hit,
    Media,
    Passage,
    PollOption,
    QueryWord,
    Quote,
    Source,
    TermShare,
    ThreadSummary,
)
from bot.views.discord import custom_id
from bot.views.discord.deletion import add_delete_button
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

urls = st.sampled_from(
    [
        "https://pics.example/a.jpg",
        "https://pics.example/" + "a" * 500,
        "https://pics.example/" + "b" * 2100,
        "ftp://pics.example/a.jpg",
        "https://[",
        "https://bücher.example/ä.jpg",
        "",
    ]
)
"""URLs of media and pages: good ones, long ones, and ones that Discord refuses."""

media = st.builds(
    Media,
    st.sampled_from(["photo", "video", "gif"]),
    st.none() | urls,
    st.none() | long_texts,
    st.none() | urls,
    st.none() | st.sampled_from(["0a1b.png", "2c3d.jpg", "a picture.png", "../x.png"]),
)

quotes = st.builds(
    Quote,
    st.just("") | long_texts,
    st.none() | anything,
    st.none() | anything,
    st.none() | st.sampled_from(["2025-06-13T10:00:00Z", "2025-06", "soon"]),
    st.none() | urls,
)

polls = st.lists(
    st.builds(PollOption, long_texts, st.none() | st.integers(0, 10**12)), max_size=12
).map(tuple)

cards = st.builds(Card, st.just("") | long_texts, st.none() | long_texts, st.none() | urls)


said_texts = st.just("") | long_texts
some_media = st.lists(media, max_size=5)
names = st.none() | anything
dates = st.none() | st.sampled_from(["2025-06-13", "2025-06-13T10:00:00Z"])
some_quotes, some_cards = st.none() | quotes, st.none() | cards
"""Made once: a strategy is checked whenever it is new."""


@st.composite
def passages(draw: st.DrawFn) -> Passage:
    """A matching tweet of anything, with all that a tweet may have."""
    said = draw(said_texts)
    its_media = tuple(draw(some_media))
    marks = [((0, min(5, len(each.alt))),) if each.alt else () for each in its_media]
    alone = draw(st.booleans())
    proofs = draw(sources)
    return Passage(
        position=draw(st.integers(1, 999_999)),
        score=1.5,
        tweet=tweet(
            said,
            author=draw(st.sampled_from(["anna", "ben", None])),
            author_name=draw(names),
            created_at=draw(dates),
            media=its_media,
            quote=draw(some_quotes),
            poll=draw(polls),
            card=draw(some_cards),
        ),
        highlights=((0, min(draw(st.integers(1, 9)), len(said))),) if said else (),
        sources=proofs[-1:] if alone else proofs,
        explanation=draw(
            st.none()
            | st.just(Explanation((TermShare(said[:50], 2, 1.5, 2.5),) * 8, 1.0, (said[:80],) * 8))
        ),
        alt_highlights=tuple(draw(st.sampled_from([marks, []]))),
    )


summaries = st.builds(
    lambda title, author, complete: ThreadSummary("0123456789ab", title, author, 999_999, complete),
    long_texts,
    st.sampled_from(["anna", None]),
    st.booleans(),
)

hints = st.builds(
    lambda said: sentence("No tweet contains the exact phrase “{phrase}”.", phrase=said), long_texts
)

tongues = st.sampled_from([ENGLISH, *languages().values()])


@st.composite
def hits(draw: st.DrawFn) -> Hit:
    """A thread with some tweets on the page; one of them may begin with the title."""
    several = draw(st.lists(passages(), min_size=1, max_size=draw(st.sampled_from([1, 1, 2, 7]))))
    title = draw(summaries)
    if draw(st.booleans()):
        place = draw(st.integers(0, len(several) - 1))
        said = replace(several[place].tweet, text=f"{title.title} and so on")
        several[place] = replace(several[place], tweet=said, highlights=((0, 1),))
    best, *more = (replace(each, position=at) for at, each in enumerate(several, start=1))
    return Hit(
        rank=draw(st.integers(1, 99)),
        thread=title,
        best=best,
        more=tuple(more),
        more_in_thread=len(more) + draw(st.sampled_from([0, 9])),
        partial=draw(st.booleans()),
    )


def pages_of_hits(most: int = 7) -> st.SearchStrategy[list[Hit]]:
    """The hits of a page, of at most so many tweets; those with only some of the words last."""

    def page(every: list[Hit]) -> list[Hit]:
        room, kept = most, []
        for rank, each in enumerate(every, start=1):
            if room:
                more = each.more[: room - 1]
                thread = replace(each.thread, id=f"{rank:012x}")
                kept.append(replace(each, rank=rank, thread=thread, more=more))
                room -= 1 + len(more)
        return sorted(kept, key=lambda each: each.partial)

    return st.lists(hits(), max_size=most).map(page)


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    """An answer of anything."""
    question = draw(anything)
    found = tuple(draw(pages_of_hits()))
    words = tuple(
        QueryWord(each, each, draw(st.integers(0, 9)))
        for each in draw(st.lists(anything, max_size=40))
    )
    asked = draw(st.none() | st.just(f"{question} as asked " * draw(st.sampled_from([1, 30]))))
    return Answer(
        question=(question * draw(st.sampled_from([1, 60, 4_000])))[:4_000],
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
        pages=draw(st.sampled_from([1, 9])),
        newest=draw(st.booleans()),
        wider=draw(st.none() | anything),
        asked=asked,
        exact=asked is None and draw(st.booleans()),  # as written, a question is never repaired
    )


def _components(layout: ui.LayoutView) -> Any:
    return layout.to_components()  # type: ignore[no-untyped-call]  # discord.py leaves it so


def attachments(layout: ui.LayoutView) -> set[str]:
    """The names of the files that a screen expects beside it."""
    found = re.findall(r'"attachment://([^"]+)"', json.dumps(_components(layout)))
    return set(found)


def check_for_everyone(layout: ui.LayoutView, say: Language) -> None:
    """Refuse a screen that Discord would refuse, or that has no room for *Delete*."""
    check(layout, sorted(attachments(layout)))
    add_delete_button(layout, 10**18, say)
    check(layout, sorted(attachments(layout)))
    assert any(
        isinstance(each, ui.Button) and each.custom_id == custom_id.delete(10**18)
        for each in layout.walk_children()
    )


def check(layout: ui.LayoutView, attached: Sequence[str] = ()) -> None:
    """Refuse a screen that Discord would refuse; files named `attached` go with it."""
    data: dict[str, Any] = {"flags": IS_COMPONENTS_V2, "components": _components(layout)}
    files = layout.files if isinstance(layout, WithFiles) else []
    check_message(Form(), data, [*(each.filename for each in files), *attached])
