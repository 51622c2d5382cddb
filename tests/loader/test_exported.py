"""Threadbot reads back what it exports."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.extras import Extras
from bot.loader import exported as reader
from bot.loader.line_account import Account
from bot.loader.parser import read_dump
from bot.loader.raw.pictures import Pictures, Source, file_name
from bot.models import AccountLine, Link, Media, Metadata, PollOption, Thread, Tweet
from bot.views.export import KINDS, exported
from tests.conftest import SEED
from tests.pictures import JPEG
from tests.strategies import extras, handles, plain_words, thread, tweet

links = st.lists(
    st.builds(Link, st.sampled_from(["wsj.com/tech/china-ai-…", "e.org/a_(b)"]), st.none())
    | st.just(Link("e.org/b", "https://e.org/b?c=d_e")),
    max_size=2,
    unique_by=lambda each: each.printed,
)
tweets = st.builds(
    tweet,
    st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.just("\n"), min_size=1)
    .map(str.strip)
    .filter(bool),
    author=st.none() | handles,
    mentions=st.lists(handles, max_size=2, unique_by=str.lower).map(tuple),
    links=links.map(tuple),
    created_at=st.none() | st.just("2025-06-13T10:00:00+00:00"),
    permalink=st.none() | st.just("https://x.com/anna/status/1901"),
    tweet_id=st.none() | st.just("1901"),
)


def with_extras(one: Tweet, found: Extras, name: str | None) -> Tweet:
    """`one` with media that do not need a file of the library, and the rest of `found`."""
    media = [
        replace(each, file=None)
        for each in found["media"]
        if each.url or each.video_url or each.alt
    ]
    return replace(
        one,
        media=tuple(dict.fromkeys(media)),
        quote=found["quote"],
        poll=found["poll"],
        card=found["card"],
        author_name=name,
    )


full_tweets = st.builds(with_extras, tweets, extras, st.none() | plain_words)


def essence(each: Thread) -> tuple[object, ...]:
    """Return a thread without the place it was read from."""
    told = [replace(one, file="", line=0, author=one.author or each.author) for one in each.tweets]
    return each.title, each.author, each.complete, each.source_url, tuple(told)


@pytest.mark.parametrize("kind", KINDS)
@given(
    said=st.lists(full_tweets, min_size=1, max_size=4),
    author=st.none() | handles,
    complete=st.booleans(),
    source=st.none() | st.just("https://threadreaderapp.com/thread/1901.html"),
)
def test_any_thread_comes_back_as_it_was(
    kind: str, said: list[Tweet], author: str | None, *, complete: bool, source: str | None
) -> None:
    made = thread(*said, author=author, complete=complete, source_url=source, title="Ports # *a*")
    dump = read_dump(exported(made, kind).encode(), f"a.{kind}", detailed=True)
    assert [essence(each) for each in dump.threads] == [essence(made)]
    assert dump.notices == ()
    assert dump.format.startswith("threadbot-")
    assert dump.threads[0].aliases & made.aliases


@pytest.mark.parametrize("kind", KINDS)
def test_the_seed_comes_back_thread_by_thread(kind: str) -> None:
    for each in read_dump(SEED.read_bytes(), SEED.name).threads:
        (back,) = read_dump(exported(each, kind).encode(), "back").threads
        assert essence(back) == essence(each)
        assert back.id == each.id


def test_a_line_that_no_export_has_gets_a_notice() -> None:
    text = exported(thread("Ports grow quiet"), "txt") + "who wrote this?\n"
    (notice,) = read_dump(text.encode(), "a.txt").notices
    assert (notice.line, notice.message.split(";")[0]) == (
        text.count("\n"),
        "not a line of an exported thread",
    )


def test_a_record_without_a_thread_gets_a_notice_and_the_others_are_read() -> None:
    good = exported(thread("Ports grow quiet"), "json")
    dump = read_dump(f'[{good}, {{"id": 1}}, {good}]'.encode(), "a.json", Metadata(author="anna"))
    assert [each.author for each in dump.threads] == ["anna", "anna"]
    assert [each.message for each in dump.notices] == ["a record without a tweet; left out"]


TEXT = """\
Ports grow quiet

Exported by Threadbot: a preview
Author: @anna
Source: https://threads.example/1

1/2
  Ports grow quiet.

  Nobody knows why.
Date: 2025-06-13
Author: @ben
Mentions: @joe @dora
Link: news.example/a
Link: news.example/b… <https://news.example/b>
Permalink: https://x.com/ben/status/1901
Id: 1901

2/2
  Okapis sleep.

"""
MARKDOWN = """\
# Ports \\*grow\\* quiet

- Exported by Threadbot: a thread
- Author: @anna

**1/2**

> Ports \\*grow\\* quiet.
>
> Nobody knows why.

- Date: 2025-06-13

**2/2**

