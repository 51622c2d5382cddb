"""Saved pages, as markup."""

from __future__ import annotations

import pytest

from bot.loader.line_account import Account
from bot.loader.pages.thread_reader_html import looks_like, parse
from bot.loader.pages.thread_reader_text import LOST
from bot.models import AccountLine, Card, Link, Metadata, Quote, Thread, Tweet


def element(
    said: str, place: int | None = None, *, tweet_id: str = "", author: str = "anna_ports"
) -> str:
    """A tweet as the page has it."""
    number = "" if place is None else f' id="tweet_{place}"'
    known = f' data-screenname="{author}" data-tweet="{tweet_id}"' if tweet_id else ""
    return f'<div class="content-tweet allow-preview"{number}{known} dir="auto">{said}</div>\n'


def read(
    *tweets: str, metadata: Metadata | None = None, first_line: int = 1
) -> tuple[tuple[Thread, ...], tuple[AccountLine, ...], list[int | None]]:
    """The threads in a page with `tweets`, its account, and the lines with a notice."""
    account = Account("a.html", detailed=True)
    page = "<body>\n" + "".join(tweets) + "</body>"
    threads = parse(page, metadata or Metadata(), account, first_line)
    return threads, account.entries(threads), [notice.line for notice in account.notices]


def one(said: str) -> Tweet:
    """The tweet that an element with the markup `said` is."""
    ((thread,), _, notices) = read(element(said))
    assert notices == []
    (tweet,) = thread.tweets
    return tweet


@pytest.mark.parametrize(
    "text",
    [
        '<div class="content-tweet">a</div>',
        "\n <!doctype html><p class='b content-tweet c'>",
        '<p>a</p>words<p class = "content-tweet">',
        "<p class=content-tweet>",
    ],
)
def test_a_page_is_known_by_its_tweets(text: str) -> None:
    assert looks_like(text)


@pytest.mark.parametrize(
    "text",
    [
        'words <div class="content-tweet">a</div>',
        '<div class="content-tweets">a</div>',
        '<div class="a" id="content-tweet">a</div>',
        "<p>content-tweet</p>",
        "<3 class='content-tweet'",
        "<p class='a' title='content-tweet'>",
        "",
    ],
)
def test_other_markup_is_no_page(text: str) -> None:
    assert not looks_like(text)


def test_a_page_s_tweets_are_a_thread() -> None:
    metadata = Metadata("ben", "https://threads.example/1", "2025-06-13", "Night shifts")
    (thread,), account, notices = read(
        element("Ports grow quiet.", 1, tweet_id="1901"),
        element("Okapis sleep.", 2),
        metadata=metadata,
    )
    assert (thread.title, thread.source_url) == ("Night shifts", "https://threads.example/1")
    assert (thread.author, thread.complete) == ("anna_ports", True)
    assert thread.tweets == (
        Tweet(
            text="Ports grow quiet.",
            mentions=(),
            links=(),
            author="anna_ports",
            created_at="2025-06-13",
            permalink="https://x.com/anna_ports/status/1901",
            tweet_id="1901",
            file="a.html",
            line=2,
        ),
        Tweet("Okapis sleep.", (), (), "ben", "2025-06-13", None, None, "a.html", 3),
    )
    assert [(each.line, each.kind, each.what, each.said) for each in account] == [
        (1, "boilerplate", "markup outside the tweets", ""),
        (2, "tweet", "1.1", "Ports grow quiet."),
        (3, "tweet", "1.2", "Okapis sleep."),
    ]
    assert notices == []


def test_lines_are_counted_from_where_the_page_begins_in_the_file() -> None:
    (thread,), account, _ = read(element("Ports", 1), element("Okapis", 2), first_line=7)
    assert [tweet.line for tweet in thread.tweets] == [8, 9]
    assert account[0].line == 7


def test_where_the_numbers_start_anew_a_preview_begins() -> None:
    threads, _, _ = read(
        *(element(f"Port {place}", place) for place in (0, 1, 3)),
        *(element(f"Ship {place}", place) for place in (1, 2)),
        element("Crane", 2),
        metadata=Metadata(source="https://threads.example/1", title="Night shifts"),
    )
    assert [[tweet.text for tweet in thread.tweets] for thread in threads] == [
        ["Port 0", "Port 1", "Port 3"],
        ["Ship 1", "Ship 2"],
        ["Crane"],
    ]
    assert [thread.complete for thread in threads] == [True, False, False]
    assert [thread.title for thread in threads] == ["Night shifts", "Ship 1", "Crane"]
    assert [thread.source_url for thread in threads] == ["https://threads.example/1", None, None]


