"""Threads as Discord messages."""

from __future__ import annotations

from dataclasses import replace

import discord
from discord import ui
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.i18n.messages import ENGLISH, Language, Sentence, sentence
from bot.models import (
    Card,
    Followed,
    Media,
    PollOption,
    Quote,
    Source,
    Thread,
    ThreadSummary,
    Tweet,
)
from bot.views.discord.custom_id import Asking
from bot.views.discord.pages import blocks, pages
from bot.views.discord.thread_layout import (
    files_layout,
    may_post_layout,
    no_such_thread_layout,
    not_loaded_layout,
    picker_layout,
    post_layout,
    posted_layout,
    posting_layout,
    sources_layout,
    thread_layout,
)
from tests.strategies import thread, tweet
from tests.views.discord.anything import (
    anything,
    check,
    long_texts,
    summaries,
    tongues,
)


def as_link(command: Sentence) -> str:
    """The longest link to a command."""
    return f"<{command.english}:{2**64}>"


@settings(max_examples=60)
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
        check(post_layout(made, blocked, say, by=title if number == 1 else None))
    check(may_post_layout(made, paged, 10**9, "<#1>", say))


addresses = st.sampled_from([None, "https://e.org/1.jpg", "https://e.org/" + "a" * 2000, "ftp://a"])
pictures = st.builds(
    Media,
    st.sampled_from(["photo", "video", "gif"]),
    addresses,
    st.none() | long_texts,
    addresses,
    st.sampled_from([None, "a.jpg"]),
)
quotes = st.builds(Quote, long_texts, anything, anything, st.just("2025-06-13T08:30:00"), addresses)
polls = st.lists(st.builds(PollOption, long_texts, st.integers(0, 10**9)), max_size=12).map(tuple)
posts = st.builds(
    lambda said, media, quote, poll, card: replace(
        tweet(said, author="anna"),
        author_name="A" * 90,
        media=tuple(media),
        quote=quote,
        poll=poll,
        card=card,
    ),
    st.just("") | long_texts,
    st.lists(pictures, max_size=12),
    st.none() | quotes,
    polls,
    st.none() | st.builds(Card, long_texts, long_texts, addresses),
)


@settings(max_examples=60)
@given(
    tweets=st.lists(posts, min_size=1, max_size=12),
    question=anything,
    times=st.sampled_from([1, 30, 400]),
    say=tongues,
)
def test_any_media(tweets: list[Tweet], question: str, times: int, say: Language) -> None:
    made = thread(*tweets, title="A title", author="anna")
    back = Asking(question * times, 1, newest=False, generation=1)
    for number, layout in enumerate(laid(made, say, back), start=1):
        assert len(files(layout)) <= 10, number
        check(layout, [each.removeprefix("attachment://") for each in set(files(layout))])


@given(near=st.lists(summaries, max_size=30), said=long_texts, say=tongues)
def test_no_thread(near: list[ThreadSummary], said: str, say: Language) -> None:
    distinct = [replace(each, id=f"{number:012x}") for number, each in enumerate(near)]
    why = f"No thread matches {said}"
    for words in (said, None):
        check(no_such_thread_layout(why, distinct, say, words=words, close=bool(words)))
    for hidden in (False, True):
        followed = Followed(None, "", tuple(distinct), is_hidden=hidden)
        check(not_loaded_layout(followed, say))
    check(picker_layout(distinct, say, as_link))


def laid(made: Thread, say: Language = ENGLISH, back: Asking | None = None) -> list[ui.LayoutView]:
    """All pages of a thread, and all lists of its sources."""
    each_has = (Source("find", "Find on X", "https://x.com/a"), Source("dump", "a.txt:1", None))
    proofs: dict[int, tuple[Source, ...]] = dict.fromkeys(range(1, len(made.tweets) + 1), each_has)
    paged = pages(blocks(made, proofs, say))
    for blocked in paged:
        check(sources_layout(made, proofs, [block.position for block in blocked], say))
    return [
        thread_layout(made, paged, say, page=number, back=back)
        for number in range(1, len(paged) + 1)
    ]


def files(layout: ui.LayoutView) -> list[str]:
    """The files that a page needs to have attached."""
    return [url for url in shown(layout) if url.startswith("attachment://")]


def shown(layout: ui.LayoutView) -> list[str]:
    """The pictures of a page."""
    galleries = [each for each in layout.walk_children() if isinstance(each, ui.MediaGallery)]
    return [item.media.url for each in galleries for item in each.items]


def text_of(layout: ui.LayoutView) -> str:
    """The text of a page."""
    displays = [each for each in layout.walk_children() if isinstance(each, ui.TextDisplay)]
    return "\n".join(each.content for each in displays)