> Okapis sleep.
"""


def read_text(
    text: str, metadata: Metadata | None = None
) -> tuple[Thread, tuple[AccountLine, ...], list[int | None]]:
    """The thread in `text`, what became of its lines, and the lines with a notice."""
    account = Account("a.txt", detailed=True)
    threads = reader.parse_text(text, metadata or Metadata(), account)
    (found,) = threads
    return found, account.entries(threads), [notice.line for notice in account.notices]


def test_a_text_export_keeps_every_field_of_a_tweet() -> None:
    found, _, notices = read_text(TEXT)
    assert (found.title, found.author, found.complete) == ("Ports grow quiet", "anna", False)
    assert found.source_url == "https://threads.example/1"
    assert found.tweets == (
        Tweet(
            text="Ports grow quiet.\n\nNobody knows why.",
            mentions=("joe", "dora"),
            links=(Link("news.example/a"), Link("news.example/b…", "https://news.example/b")),
            author="ben",
            created_at="2025-06-13",
            permalink="https://x.com/ben/status/1901",
            tweet_id="1901",
            file="a.txt",
            line=7,
        ),
        Tweet("Okapis sleep.", (), (), "anna", None, None, None, "a.txt", 19),
    )
    assert notices == []


def test_a_markdown_export_reads_the_same() -> None:
    found, _, notices = read_text(MARKDOWN)
    assert (found.title, found.author, found.complete) == ("Ports *grow* quiet", "anna", True)
    assert [tweet.text for tweet in found.tweets] == [
        "Ports *grow* quiet.\n\nNobody knows why.",
        "Okapis sleep.",
    ]
    assert [tweet.line for tweet in found.tweets] == [6, 14]
    assert notices == []


def test_every_line_of_an_export_is_accounted_for() -> None:
    kinds = {
        "the exported thread's header": [1, 3],
        "a tweet's details": [4, 5, 11, 12, 13, 14, 15, 16, 17],
        "a tweet's number": [7, 19],
    }
    _, account, _ = read_text(TEXT)
    for what, lines in kinds.items():
        assert [each.line for each in account if each.what == what] == lines
    assert [(each.line, each.what) for each in account if each.kind == "tweet"] == [
        (8, "1.1"),
        (10, "1.1"),
        (20, "1.2"),
    ]


def test_unexpected_lines_in_an_export_get_a_notice() -> None:
    text = TEXT.replace("Id: 1901", "Id: 1901\n  more words").replace("1/2\n", "Hm\n  hm\n1/2\n")
    found, account, notices = read_text(text)
    assert found.tweets[0].text == "Ports grow quiet.\n\nNobody knows why."
    assert notices == [7, 8, 20]
    assert [each.line for each in account if each.kind == "notice"] == [7, 8, 20]


def test_given_metadata_overrides_an_export() -> None:
    outside = Metadata("joe", "https://threads.example/2", "2025-01-01", "Quays")
    found, _, _ = read_text(TEXT, outside)
    assert (found.author, found.title) == ("joe", "Quays")
    assert found.source_url == "https://threads.example/2"
    assert [tweet.author for tweet in found.tweets] == ["ben", "joe"]


def test_an_exported_text_keeps_its_backslashes_and_blank_lines() -> None:
    text = TEXT.replace("Ports grow", r"Ports \*grow").replace("\n  Nobody", "\n\n\n  Nobody")
    found, _, _ = read_text(text)
    assert found.title == r"Ports \*grow quiet"
    assert found.tweets[0].text == r"Ports \*grow quiet." + "\n\n\n\nNobody knows why."


def test_an_export_without_tweets_is_no_thread() -> None:
    text = "Ports\n\nExported by Threadbot: a thread\n\n1/1\n\n"
    assert reader.parse_text(text, Metadata(), Account("a.txt")) == ()


def test_an_export_without_a_title_is_called_by_its_first_tweet() -> None:
    found, _, notices = read_text(TEXT.replace("Ports grow quiet\n", "\n", 1))
    assert (found.title, notices) == ("Ports grow quiet.", [])
    links = "\n\nExported by Threadbot: a thread\n\n1/1\nLink: news.example/a\n"
    assert read_text(links)[0].title == "(no words)"


@pytest.mark.parametrize(
    "text", ["", "Ports", "Ports\nExported by Threadbot: a thread\n", f"\n{TEXT}", "1/1\n  Ports"]
)
def test_text_that_begins_differently_is_not_an_export(text: str) -> None:
    assert not reader.looks_like_text(text)
    assert reader.looks_like_text(TEXT)
    assert reader.looks_like_text(MARKDOWN)


RECORD = {
    "id": "0123456789ab",
    "title": "Ports",
    "author": "anna",
    "complete": False,
    "source_url": "https://threads.example/1",
    "tweets": [
        {
            "text": "Ports grow quiet.",
            "id": "1901",
            "author": "ben",
            "created_at": "2025-06-13",
            "url": "https://x.com/ben/status/1901",
            "mentions": ["joe", "Joe", 7],
            "links": [
                {"printed": "news.example/a", "url": None},
                {"printed": "news.example/b", "url": "https://news.example/b"},
                {"printed": ""},
                {"url": "https://news.example/c"},
                "news.example/d",
            ],
        },
        {"text": "Okapis sleep."},
        {"text": ""},
        "They wake.",
    ],
}


def read_records(
    *records: object,
) -> tuple[tuple[Thread, ...], list[AccountLine], list[int | None]]:
    """The threads in records on lines of their own, their account, the lines with a notice."""
    account = Account("a.json", detailed=True)
    threads = reader.threads_of_records(enumerate(records, start=1), Metadata(), account)
    return threads, [*account.entries(threads)], [notice.line for notice in account.notices]


def test_a_json_export_keeps_every_field_of_a_tweet() -> None:
    (found,), account, notices = read_records(RECORD)
    assert (found.title, found.author, found.complete) == ("Ports", "anna", False)
    assert (found.source_url, found.dumps) == ("https://threads.example/1", ("a.json",))
    assert found.tweets == (
        Tweet(
            text="Ports grow quiet.",
            mentions=("joe",),
            links=(
                Link("news.example/a"),
                Link("news.example/b", "https://news.example/b"),
            ),
            author="ben",
            created_at="2025-06-13",
            permalink="https://x.com/ben/status/1901",
            tweet_id="1901",
            file="a.json",
            line=1,
        ),
        Tweet("Okapis sleep.", (), (), "anna", None, None, None, "a.json", 1),
    )
    assert [(each.kind, each.what, each.said) for each in account] == [
        ("tweet", "1.1", "Ports grow quiet."),
        ("tweet", "1.2", "Okapis sleep."),
    ]
    assert notices == []


@pytest.mark.parametrize(
    "record",
    [
        7,
        {},
        {"tweets": {"text": "Ports"}},
        {"tweets": []},
        {"tweets": ["Ports"]},
        {"tweets": [{"text": 7, "links": "a", "mentions": None}]},
    ],
)
def test_a_record_without_tweets_gets_a_notice(record: object) -> None:
    threads, account, notices = read_records(RECORD, record, RECORD)
    assert len(threads) == 2
    assert notices == [2]
    assert [(each.line, each.kind, each.said) for each in account if each.line == 2] == [
        (2, "notice", "")
    ]


def test_a_record_is_a_complete_thread_by_default() -> None:
    bare = {"tweets": [{"text": "Ports"}]}
    for complete, told in ((True, True), (None, True), (False, False)):
        ((found,), _, _) = read_records({**bare, "complete": complete})
        assert found.complete is told
    ((found,), _, _) = read_records({**bare, "title": "", "author": 7})
    assert (found.complete, found.title, found.author) == (True, "Ports", None)


def test_a_record_holds_no_characters_that_a_terminal_obeys() -> None:
    ((found,), _, _) = read_records({"title": "a\x1bb", "tweets": [{"text": "c\x07d"}]})
    assert (found.title, found.tweets[0].text) == ("ab", "cd")


@pytest.mark.parametrize(
    ("head", "told"),
    [
        ('{"id": "0123456789ab", "title": "Ports", "author": "anna", "complete": true', True),
        ('[\n {"id":"0123456789ab","title":"a \\"b\\"","author":null,"complete":', True),
        ('{"id": "0123456789", "title": "Ports", "author": "anna", "complete": true', False),
        ('{"id": "0123456789ab", "title": "Ports"}', False),
        ("", False),
    ],
)
def test_json_is_an_export_if_it_begins_as_one(head: str, *, told: bool) -> None:
    assert reader.looks_like_json(head) is told


SHOWN = """Ports

