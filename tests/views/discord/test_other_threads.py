"""What else a reference may mean, below a page of a thread."""

from __future__ import annotations

import pytest
from discord import ui
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n.messages import ENGLISH, Language
from bot.models import MatchKind, ThreadMatches, ThreadSummary
from bot.views.discord.other_threads import add_other_threads
from bot.views.discord.parts import lines
from tests.views.discord.anything import check, long_texts, tongues


def of(count: int, kind: MatchKind, title: str = "Okapis") -> ThreadMatches:
    """So many threads of that title, besides the best one."""
    threads = [
        ThreadSummary(f"{number:012x}", title, None, 3, complete=True)
        for number in range(count + 1)
    ]
    return ThreadMatches(threads[0], tuple(threads[1:]), count, kind)


@given(count=st.integers(0, 40), title=long_texts, say=tongues)
def test_any_others(count: int, title: str, say: Language) -> None:
    layout = lines("head")
    add_other_threads(layout, of(count, "words", title), say)
    check(layout)
    assert len(layout.children) == (3 if count else 1)


@pytest.mark.parametrize(
    ("matches", "note"),
    [
        (of(3, "words"), "-# 3 other threads have this in their title."),
        (of(1, "title"), "-# 1 other thread has this in its title."),
        (of(0, "tweets"), "-# No title has these words."),
        (of(0, "id"), None),
        (of(0, "prefix"), None),
    ],
)
def test_what_is_noted(matches: ThreadMatches, note: str | None) -> None:
    layout = lines("head")
    add_other_threads(layout, matches, ENGLISH)
    notes = [each.content for each in layout.children[1:] if isinstance(each, ui.TextDisplay)]
    assert len(notes) == bool(note)
    assert all(each.startswith(note or "") for each in notes)
