"""Threads as Discord messages."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.i18n.messages import Language
from bot.models import (
    Source,
)
from bot.views.discord.pages import blocks, pages
from bot.views.discord.thread_layout import (
    may_post_layout,
    post_layout,
    thread_layout,
)
from tests.strategies import thread
from tests.views.discord.anything import (
    check,
    long_texts,
    tongues,
)


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