Exported by Threadbot: a thread

1/1
  Ports grow quiet.
| Hm, \\*well\\*
Photo: https://a.example/b.jpg
File: b.jpg
Page: https://a.example
Option: Yes
Votes: 3
"""


def test_a_text_export_keeps_what_a_tweet_shows() -> None:
    photo = "![A crane](media/1-a.jpg)\nFile: media/1-a.jpg\n"
    text = SHOWN.replace("Photo: https://a.example/b.jpg\nFile: b.jpg\n", photo)
    pictures = Pictures(Source({"media/1-a.jpg": len(JPEG)}, lambda _: JPEG))
    account = Account("a.txt", pictures=pictures)
    ((found,), notices) = reader.parse_text(text, Metadata(), account), account.notices
    tweet = found.tweets[0]
    assert tweet.quote is not None
    assert tweet.quote.text == r"Hm, \*well\*"
    assert tweet.media == (Media("photo", None, "A crane", None, file_name(JPEG)),)
    assert tweet.poll == (PollOption("Yes", 3),)
    assert notices == []


def test_pictures_that_are_nowhere_are_left_out_with_a_notice() -> None:
    text = SHOWN.replace("Photo: https://a.example/b.jpg\n", "![](media/1-a.jpg)\n")
    found, _, notices = read_text(text)
    assert found.tweets[0].media == ()
    assert notices == [None]
    account = Account("a.txt")
    reader.parse_text(text, Metadata(), account)
    message = "pictures that are not in this file and have no address: 1; left out"
    assert [each.message for each in account.notices] == [message]
