"""A thread as pages."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n.catalogues import languages
from bot.i18n.messages import ENGLISH, Language
from bot.library.snapshot.sources import sources
from bot.models import Link, Source, Thread
from bot.views import markdown
from bot.views.discord.pages import PAGE_UNITS, Block, blocks, page_of, pages, source_line
from tests.strategies import any_text, thread, tweet
from tests.views.test_markdown import shown

long_texts = st.builds(
    lambda piece, times, end: (piece * times + end) or "a",
    st.sampled_from(["word ", "*", "語", "🔥", "a\n", "https://news.example/quay ", "_ "]),
    st.sampled_from([0, 1, 400, 1400]),
    any_text,
)
threads = st.lists(long_texts | any_text.map(lambda said: said or "a"), min_size=1, max_size=3).map(
    lambda texts: thread(*texts)
)


def blocks_of(made: Thread, say: Language = ENGLISH) -> list[Block]:
    """Its blocks, with the sources that it has."""
    proofs = {at: sources(made, each) for at, each in enumerate(made.tweets, start=1)}
    return blocks(made, proofs, say)


@pytest.mark.parametrize("say", languages().values(), ids=lambda say: say.tag)
def test_a_thread_has_the_same_pages_in_every_language(say: Language) -> None:
    made = thread(*(f"Okapis are shy, part {'and so on ' * (n % 9)}{n}" for n in range(300)))
    theirs, ours = pages(blocks_of(made, say)), pages(blocks_of(made))
    assert theirs != ours
    assert [[block.position for block in page] for page in theirs] == [
        [block.position for block in page] for page in ours
    ]


@given(threads)
def test_the_slices_of_a_tweet_joined_are_the_tweet(made: Thread) -> None:
    every = blocks_of(made)
    for position, each in enumerate(made.tweets, start=1):
        parts = [block.shown.split("\n", 1)[1] for block in every if block.position == position]
        assert "".join(map(shown, parts)) == each.text
    assert [block.position for block in every] == sorted(block.position for block in every)


@given(threads)
def test_no_page_is_longer_than_a_page_may_be(made: Thread) -> None:
    every = blocks_of(made)
    laid = pages(every)
    for page in laid:
        assert page
        assert markdown.units("\n\n".join(block.shown for block in page)) <= PAGE_UNITS
    assert [block for page in laid for block in page] == every


def test_the_longest_sources_leave_room_for_the_tweet() -> None:
    address = f"https://news.example/{'a' * 360}"
    links = tuple(Link(f"{address}{at}", f"{address}{at}") for at in range(9))
    made = thread(
        tweet("word " * 2000, links=links, author="anna", permalink=f"{address}/status/1"),
        source_url=address,
    )
    for page in pages(blocks_of(made)):
        assert markdown.units("\n\n".join(block.shown for block in page)) <= PAGE_UNITS


@given(threads)
def test_a_tweet_is_looked_up_on_the_page_where_it_begins(made: Thread) -> None:
    laid = pages(blocks_of(made))
    for position in range(1, len(made.tweets) + 1):
        number = page_of(laid, position)
        assert any(block.position == position for block in laid[number - 1])
        assert all(block.position < position for page in laid[: number - 1] for block in page)
    assert page_of(laid, len(made.tweets) + 1) == len(laid)


def test_a_short_thread_is_one_page_numbered_and_dated() -> None:
    made = thread(tweet("Ports.", created_at="2025-06-13T08:30:00"), "Ships.")
    (page,) = pages(blocks_of(made))
    assert page[0].shown.startswith(
        "-# **1** · <t:1749803400:D> · [Find on X](<https://x.com/search"
    )
    assert page[0].shown.endswith("\nPorts.")
    assert page[1].shown.startswith("-# **2** · ")


def test_a_further_part_of_a_long_tweet_says_so() -> None:
    first, *others = blocks_of(thread("word " * 2000))
    assert "continued" not in first.shown.split("\n")[0]
    assert others
    assert all("**1** · continued · " in block.shown for block in others)


def test_the_same_thread_has_the_same_pages() -> None:
    made = thread(*("word " * 300 for _ in range(9)))
    assert pages(blocks_of(made)) == pages(blocks_of(replace(made)))
    assert len(pages(blocks_of(made))) > 3


def test_nothing_is_one_empty_page() -> None:
    assert pages([]) == [[]]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (Source("find", "Find on X", "https://x.com/a"), "[Find on X](<https://x.com/a>)"),
        (Source("printed", "news.example/a_…", None), r"news.example/a\_…"),
        (Source("source", "Source", f"https://x.com/{'a' * 500}"), "Source"),
        (Source("dump", "a.txt:1", None), "a.txt:1"),
    ],
)
def test_only_a_source_with_a_url_of_some_length_can_be_pressed(source: Source, said: str) -> None:
    assert source_line((source,), ENGLISH) == said


def test_few_printed_links_are_shown_and_every_other_source() -> None:
    printed = tuple(Source("printed", f"news.example/{at}", None) for at in range(5))
    line = source_line(
        (Source("find", "Find on X", "https://x.com"), *printed, Source("dump", "a", None)), ENGLISH
    )
    assert line == "[Find on X](<https://x.com>) · news.example/0 · news.example/1 · a"