def test_a_tweet_without_a_number_follows_the_one_above() -> None:
    threads, _, _ = read(element("Ports", 4), element("Ships"), element("Cranes", 5))
    assert [len(thread.tweets) for thread in threads] == [2, 1]
    threads, _, _ = read(element("Ports"), element("Ships"), element("Cranes", 3))
    assert [len(thread.tweets) for thread in threads] == [3]


def test_a_tweet_without_text_is_left_out_with_a_notice() -> None:
    threads, account, notices = read(
        element("", 1), element("<img src='a.jpg'>", 2), element("Ports", 3), element("@ben", 4)
    )
    assert [[tweet.text for tweet in thread.tweets] for thread in threads] == [["Ports"]]
    assert notices == [2, 3, 5]
    assert [(each.line, each.kind) for each in account[1:]] == [
        (2, "notice"),
        (3, "notice"),
        (4, "tweet"),
        (5, "notice"),
    ]
    assert read(element("", 1))[0] == ()


def test_an_empty_tweet_that_starts_the_numbers_anew_makes_no_empty_thread() -> None:
    threads, _, _ = read(element("", 2), element("", 1), element("Ports", 1))
    assert [[tweet.text for tweet in thread.tweets] for thread in threads] == [["Ports"]]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("Ports\n  grow\tquiet", "Ports grow quiet"),
        ("Ports<br>grow <br/> quiet <br>", "Ports\ngrow\nquiet"),
        ("Ports &amp; ships&nbsp;x", "Ports & ships\xa0x"),
        ("A <b>bold</b> <i>word</i>", "A bold word"),
        ("Ships <img alt='🚢' src='a.svg'> come<img src='b.svg'>", "Ships 🚢 come"),
        ("Ports<sup>1</sup><script>a()</script><style>b</style>", "Ports"),
        ("Ports<video>a</video><iframe>b</iframe>", "Ports"),
        ("Ports<span class='entity-image'>a</span><div class='entity-embed'>b</div>", "Ports"),
        ("Ports<p class='entity-video'>a</p><p class='entity-video-gif'>b</p>", "Ports"),
        ("Ports <b alt='of call'>grow</b> quiet", "Ports grow quiet"),
        ("@ben @joe Ports", "Ports"),
        ("Ports @ben", "Ports @ben"),
    ],
)
def test_a_tweet_s_text_is_what_its_markup_shows(markup: str, text: str) -> None:
    assert one(markup).text == text


def test_mentions_are_found_anywhere_in_a_tweet() -> None:
    assert one("@ben @joe Ports, says @anna").mentions == ("ben", "joe", "anna")


def test_links_are_found_and_trailing_ones_are_removed_from_the_text() -> None:
    tweet = one(
        "See <a class='entity-url' href='https://news.example/a'>news.example/a</a> and"
        " <a data-preview='true' href='https://news.example/b'> news.example/b </a>"
        " <a class='entity-url' href='https://news.example/c'>news.example/c</a>"
        " <a class='entity-url' href='https://news.example/b'></a>"
        " <a class='entity-url'>news.example/d</a>"
        " <a class='entity-url' href='https://news.example/c'>news.example/c</a>"
    )
    assert tweet.text == "See news.example/a and"
    assert tweet.links == (
        Link("news.example/a", "https://news.example/a"),
        Link("news.example/b", "https://news.example/b"),
        Link("news.example/c", "https://news.example/c"),
        Link("news.example/d", None),
    )


def test_other_anchors_are_words() -> None:
    tweet = one("Ask <a href='https://x.com/ben'>@ben</a> of <a href='/h'>#steel</a>")
    assert (tweet.text, tweet.links, tweet.mentions) == ("Ask @ben of #steel", (), ("ben",))


