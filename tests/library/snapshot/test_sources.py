"""How to see that the author said it."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.library.snapshot.sources import find_url, printed_label, search_phrase, sources
from bot.loader.parser import read_dump
from bot.models import Link, Source, Tweet
from tests.conftest import SEED
from tests.strategies import any_text, handles, thread, tweet

LONGEST = 600
printed = st.sampled_from(
    [
        "https://[",
        "https://[x",
        "https://℀.example/a",
        "news.example/port…",
        f"https://{'a' * 900}.example/b",
        "verylongnews.example…",
    ]
)
tweets = st.builds(
    lambda text, author, names, shown: tweet(
        text,
        author=author,
        mentions=tuple(names),
        links=tuple(Link(each, None) for each in shown),
        file="folder/a.txt",
        line=7,
    ),
    any_text.filter(str.strip),
    st.none() | handles,
    st.lists(handles, max_size=4),
    st.lists(printed, max_size=2),
)


def searched(url: str) -> str:
    """What a search link searches for."""
    return parse_qs(urlsplit(url).query)["q"][0]


@given(tweets)
@example(tweet("🔥", file="folder/a.txt", line=7))
@example(tweet("🔥", links=(Link("https://[x"),), file="folder/a.txt", line=7))
@example(tweet("語" * 500, file="folder/a.txt", line=7))
@example(tweet('"""', file="folder/a.txt", line=7))
def test_every_tweet_has_a_link_to_press_and_names_its_dump_last(made: Tweet) -> None:
    found = sources(thread(made), made)
    addresses = [source.url for source in found if source.url]
    assert addresses
    for address in addresses:
        assert address.startswith("https://")
        assert address.isascii()
        assert len(address) <= LONGEST
    assert found[-1] == Source("dump", "a.txt:7", None)


@given(tweets)
@example(tweet("می‌خواهم 👩‍👩‍👧 ببینم"))
@example(tweet("I ❤️ the quiet ports of 🇳🇱 today"))
@example(tweet("It said “the ports grow quiet today” and more"))
def test_the_search_is_for_the_tweets_very_words(made: Tweet) -> None:
    wanted = searched(find_url(made))
    assert wanted.strip()
    phrase = search_phrase(made.text)
    if phrase:
        assert wanted.startswith(f'"{phrase}"')
        assert phrase in " ".join(made.text.split())
        assert '"' not in phrase
        assert len(phrase.split()) <= 10
    if made.author:
        assert wanted.endswith(f"from:{made.author}")


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("Ports grow quiet.", "Ports grow quiet"),
        (
            "one two three four five six seven eight nine ten eleven",
            "one two three four five six seven eight nine ten",
        ),
        ("He said: “No ship came on Monday” and left", "No ship came on Monday"),
        (
            "#QuietPorts by @anna: the sheds were full by Tuesday",
            ": the sheds were full by Tuesday",
        ),
        ("See https://news.example/a for the whole sad story", "for the whole sad story"),
        ("Ports 🔥🔥 grow quiet as tariffs bite", "grow quiet as tariffs bite"),
        ("He went home again (nobody saw the ships leave that day)", "He went home again"),
        ("X marks the spot", "X marks the spot"),
        (f"{'語' * 13} {'語' * 13}", "語" * 13),
        ("語" * 40, "語" * 13),
        ("🔥", ""),
        ("…", ""),
    ],
)
def test_the_phrase_is_the_first_run_of_words_that_can_be_searched(text: str, phrase: str) -> None:
    assert search_phrase(text) == phrase.strip(" :")


def test_a_tweet_of_signs_alone_is_found_by_what_else_is_known() -> None:
    assert searched(find_url(tweet("🔥", author="anna"))) == "from:anna"
    assert searched(find_url(tweet("🔥", mentions=("ben", "cy")))) == "@ben @cy"
    cut = (Link("https://["), Link("news.example/port…"))
    assert searched(find_url(tweet("🔥", links=cut))) == "url:news.example"
    assert searched(find_url(tweet("🔥 …"))) == "🔥"
    many = tweet("🔥", mentions=("ada", "ben", "cy", "dee"), links=cut)
    assert searched(find_url(many)) == "@ada @ben @cy"
    two = (Link("NEWS.XX…"), Link("https://other.example/a"))
    assert searched(find_url(tweet("🔥", links=two))) == "url:NEWS.XX"
    endless = (Link(f"https://{'a' * 900}.example/b"),)
    assert searched(find_url(tweet("🔥", links=endless))) == "🔥"


def test_a_permalink_goes_before_the_page_and_both_before_a_search() -> None:
    post = tweet(
        "Ports grow quiet.",
        permalink="https://x.com/anna/status/1900",
        links=(
            Link("https://www.news.example/a", "https://www.news.example/a"),
            Link("news.example/port…"),
        ),
    )
    page = thread(post, "No ship came.", source_url="https://threads.example/1")
    assert [(each.kind, each.label, each.url) for each in sources(page, post)] == [
        ("source", "Source", "https://x.com/anna/status/1900"),
        ("find", "Find on X", find_url(post)),
        ("printed", "news.example/a", "https://www.news.example/a"),
        ("printed", "news.example/port…", None),
        ("dump", "a.txt:1", None),
    ]
    assert sources(page, page.tweets[1])[0].url == "https://threads.example/1"


def test_no_cut_link_of_the_given_dump_can_be_pressed() -> None:
    for each in read_dump(SEED.read_bytes(), SEED.name).threads:
        for post in each.tweets:
            found = sources(each, post)
            assert [source.kind for source in found if source.url] == ["find"]
            assert len([source for source in found if source.kind == "printed"]) == len(post.links)


def test_a_printed_link_is_named_without_its_scheme() -> None:
    assert printed_label("HTTPS://www.news.example/a") == "news.example/a"
    assert printed_label("news.example/port…") == "news.example/port…"


def test_a_post_that_is_not_on_x_is_not_searched_there() -> None:
    post = tweet("Ebb", permalink="https://bsky.app/profile/anna.example/post/3k")
    assert [each.kind for each in sources(thread(post), post)] == ["source", "dump"]
