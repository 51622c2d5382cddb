"""Assembling tweets from a thread's lines."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from bot.loader.line_account import Account
from bot.loader.pages.page_items import items_of
from bot.loader.pages.tweet_assembly import thread_of_pieces
from bot.loader.raw.decode import lines_of
from bot.models import AccountLine, Metadata, Thread


@dataclass(frozen=True, slots=True)
class Read:
    """The result of assembling lines."""

    thread: Thread | None
    """Their thread."""
    account: tuple[AccountLine, ...]
    """What became of each."""
    notices: list[int | None]
    """The lines with a notice."""

    @property
    def texts(self) -> list[str]:
        """Return the texts of the tweets."""
        return [tweet.text for tweet in self.thread.tweets] if self.thread else []


def read(
    *lines: str,
    metadata: Metadata | None = None,
    is_main: bool = True,
    declared: int | None = None,
    from_page: bool = False,
    markdown: bool = False,
    ids: dict[int, str] | None = None,
) -> Read:
    """What is made of `lines`; `ids` are those of tweets, by the numbers of their lines."""
    account = Account("a.txt", detailed=True)
    items = items_of(lines_of("\n".join(lines)), account, None, markdown=markdown)
    pieces = [
        replace(item.piece, tweet_id=(ids or {}).get(item.piece.line.number)) for item in items
    ]
    thread = thread_of_pieces(
        pieces,
        metadata or Metadata(),
        account,
        is_main=is_main,
        declared=declared,
        from_page=from_page,
    )
    return Read(
        thread,
        account.entries([thread] if thread else []),
        [notice.line for notice in account.notices],
    )


def test_a_thread_carries_its_metadata() -> None:
    said = Metadata("anna", "https://threads.example/1", "2025-06-13", "Night shifts")
    found = read("Ports", "Ships", metadata=said)
    assert found.thread is not None
    assert (found.thread.title, found.thread.author) == ("Night shifts", "anna")
    assert found.thread.source_url == "https://threads.example/1"
    assert (found.thread.complete, found.thread.dumps) == (True, ("a.txt",))
    (tweet, _) = found.thread.tweets
    assert (tweet.author, tweet.created_at, tweet.line) == ("anna", "2025-06-13", 1)
    assert (tweet.permalink, tweet.tweet_id, tweet.file) == (None, None, "a.txt")
    assert found.thread.id in found.thread.aliases


def test_a_preview_has_neither_the_page_s_title_nor_its_source() -> None:
    said = Metadata("anna", "https://threads.example/1", "2025-06-13", "Night shifts")
    found = read("Ports", "Ships", metadata=said, is_main=False)
    assert found.thread is not None
    assert (found.thread.title, found.thread.source_url) == ("Ports", None)
    assert (found.thread.author, found.thread.complete) == ("anna", False)


def test_lines_that_make_no_tweet_are_no_thread() -> None:
    assert read().thread is None
    found = read("@ben", "@joe news.example/a")
    assert (found.thread, found.notices) == (None, [1, 2])
    assert [each.kind for each in found.account] == ["notice", "notice"]


def test_a_byline_is_of_the_tweet_above() -> None:
    found = read("Ports", "@ben news.example/a", "", "news.example/b", "Ships")
    assert found.thread is not None
    assert found.texts == ["Ports", "Ships"]
    (ports, ships) = found.thread.tweets
    assert (ports.mentions, ships.mentions) == (("ben",), ())
    assert [link.printed for link in ports.links] == ["news.example/a", "news.example/b"]
    assert [(each.line, each.kind, each.what) for each in found.account] == [
        (1, "tweet", "1.1"),
        (2, "tweet", "1.1"),
        (4, "tweet", "1.1"),
        (5, "tweet", "1.2"),
    ]


def test_a_byline_above_all_tweets_is_of_the_first_one_with_a_notice() -> None:
    found = read("@ben", "@joe news.example/a", "Ports", "@dora", "Ships")
    assert found.thread is not None
    assert (found.texts, found.notices) == (["Ports", "Ships"], [1, 2])
    (ports, ships) = found.thread.tweets
    assert (ports.mentions, ports.line) == (("dora", "ben", "joe"), 3)
    assert [link.printed for link in ports.links] == ["news.example/a"]
    assert (ships.mentions, ships.links) == ((), ())


def test_bylines_between_rules_are_all_of_the_next_tweet() -> None:
    found = read("Ports", "---", "@ben", "---", "@joe", "---", "Ships")
    assert found.thread is not None
    assert [tweet.mentions for tweet in found.thread.tweets] == [(), ("ben", "joe")]
    assert found.notices == [3, 5]


def test_bylines_at_the_top_of_a_tweet_of_several_lines_are_not_its_words() -> None:
    found = read("Cranes", "", "@ben", "---", "news.example/a", "Ports", "Ships", "@joe")
    assert found.thread is not None
    assert found.texts == ["Cranes", "Ports\nShips"]
    assert found.thread.tweets[1].mentions == ("joe",)
    assert [link.printed for link in found.thread.tweets[1].links] == ["news.example/a"]
    assert found.thread.tweets[1].line == 6


def test_a_marked_tweet_of_mentions_alone_is_one() -> None:
    found = read("Ports", "@ben", "@joe news.example/a", ids={1: "1901", 2: "1902", 3: "1903"})
    assert found.thread is not None
    assert found.texts == ["Ports", "@ben", ""]
    assert [tweet.tweet_id for tweet in found.thread.tweets] == ["1901", "1902", "1903"]
    assert [tweet.line for tweet in found.thread.tweets] == [1, 2, 3]
    found = read("@ben", "Ports", "Ships", ids={1: "1901", 3: "1902"})
    assert found.texts == ["Ports", "Ships"]
    assert found.notices == []


def test_a_tweet_with_an_id_has_a_permalink() -> None:
    found = read("Ports", metadata=Metadata("anna"), ids={1: "1901"})
    assert found.thread is not None
    assert found.thread.tweets[0].permalink == "https://x.com/anna/status/1901"
    found = read("Ports", ids={1: "1901"})
    assert found.thread is not None
    assert found.thread.tweets[0].permalink == "https://x.com/i/status/1901"


def test_a_tweet_of_links_alone_has_no_words() -> None:
    found = read("Ports", "news.example/a", ids={1: "1901", 2: "1902"})
    assert found.thread is not None
    assert found.texts == ["Ports", ""]
    found = read("news.example/a", ids={1: "1901"})
    assert found.thread is not None
    assert found.thread.title == "(no words)"


def test_links_of_markdown_are_whole_and_each_stands_once() -> None:
    found = read(
        "See [news.example/a…](https://news.example/a/b), [the news](https://news.example/c)",
        "[@ben](https://x.com/ben) [news.example/d](https://news.example/d)  ",
        "[the news](https://news.example/c) news.example/e",
        markdown=True,
    )
    assert found.thread is not None
    assert [(link.printed, link.url) for tweet in found.thread.tweets for link in tweet.links] == [
        ("news.example/a…", "https://news.example/a/b"),
        ("news.example/d", "https://news.example/d"),
        ("news.example/e", None),
        ("the news", "https://news.example/c"),
    ]


def test_a_mention_in_markdown_is_no_link() -> None:
    found = read("Ask [@ben](https://x.com/ben) there", markdown=True)
    assert found.thread is not None
    (tweet,) = found.thread.tweets
    assert (tweet.text, tweet.mentions, tweet.links) == ("Ask @ben there", ("ben",), ())


def test_a_wrong_declared_number_of_tweets_gets_a_notice() -> None:
    assert read("Ports", "Ships", declared=2).notices == []
    assert read("", "Ports", "Ships", declared=3).notices == [2]
    assert read("Ports", "Ships", declared=3, is_main=False).notices == []


def test_the_number_on_the_page_is_of_its_main_thread() -> None:
    lines = ["Ports", "Ships", "", "Cranes", "Sheds"]
    assert len(read(*lines, declared=3).texts) == 3
    assert len(read(*lines, declared=3, is_main=False).texts) == 2


def test_guessed_borders_get_a_notice() -> None:
    long = "The quay is shut. " * 10
    found = read("", long, "", long, "", "", "Ports")
    assert (len(found.texts), found.notices) == (3, [2])
    assert read(long, "", "", long, "", "Ports").notices == [1]
    assert read(long, long, "Ports").notices == []
    assert read(long).notices == []


@pytest.mark.parametrize("from_page", [True, False])
def test_of_a_page_line_ends_part_tweets(*, from_page: bool) -> None:
    found = read("Ports", "Ships", "", "Cranes", "Sheds", from_page=from_page)
    assert len(found.texts) == (3 if from_page else 2)


def test_a_mark_names_the_author_of_its_tweet_and_of_the_thread() -> None:
    account = Account("a.txt")
    items = items_of(lines_of("Ports\nShips"), account, None, markdown=False)
    first, second = (item.piece for item in items)
    pieces = [
        replace(first, tweet_id="1901", author="ben"),
        replace(second, tweet_id="1902"),
    ]
    thread = thread_of_pieces(pieces, Metadata("anna"), account, is_main=True, from_page=False)
    assert thread is not None
    assert [tweet.author for tweet in thread.tweets] == ["ben", "anna"]
    assert thread.author == "ben"
    pieces.reverse()
    thread = thread_of_pieces(pieces, Metadata(), account, is_main=True, from_page=False)
    assert thread is not None
    assert [tweet.author for tweet in thread.tweets] == [None, "ben"]
    assert thread.author == "ben"


def test_a_date_that_the_tweet_s_id_contradicts_is_put_right() -> None:
    account = Account("a.txt")
    items = items_of(lines_of("Ports"), account, None, markdown=False)
    thread = thread_of_pieces(
        [item.piece for item in items],
        Metadata("anna", date="2020-01-01"),
        account,
        is_main=True,
        from_page=False,
        tweet_id="1900000000000000000",
    )
    assert thread is not None
    assert [tweet.created_at for tweet in thread.tweets] == ["2025-03-13"]
    assert [notice.line for notice in account.notices] == [1]


def assembled(
    *lines: str,
    ids: tuple[str, ...] = (),
    is_one: bool = False,
    tweet_id: str | None = None,
    at_most: int | None = None,
) -> tuple[Thread | None, list[str]]:
    """The thread of `lines`, and the notices; `ids` are those of its first tweets."""
    account = Account("a.txt")
    items = items_of(lines_of("\n".join(lines)), account, None, markdown=False)
    pieces = [item.piece for item in items]
    for at, known in enumerate(ids):
        pieces[at] = replace(pieces[at], tweet_id=known)
    thread = thread_of_pieces(
        pieces,
        Metadata(),
        account,
        is_main=True,
        from_page=False,
        is_one=is_one,
        tweet_id=tweet_id,
        at_most=at_most,
    )
    return thread, [notice.message for notice in account.notices]


def test_a_page_of_one_post_is_one_tweet_whatever_its_paragraphs() -> None:
    paragraphs = ["Ports.", "", "Ships.", "", "Quays."]
    guessed, why = assembled(*paragraphs)
    assert guessed is not None
    assert (len(guessed.tweets), len(why)) == (3, 1)
    one, none = assembled(*paragraphs, is_one=True, tweet_id="1901")
    assert one is not None
    assert [(tweet.text, tweet.tweet_id) for tweet in one.tweets] == [
        ("Ports.\n\nShips.\n\nQuays.", "1901")
    ]
    assert none == []


def test_a_tweet_keeps_the_id_that_is_marked() -> None:
    thread, _ = assembled("Ports", ids=("1902",), tweet_id="1901")
    assert thread is not None
    assert [tweet.tweet_id for tweet in thread.tweets] == ["1902"]


def test_a_preview_with_more_tweets_than_the_page_says_gets_a_notice() -> None:
    lines = ["Ports", "Ships", "Quays"]
    assert assembled(*lines, at_most=3)[1] == []
    assert assembled(*lines, at_most=2)[1] == ["the page says this thread has 2 tweets; found 3"]


def test_a_picture_alone_between_rules_is_a_tweet_unless_nothing_is_known_of_it() -> None:
    found = read("Ports", "---", "![](https://pbs.example/a.jpg)", "---", "Ships", markdown=True)
    assert found.thread is not None
    assert found.texts == ["Ports", "", "Ships"]
    assert [len(tweet.media) for tweet in found.thread.tweets] == [0, 1, 0]
    assert [each.what for each in found.account] == ["1.1", "a rule", "1.2", "a rule", "1.3"]
    lost = read("Ports", "---", "![](a.jpg)", "---", "Ships", markdown=True)
    assert (lost.texts, lost.notices) == (["Ports", "Ships"], [])
    assert [each.what for each in lost.account][2] == "a picture"