def test_a_tweet_of_a_link_alone_has_no_words() -> None:
    tweet = one("<a class='entity-url' href='https://news.example/a'>news.example/a</a>")
    assert tweet.text == ""
    assert tweet.links == (Link("news.example/a", "https://news.example/a"),)


def test_an_id_that_is_not_a_number_is_ignored() -> None:
    ((thread,), _, _) = read(element("Ports", 1, tweet_id="19x", author=""))
    (tweet,) = thread.tweets
    assert (tweet.tweet_id, tweet.permalink, tweet.author) == (None, None, None)


def test_a_tweet_s_markup_in_a_script_is_ignored() -> None:
    ((thread,), _, _) = read("<script>\"class='content-tweet'\"</script>\n", element("Ports", 1))
    assert [tweet.text for tweet in thread.tweets] == ["Ports"]


def test_a_tweet_without_a_known_line_gets_the_first_line_of_the_page() -> None:
    unquoted = '<div class="content&#45;tweet">Okapis</div>'
    ((thread,), _, _) = read(element("Ports", 1), unquoted, first_line=7)
    assert [tweet.line for tweet in thread.tweets] == [8, 7]


def card(*said: str, number: int = 17, author: str = "ben", tag: str = "div") -> str:
    """Another thread's beginning as the page has it, on a line."""
    tweets = "".join(f"<div class=content-tweet>{each}</div>" for each in said)
    link = "" if tag == "a" else f'<a href="/thread/{number}.html">Read 9 tweets</a>'
    return (
        f'<{tag} class="thread-card wide" href="/thread/{number}.html"><b class="username">Ben</b>'
        f'<b class="screenName">@{author}</b><b class="time" data-time="1694146815"></b>'
        f'<div class="card-tweets">{tweets}</div>{link}</{tag}>\n'
    )


@pytest.mark.parametrize("tag", ["div", "a"])
def test_a_card_is_a_preview_with_its_own_author_day_and_address(tag: str) -> None:
    threads, _, notices = read(
        element("Ports", 1, tweet_id="1901"),
        card("Ships", "Cranes", tag=tag),
        card("Okapis", tag=tag),
    )
    assert [[tweet.text for tweet in thread.tweets] for thread in threads] == [
        ["Ports"],
        ["Ships", "Cranes"],
        ["Okapis"],
    ]
    preview = threads[1]
    assert (preview.author, preview.complete) == ("ben", False)
    assert preview.source_url == "https://threadreaderapp.com/thread/17.html"
    assert [tweet.created_at for tweet in preview.tweets] == ["2023-09-08T04:20:15Z", "2023-09-08"]
    assert [tweet.author_name for tweet in preview.tweets] == ["Ben", "Ben"]
    assert notices == []


def test_a_card_s_author_is_not_the_one_that_is_given() -> None:
    metadata = Metadata(author="eva", date="2020-01-01")
    threads, _, _ = read(element("Ports", 1), card("Ships"), metadata=metadata)
    assert [thread.author for thread in threads] == ["eva", "ben"]
    assert [thread.tweets[0].created_at for thread in threads] == [
        "2020-01-01",
        "2023-09-08T04:20:15Z",
    ]


def test_a_page_of_cards_alone_lost_its_thread() -> None:
    account = Account("a.html")
    metadata = Metadata(title="T", source="https://a.bc")
    (thread,) = parse(f"<body>{card('Ships')}", metadata, account, 1)
    assert [notice.message for notice in account.notices] == [LOST]
    assert (thread.title, thread.complete) == ("Ships", False)


def test_tweets_without_ids_above_the_thread_are_a_preview() -> None:
    threads, _, _ = read(element("Ships"), element("Ports", 1, tweet_id="1901"))
    assert [[tweet.text for tweet in thread.tweets] for thread in threads] == [["Ports"], ["Ships"]]
    assert [thread.complete for thread in threads] == [True, False]


HEAD = (
    '<link rel="canonical" href="https://threadreaderapp.com/thread/1700000000000001001.html">'
    "<title>Thread by @anna_ports on Thread Reader App</title>"
    '<h4 class="twitter_name">Anna</h4><a class="time" data-time="1694146815">Sep 8</a>\n'
)


