"""The dump that Threadbot comes with."""

from __future__ import annotations

import hashlib

import pytest

from bot.loader.entities import LINK
from bot.loader.parser import read_dump
from bot.models import Dump, Metadata
from tests.conftest import SEED

FOOTER = ("•", "Missing some Tweet", "force a refresh", "You can try to")


@pytest.fixture(scope="module")
def dump() -> Dump:
    return read_dump(SEED.read_bytes(), SEED.name)


def test_it_holds_a_thread_of_nineteen_tweets_and_six_previews_of_three(dump: Dump) -> None:
    assert [(thread.complete, len(thread.tweets)) for thread in dump.threads] == [
        (True, 19),
        *[(False, 3)] * 6,
    ]
    assert dump.notices == ()


def test_no_line_of_it_is_lost_or_used_twice(dump: Dump) -> None:
    lines = SEED.read_text(encoding="utf-8").split("\n")
    tweets = [tweet for thread in dump.threads for tweet in thread.tweets]
    used = {tweet.line for tweet in tweets}
    assert len(used) == 37
    unused = [line for number, line in enumerate(lines, start=1) if number not in used and line]
    footer = [line for line in unused if line.startswith(FOOTER)]
    below_headlines = [lines[thread.tweets[0].line] for thread in dump.threads]
    assert len(footer) == 3
    assert sorted(unused) == sorted([*footer, *below_headlines])


def test_each_tweet_stands_on_the_line_that_it_names(dump: Dump) -> None:
    lines = SEED.read_text(encoding="utf-8").split("\n")
    for thread in dump.threads:
        for tweet in thread.tweets:
            assert tweet.file == SEED.name
            assert tweet.text in lines[tweet.line - 1]


def test_the_headline_has_its_byline_beside_it_and_not_in_it(dump: Dump) -> None:
    first = dump.threads[0].tweets[0]
    assert first.text.startswith("Chinese AI Companies Dodge U.S. Chip Curbs")
    assert first.text.endswith("frustrating Washington’s aims")
    assert first.mentions == ("raffaelehuang", "lizalinwsj")
    assert [(link.printed, link.url) for link in first.links] == [("wsj.com/tech/china-ai-…", None)]


def test_nothing_of_a_byline_or_the_footer_is_in_any_text(dump: Dump) -> None:
    for thread in dump.threads:
        for tweet in thread.tweets:
            assert "@" not in tweet.text
            assert not LINK.search(tweet.text)
            assert not any(words in tweet.text for words in FOOTER)


def test_no_author_date_or_whole_link_is_made_up(dump: Dump) -> None:
    for thread in dump.threads:
        assert (thread.author, thread.source_url) == (None, None)
        for tweet in thread.tweets:
            assert (tweet.author, tweet.created_at, tweet.permalink) == (None, None, None)
            assert all(link.url is None for link in tweet.links)


def test_previews_begin_where_the_page_begins_them(dump: Dump) -> None:
    assert [thread.title.split()[0] for thread in dump.threads[1:]] == [
        "“Although",
        "How",
        "Beijing",
        "China,",
        "The",
        "Man",
    ]


def test_its_identity_is_the_hash_of_its_bytes(dump: Dump) -> None:
    assert dump.sha256 == hashlib.sha256(SEED.read_bytes()).hexdigest()
    assert dump.format == "thread-reader-text"


def test_given_metadata_applies_to_the_threads_of_its_dump() -> None:
    said = Metadata("anna_ports", "https://threads.example/t/1", "2025-06-13", "Chips")
    dump = read_dump(SEED.read_bytes(), SEED.name, said)
    main, *previews = dump.threads
    assert (main.title, main.source_url) == ("Chips", "https://threads.example/t/1")
    assert {tweet.created_at for tweet in main.tweets} == {"2025-06-13"}
    assert {thread.author for thread in dump.threads} == {"anna_ports"}
    assert {thread.source_url for thread in previews} == {None}
    assert {tweet.created_at for thread in previews for tweet in thread.tweets} == {None}
    assert dump.metadata == said


def test_given_metadata_overrides_the_front_matter() -> None:
    data = b"---\nauthor: ben_desk\ndate: 2025-01-01\n---\nPorts grow quiet.\n"
    dump = read_dump(data, "a.txt", Metadata(author="anna_ports"))
    assert dump.threads[0].author == "anna_ports"
    assert dump.threads[0].tweets[0].created_at == "2025-01-01"
    assert dump.metadata == Metadata(author="anna_ports")
