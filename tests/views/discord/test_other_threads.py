"""What else a reference may mean, below a page of a thread."""

from __future__ import annotations

import pytest
from discord import ui
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n.messages import ENGLISH, Language
from bot.models import MatchKind, ThreadMatches, ThreadSummary
from bot.views.discord.other_threads import add_other_threads
from bot.views.discord.parts import add_row, button, lines
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
    add_other_threads(layout, of(count, "words", title), title, say)
    check(layout)
    assert len(layout.children) == (3 if count else 1)


@pytest.mark.parametrize(
    ("matches", "note"),
    [
        (
            of(3, "words"),
            r"-# 3 other threads have “okapi\_s” in their title. The menu below offers them.",
        ),
        (
            of(1, "title"),
            r"-# 1 other thread has “okapi\_s” in its title. The menu below offers it.",
        ),
        (of(0, "tweets"), "-# No title has these words."),
        (of(0, "id"), None),
        (of(0, "prefix"), None),
    ],
)
def test_what_is_noted(matches: ThreadMatches, note: str | None) -> None:
    layout = lines("head")
    add_other_threads(layout, matches, "okapi_s", ENGLISH)
    *notes, head = [each.content for each in layout.children if isinstance(each, ui.TextDisplay)]
    assert head == "head"
    assert len(notes) == bool(note)
    assert all(each.startswith(note or "") for each in notes)


def test_the_note_is_on_top_and_the_menu_above_what_is_rarely_needed() -> None:
    layout = lines("head")
    add_row(layout, [button("Find", "a")])
    add_row(layout, [button("More", "b")])
    add_other_threads(layout, of(2, "words"), "okapis", ENGLISH)
    check(layout)
    kinds = [type(each).__name__ for each in layout.children]
    assert kinds == ["TextDisplay", "TextDisplay", "ActionRow", "ActionRow", "ActionRow"]
    menus = [isinstance(each, ui.Select) for row in layout.children[2:] for each in row.children]  # type: ignore[attr-defined]  # rows
    assert menus == [False, True, False]