def test_the_page_s_head_says_what_the_tweets_do_not() -> None:
    later = "1701000000000000000"
    (thread, preview), _, notices = read(
        HEAD + element("Ports", 1),
        element("Ships", 2),
        element("Cranes", 3, tweet_id=later),
        card("Okapis"),
    )
    assert thread.source_url == "https://threadreaderapp.com/thread/1700000000000001001.html"
    assert [tweet.tweet_id for tweet in thread.tweets] == ["1700000000000001001", None, later]
    assert [tweet.author for tweet in thread.tweets] == ["anna_ports"] * 3
    assert [tweet.author_name for tweet in thread.tweets] == ["Anna"] * 3
    assert [tweet.created_at for tweet in thread.tweets] == [
        "2023-09-08T04:20:15Z",
        "2023-09-08",
        "2023-09-10",
    ]
    assert preview.tweets[0].tweet_id is None
    assert notices == []


def test_a_page_that_begins_later_does_not_give_its_id_to_the_first_tweet() -> None:
    ((thread,), _, _) = read(HEAD + element("Ports", 2))
    assert thread.tweets[0].tweet_id is None
    ((thread,), _, _) = read(HEAD.replace("/thread/", "/user/") + element("Ports", 1))
    assert (thread.tweets[0].tweet_id, thread.source_url) == (None, None)


def test_a_date_that_contradicts_the_first_tweet_s_id_is_set_right() -> None:
    metadata = Metadata(date="2020-01-01")
    (thread,), _, notices = read(
        element("Ports", 1, tweet_id="1700000000000001001"), element("Ships", 2), metadata=metadata
    )
    assert [tweet.created_at for tweet in thread.tweets] == ["2023-09-08", "2020-01-01"]
    assert notices == [2]


def test_another_person_s_tweet_is_left_out() -> None:
    threads, account, notices = read(
        element("Ports", 1, tweet_id="1901"), element("Ships", 2, tweet_id="1902", author="ben")
    )
    assert [[tweet.text for tweet in thread.tweets] for thread in threads] == [["Ports"]]
    assert notices == [3]
    assert account[2].what == "a post by @ben, not the thread's author; left out"


def test_a_counter_that_the_page_marks_is_no_word() -> None:
    assert one("<span class='nop nop-start'>2/ </span>Ports").text == "Ports"


def test_an_embedded_tweet_is_quoted_or_linked() -> None:
    link = "<a href='https://x.com/ben/status/5'>a</a>"
    said = f"<blockquote class=twitter-tweet><p>No</p>— Ben (@ben) {link}</blockquote>"
    bare = "<blockquote><a href='https://twitter.com/ben/status/6'>External Tweet</a></blockquote>"
    tweet = one(
        f"Ports <b class=entity-embed>{said}</blockquote></b><b class=entity-embed>{bare}</b>"
    )
    assert tweet.text == "Ports"
    assert tweet.quote == Quote("No", "ben", "Ben", None, "https://x.com/ben/status/5")
    assert tweet.links == (Link("x.com/ben/status/6", "https://x.com/ben/status/6"),)


def test_a_frame_becomes_a_link() -> None:
    tweet = one("Ports<iframe src='https://www.youtube.com/embed/N1'></iframe><iframe></iframe>")
    assert tweet.links == (Link("youtube.com/watch?v=N1", "https://www.youtube.com/watch?v=N1"),)


@pytest.mark.parametrize(
    ("markup", "preview"),
    [
        (
            "<a class=entity-url-preview href='https://a.bc'>On<br>a<br>b</a>",
            Card("On", "a b", "https://a.bc"),
        ),
        (
            "<p class=entity-url-preview><a href='https://a.bc'>On</a></p>",
            Card("On", None, "https://a.bc"),
        ),
        ("<p class=entity-url-preview>On</p>", Card("On")),
        ("<p class=entity-url-preview></p>", None),
    ],
)
def test_a_page_s_preview_is_a_card(markup: str, preview: Card | None) -> None:
    tweet = one(f"Ports<br>{markup}")
    assert (tweet.text, tweet.card) == ("Ports", preview)


def test_a_tweet_deep_in_a_page_is_none_of_a_card() -> None:
    deep = "<div>" * 9
    ((thread,), _, notices) = read(f"{deep}{element('Ports')}")
    assert [each.text for each in thread.tweets] == ["Ports"]
    assert notices == []