def test_a_tweet_of_pictures_alone_appears_with_them() -> None:
    silent = replace(tweet(""), media=(Media("photo", file="a.jpg", alt="A crane"),))
    (page,) = laid(thread("Cranes.", silent, "The end."))
    assert shown(page) == ["attachment://a.jpg"]
    assert "-# **2** · [Find on X](<https://x.com/a>)\n-# Alt text: A crane" in text_of(page)
    (card,) = (each for each in page.children if isinstance(each, ui.Container))
    kinds = [each.type for each in card.children]
    gallery = kinds.index(discord.ComponentType.media_gallery)
    assert kinds[gallery + 1] is discord.ComponentType.text_display


def test_pictures_are_spread_over_pages() -> None:
    every = [replace(tweet(""), media=(Media("photo", file=f"{n}.jpg"),) * 4) for n in range(9)]
    spread = laid(thread("Cranes.", *every))
    assert [len(files(page)) for page in spread] == [8, 8, 8, 8, 4]


def test_the_title_is_said_once() -> None:
    opening = "Cranes lift boxes, and nobody looks up at them from the street below"
    first, *_ = laid(thread(opening, "And so on.", title="Cranes lift boxes, and nobody…"))
    assert text_of(first).count("Cranes lift boxes") == 1
    assert f"### {opening}" in text_of(first)
    (other,) = laid(thread(opening, title="On cranes"))
    assert "### On cranes" in text_of(other)
    assert f"### {opening}" not in text_of(other)


def test_one_button_stands_out_and_rows_are_short() -> None:
    made = thread(*("word " * 300 for _ in range(9)))
    back = Asking("cranes", 1, newest=False, generation=1)
    for layout in laid(made, ENGLISH, back):
        buttons = [each for each in layout.walk_children() if isinstance(each, ui.Button)]
        assert sum(each.style is discord.ButtonStyle.primary for each in buttons) <= 1
        rows = [each for each in layout.walk_children() if isinstance(each, ui.ActionRow)]
        assert max(len(each.children) for each in rows) <= 3


def test_the_search_is_above_the_titles_which_say_how_close_they_are() -> None:
    near = [ThreadSummary("0" * 12, "Zebus", None, 3, complete=True)]
    for close, label in ((True, "The closest titles:"), (False, "Some of the loaded threads:")):
        layout = no_such_thread_layout("No zebra.", near, ENGLISH, words="zebra", close=close)
        said, search, heading, menu = layout.children
        assert isinstance(said, ui.TextDisplay)
        assert isinstance(search, ui.ActionRow)
        assert isinstance(search.children[0], ui.Button)
        assert isinstance(heading, ui.TextDisplay)
        assert heading.content == label
        assert isinstance(menu, ui.ActionRow)
        assert isinstance(menu.children[0], ui.Select)


def test_what_is_posted_says_who_posted_it_once() -> None:
    first, *others = pages(blocks(thread("Cranes."), {1: ()}, ENGLISH))
    assert text_of(post_layout(thread("Cranes."), first, ENGLISH, by="*Ada*")).startswith(
        r"-# Posted here by \*Ada\*."
    )
    assert "Posted here" not in text_of(post_layout(thread("Cranes."), first, ENGLISH, by=None))
    assert not others


@given(title=long_texts, name=st.sampled_from(["a.md", "b.txt"]), say=tongues, why=anything)
def test_any_files_and_any_posting(title: str, name: str, say: Language, why: str) -> None:
    made = thread("Cranes.", title=title)
    for command in (as_link, None):
        check(files_layout(made, {name: b"Cranes.", "c.json": b"{}" * 90}, 20, say, command))
    check(posting_layout(1, 3, 10**18, say))
    for done, place in ((3, 10**18), (2, 10**18), (0, 0)):
        error = sentence("Discord returned an error: {what}", what=why)
        for reason in (error, None):
            check(posted_layout(done, 3, place, say, why=reason, go_on="tb1:a"))


def test_the_tweet_that_was_asked_for_is_marked_whatever_the_message_carries() -> None:
    made = thread(*("word " * 300 for _ in range(5)))
    paged = pages(blocks(made, dict.fromkeys(range(1, 6), ()), ENGLISH))
    long = "".join(chr(0x4E00 + place * 7919 % 20_000) for place in range(3_000))
    back = Asking(long, 1, newest=False, generation=1)
    layout = thread_layout(made, paged, ENGLISH, position=2, marked=2, back=back)
    check(layout)
    assert "-# ▶ **2**" in text_of(layout)
    labels = [each.label for each in layout.walk_children() if isinstance(each, ui.Button)]
    assert "Back to results" not in labels


def test_a_preview_of_which_nothing_else_is_known_has_only_the_banner() -> None:
    made = thread("Cranes.", title="", complete=False)
    layout = thread_layout(made, pages(blocks(made, {1: ()}, ENGLISH)), ENGLISH)
    check(layout)
    assert "-# **Preview only: the file contains 1 tweet of this thread.**" in text_of(layout)
