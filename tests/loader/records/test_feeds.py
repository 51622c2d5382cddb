"""RSS and Atom feeds of posts."""

# ruff: noqa: E501  # markup is easier to read on one line
from __future__ import annotations

import base64
import html
import time
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.loader.line_account import Account
from bot.loader.records import feeds
from bot.loader.records.feeds import GUESSED, NO_POST
from bot.models import Link, Media, Metadata, Quote, Thread, Tweet
from tests.loader.records.written import AUTHOR, NAME, Written, as_written, threads, told

AT = "Sun, 01 Mar 2009 10:00:00 GMT"
MIRROR = "https://mirror.example"
SPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"'
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
)
OWNED = f"<title>{NAME} / @{AUTHOR}</title><link>{MIRROR}/{AUTHOR}</link>"


def rss(*items: str, head: str = OWNED) -> str:
    inside = "\n".join(items)
    return f'<?xml version="1.0"?>\n<rss {SPACES} version="2.0"><channel>{head}\n{inside}</channel></rss>'


def item(
    text: str | None = None, number: str = "1", *, title: str = "", date: str = AT, more: str = "",
    link: str = "", author: str = AUTHOR,
) -> str:  # fmt: skip
    described = "" if text is None else f"<description><![CDATA[{text}]]></description>"
    link = link or f"{MIRROR}/{author}/status/{number}#m"
    return (
        f"<item><title>{html.escape(title)}</title>{described}<pubDate>{date}</pubDate>"
        f"<link>{link}</link>{more}</item>"
    )


def read(text: str, author: str | None = None) -> tuple[list[Thread], Account]:
    account = Account("a.xml", detailed=True)
    assert feeds.looks_like(text)
    return list(feeds.parse(text, Metadata(author=author), account)), account


def only(*parts: Any, **named: Any) -> Tweet:
    ((thread,), account) = read(rss(item(*parts, **named)))
    (tweet,) = thread.tweets
    assert told(account) == []
    return tweet


def rfc822(moment: datetime) -> str:
    return moment.strftime("%a, %d %b %Y %H:%M:%S GMT")


def in_rss(tweet: Written) -> str:
    mark = f"R to @{AUTHOR}: " if tweet.above else ""
    return item(
        f"<p>{html.escape(tweet.text)}</p>", tweet.tweet_id, title=f"{mark}{tweet.text}",
        date=rfc822(tweet.moment),
    )  # fmt: skip


def in_atom(tweet: Written) -> str:
    markup = html.escape(html.escape(tweet.text))
    return (
        f"<entry><title>x</title><id>{tweet.url}</id><link href='{tweet.url}'/>"
        f"<published>{tweet.iso}</published><content type='html'>&lt;p&gt;{markup}&lt;/p&gt;</content>"
        f"<author><name>{NAME}</name></author></entry>"
    )


@given(threads(), st.booleans())
def test_posts_are_read_as_they_were_written(
    made: list[list[Written]],
    newest_first: bool,  # noqa: FBT001  # hypothesis passes it by name
) -> None:
    every = [each for thread in made for each in thread]
    ordered = every[::-1] if newest_first else every
    found, account = read(rss(*map(in_rss, ordered)))
    rows = sorted(
        (t.tweet_id, t.text, t.created_at, t.author) for each in found for t in each.tweets
    )
    assert rows == sorted(row for thread in as_written(made) for row in thread)
    assert sorted(len(each.tweets) for each in found) == sorted(len(each) for each in made)
    assert [message for _, message in told(account)] == [GUESSED] * (len(every) - len(made))
    atom = "\n".join(map(in_atom, ordered))
    found, account = read(f'<feed xmlns="http://www.w3.org/2005/Atom">{atom}</feed>')
    assert sorted((t.tweet_id, t.text) for each in found for t in each.tweets) == sorted(
        (each.tweet_id, each.text) for each in every
    )
    assert told(account) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<rss>", True), (' <?xml version="1.0"?>\n<!-- x -->\n<feed xmlns="x">', True),
        ("<RDF:rdf ", True), ("<rssx>", False), ("<html><rss>", False), ("rss", False),
        ('<?xml version="1.0"?><?xml-stylesheet href="x"?><!DOCTYPE rss><rss version="2.0">', True),
    ],
)  # fmt: skip
def test_a_feed_is_known_by_its_first_element(
    text: str,
    expected: bool,  # noqa: FBT001  # pytest passes it by name
) -> None:
    assert feeds.looks_like(text) is expected


def test_an_entry_has_the_line_it_starts_at() -> None:
    text = rss(item("<item>a</item>\n", "1"), item("b", "2"))
    found, _ = read(text)
    assert [each.tweets[0].line for each in found] == [3, 5]
    found, _ = read(text.replace("</rss>", "<!-- <item> --></rss>"))
    assert [each.tweets[0].line for each in found] == [1, 1]


@pytest.mark.parametrize("mark", ["RT by @anna_ports: ", "Pinned: RT: ", "RT @ben Ebb"])
def test_reposts_are_left_out(mark: str) -> None:
    found, account = read(rss(item("Ebb", title=f"{mark}Ebb"), item("Low tide", "2")))
    assert [each.title for each in found] == ["Low tide"]
    assert (None, "left out 1 repost") in told(account)


def test_a_post_by_another_than_the_feed_s_owner_is_a_repost() -> None:
    found, account = read(rss(item("Ebb", author="ben"), item("Low tide", "2")))
    assert [each.title for each in found] == ["Low tide"]
    assert told(account) == [(None, "left out 1 repost")]
    found, account = read(rss(item("Ebb", author="ben"), head="<title>Search</title>"))
    assert [(each.title, each.author) for each in found] == [("Ebb", "ben")]


def test_what_rsshub_calls_a_repost_is_one() -> None:
    head = "<title>x</title><generator>RSSHub</generator>"
    posts = item("Low tide", title="Low tide"), item("RT Ben", "2", title="RT Ben: Ebb")
    assert len(read(rss(*posts, head=head))[0]) == 1
    assert len(read(rss(*posts))[0]) == 2


def test_replies_to_others_are_left_out() -> None:
    reply = item("<p>No idea</p>", "2", title="R to @ben: No idea")
    found, account = read(rss(reply, item("Low tide")))
    assert [each.title for each in found] == ["Low tide"]
    assert told(account) == [(None, "left out 1 reply to somebody else")]


def test_a_reply_to_oneself_hours_later_is_a_thread_whose_beginning_is_elsewhere() -> None:
    later = item("Ebb", "2", title=f"R to @{AUTHOR}: Ebb", date=AT.replace("10:00", "11:01"))
    found, account = read(rss(later, item("Low tide")))
    assert [(each.title, each.complete) for each in found] == [("Ebb", False), ("Low tide", True)]
    assert told(account) == []
    soon = later.replace("11:01", "11:00")
    assert len(read(rss(soon, item("Low tide")))[0]) == 1


def test_a_mirror_s_markup_becomes_text_media_and_a_quote() -> None:
    tweet = only(
        "<p>Low &lt;tide&gt;<br>by <a href='https://mirror.example/ben'>@ben</a>"
        " <a href='https://mirror.example/search?q=%23sea'>#sea</a>"
        f" <a href='{MIRROR}/ben/status/9#m'>mirror.example/ben/sta…</a></p>"
        "<img src='https://mirror.example/pic/media%2FG.jpg%3Fname%3Dsmall' />"
        "<img src='https://abs.twimg.com/emoji/v2/1.png' alt='🚢'>"
        "<hr/><blockquote><b>Ben Q (@ben)</b><p>Ebb</p><footer>— <cite>"
        f"<a href='{MIRROR}/ben/status/8#m'>x</a></cite></footer></blockquote>"
    )
    assert tweet.text.startswith("Low <tide>\nby @ben #sea")
    assert tweet.text.endswith("🚢")
    assert tweet.mentions == ("ben",)
    assert tweet.links == (Link("x.com/ben/status/9", "https://x.com/ben/status/9"),)
    assert tweet.media == (Media("photo", "https://pbs.twimg.com/media/G.jpg"),)
    assert tweet.quote == Quote("Ebb", "ben", "Ben Q", None, "https://x.com/ben/status/8")


@pytest.mark.parametrize(
    "path",
    ["media%2FG.jpg", "orig/media%2FG.jpg", "pbs.twimg.com%2Fmedia%2FG.jpg",
     "https%3A%2F%2Fpbs.twimg.com%2Fmedia%2FG.jpg",
     f"enc/{base64.urlsafe_b64encode(b'media/G.jpg').decode().rstrip('=')}"],
)  # fmt: skip
def test_a_mirrored_picture_has_its_address_on_x(path: str) -> None:
    tweet = only(f"<p>Low</p><img src='{MIRROR}/pic/{path}'>")
    assert tweet.media == (Media("photo", "https://pbs.twimg.com/media/G.jpg"),)


@pytest.mark.parametrize(
    "path", ["enc/%%%", "enc/a", f"enc/{base64.b64encode('潮'.encode()).decode()}"]
)
def test_a_picture_that_cannot_be_decoded_stays_on_the_mirror(path: str) -> None:
    assert only(f"<p>Low</p><img src='{MIRROR}/pic/{path}'>").media[0].url == f"{MIRROR}/pic/{path}"


def test_videos_have_their_previews() -> None:
    tweet = only(
        f"<video poster='{MIRROR}/pic/v.jpg'><source src='https://video.twimg.com/v.mp4'></video>"
        f"<video poster='{MIRROR}/pic/w.jpg'></video>"
        f"<video src='{MIRROR}/video/0AB1/https%3A%2F%2Fvideo.twimg.com%2Fx.mp4'></video><video></video>"
    )
    assert tweet.media == (
        Media("video", "https://pbs.twimg.com/v.jpg", None, "https://video.twimg.com/v.mp4"),
        Media("video", "https://pbs.twimg.com/w.jpg"),
        Media("video", None, None, "https://video.twimg.com/x.mp4"),
    )


def test_an_embedded_tweet_s_text_is_its_paragraph() -> None:
    embedded = (
        "<div><blockquote class='twitter-tweet'><p>Low tide</p>&mdash; Anna (@anna_ports)"
        " <a href='https://x.com/anna_ports/status/1'>date</a></blockquote><script></script></div>"
    )
    assert only(embedded).text == "Low tide"


@pytest.mark.parametrize(
    ("title", "text"),
    [("Low tide", "Low tide"), ("Pinned: Low", "Low"), ("R to @anna_ports: Low", "Low"), ("Image", "Image")],
)  # fmt: skip
def test_a_title_stands_in_for_a_missing_text(title: str, text: str) -> None:
    found, _ = read(rss(item(None, title=title)))
    assert found[0].tweets[0].text == text


def test_the_title_of_a_picture_is_no_text() -> None:
    assert only("<img src='https://pbs.twimg.com/media/G.jpg'>", title="Image").text == ""


def test_a_plain_text_keeps_its_lines() -> None:
    assert only("Low <3\n\ntide").text == "Low <3\n\ntide"


def test_attached_pictures_have_their_descriptions() -> None:
    attached = (
        "<media:content url='https://f.example/a.png?x=1&amp;y=2' type='image/png' medium='image'>"
        "<media:rating>x</media:rating><media:description>A &lt;quay&gt;</media:description></media:content>"
        "<media:content url='https://f.example/b.mp4' type='video/mp4' medium='video'/>"
        "<enclosure url='https://f.example/c.jpg' type='image/jpeg' length='1'/>"
        "<enclosure url='https://f.example/d.mp3' type='audio/mpeg' length='1'/>"
        "<enclosure url='https://f.example/c.jpg' type='image/jpeg' length='1'/>"
    )
    tweet = only("Low tide", more=attached)
    assert tweet.text == "Low tide"
    assert tweet.media == (
        Media("photo", "https://f.example/a.png?x=1&y=2", "A <quay>"),
        Media("video", None, None, "https://f.example/b.mp4"),
        Media("photo", "https://f.example/c.jpg"),
    )


@pytest.mark.parametrize(
    "path", ["@ben/114200000000000001", "users/ben/statuses/114200000000000001"]
)
def test_a_post_on_mastodon_has_the_id_that_its_archive_gives_it(path: str) -> None:
    tweet = only("<p>Low</p>", link=f"https://M.example/{path}")
    assert tweet.tweet_id == "https://m.example/users/ben/statuses/114200000000000001"
    assert (tweet.author, tweet.permalink) == ("ben@m.example", f"https://M.example/{path}")


@pytest.mark.parametrize(
    ("name", "guid", "author", "own_id"),
    [
        ("ben.example", "at://did:plc:b/app.bsky.feed.post/3k", "ben.example", "at://did:plc:b/app.bsky.feed.post/3k"),
        ("ben.example", "x", "ben.example", "at://ben.example/app.bsky.feed.post/3k"),
        ("did:plc:b", "at://did:plc:b/app.bsky.feed.post/3k", None, "at://did:plc:b/app.bsky.feed.post/3k"),
    ],
)  # fmt: skip
def test_a_post_on_bluesky_has_its_address(
    name: str, guid: str, author: str | None, own_id: str
) -> None:
    link = f"https://bsky.app/profile/{name}/post/3k"
    tweet = only("Low", link=link, more=f"<guid isPermaLink='false'>{guid}</guid>")
    assert (tweet.author, tweet.tweet_id, tweet.permalink) == (author, own_id, link)


def test_an_id_alone_is_a_tweet_of_the_feed_s_owner() -> None:
    bare = (
        "<item><title>Low tide</title><guid isPermaLink='false'>2035657989288886273</guid></item>"
    )
    (thread,), _ = read(rss(bare))
    assert (thread.author, thread.tweets[0].tweet_id) == (AUTHOR, "2035657989288886273")
    found, account = read(rss(bare, head="<title>x</title>"))
    assert found == []
    assert told(account) == [(3, NO_POST)]


def test_the_author_is_in_the_link_or_named() -> None:
    creator = "<dc:creator>Ben Q (@ben)</dc:creator>"
    (thread,), _ = read(rss(item("Low", author="ben", more=creator), head="<title>x</title>"))
    assert (thread.author, thread.tweets[0].author_name) == ("ben", "Ben Q")
    (thread,), _ = read(rss(item("Low", author="i", more="<dc:creator>@ben</dc:creator>")))
    assert (thread.author, thread.tweets[0].author_name) == ("ben", None)
    (thread,), _ = read(rss(item("Low", author="i")), "anna")
    assert thread.author == "anna"


def test_other_entries_get_a_notice() -> None:
    blog = item("A blog", link="https://blog.example/1")
    found, account = read(rss(item("Low"), blog, item("Ebb", "2")))
    assert len(found) == 2
    assert told(account) == [(4, NO_POST)]
    assert [each.kind for each in account.entries(found)] == ["notice", "tweet", "tweet"]


def test_broken_markup_gets_a_notice() -> None:
    found, account = read(rss(item("Low"), item("Ebb", "2")).replace("</channel>", "&&"))
    assert [each.title for each in found] == ["Low", "Ebb"]
    ((line, message),) = told(account)
    assert line is None
    assert message.startswith("the feed is not valid XML (")


def test_the_declared_encoding_does_not_count() -> None:
    text = rss(item("née")).replace('version="1.0"', 'version="1.0" encoding="ISO-8859-1"', 1)
    assert read(text)[0][0].title == "née"


@pytest.mark.parametrize(
    "piece",
    ["<item><title>x", "<item><description><![CDATA[", "<media:content url='x'>", "&&", "<blockquote>"],
)  # fmt: skip
def test_unclosed_markup_takes_linear_time(piece: str) -> None:
    took = []
    for count in (2_000, 8_000):
        start = time.process_time()
        feeds.parse(f"<rss><channel>{piece * count}", Metadata(), Account("a"))
        took.append(time.process_time() - start)
    assert took[1] < 16 * took[0] + 1


def test_an_embedded_tweet_without_a_paragraph_is_what_its_quotation_says() -> None:
    embedded = "<blockquote class='twitter-tweet'>Low tide</blockquote><p>An advertisement</p>"
    assert only(embedded).text == "Low tide"


def test_markup_without_a_body_says_nothing() -> None:
    assert only("<frameset><frame></frameset>", title="Low tide").text == "Low tide"


def test_a_quotation_without_a_paragraph_is_left_out() -> None:
    tweet = only("<p>Low</p><blockquote><b>Ben Q (@ben)</b></blockquote>")
    assert (tweet.text, tweet.quote) == ("Low", None)


def test_of_two_quoted_posts_the_first_one_is_the_quote() -> None:
    quoted = "<blockquote><b>Ben Q (@ben)</b><p>{}</p></blockquote>"
    tweet = only(f"<p>Low</p>{quoted.format('Ebb')}{quoted.format('Flood')}")
    assert tweet.text == "Low"
    assert tweet.quote == Quote("Ebb", "ben", "Ben Q", None, None)


def test_what_is_attached_may_lack_a_description_or_be_no_picture() -> None:
    attached = (
        "<media:content type='image/png'><media:description>A mast</media:description></media:content>"
        "<media:content url='https://f.example/a.png' type='image/png'>"
        "<media:description type='plain'/></media:content>"
        "<media:content url='https://f.example/pixel.gif' type='image/gif'/>"
        "<media:content url='https://f.example/v' medium='video'/>"
    )
    assert only("Low tide", more=attached).media == (
        Media("photo", "https://f.example/a.png"),
        Media("video", None, None, "https://f.example/v"),
    )


def test_a_reply_to_oneself_without_a_moment_continues_nothing() -> None:
    title = f"R to @{AUTHOR}: Ebb"
    found, account = read(rss(item("Ebb", "2", title=title, date=""), item("Low tide")))
    assert sorted(each.title for each in found) == ["Ebb", "Low tide"]
    assert GUESSED not in [message for _, message in told(account)]


def test_a_picture_in_two_sizes_is_one() -> None:
    small = "https://pbs.twimg.com/media/G.jpg?name=small"
    attached = f"<media:content url='{small}' medium='image' type='image/jpeg'/>"
    tweet = only(
        f"Low <img src='{MIRROR}/pic/media%2FG.jpg%3Fname%3Dlarge' alt='A mast'>", more=attached
    )
    assert tweet.media == (Media("photo", "https://pbs.twimg.com/media/G.jpg", "A mast"),)


def test_a_reply_to_oneself_continues_the_last_post_that_answers_nobody_else() -> None:
    found, _ = read(
        rss(
            item("Flood", "3", title=f"R to @{AUTHOR}: Flood"),
            item("No", "2", title="R to @ben: No"),
            item("Low tide"),
        )
    )
    assert [[each.text for each in thread.tweets] for thread in found] == [["Low tide", "Flood"]]


def test_a_date_after_which_there_is_no_year_is_none() -> None:
    assert only("Low", date="Fri, 31 Dec 9999 23:59:59 GMT").created_at is None
    assert only("Low", date="Sat, 31 Dec 2005 23:59:59 GMT").created_at is None


def test_a_quotation_of_nobody_and_an_entry_without_a_title_are_read() -> None:
    tweet = only("<p>Low</p><blockquote><p>Ebb</p></blockquote>")
    assert tweet.quote == Quote("Ebb", None, None)
    found, account = read(rss(item("Low"), "<item><link>https://blog.example/1</link></item>"))
    assert [each.said for each in account.entries(found) if each.kind == "notice"] == [""]
    emoji = "<img src='https://abs.twimg.com/emoji/v2/1.png' alt='🚢'>"
    picture = "<img src='https://pbs.twimg.com/media/G.jpg'>"
    assert only(f"Low{emoji}{picture}").media == (
        Media("photo", "https://pbs.twimg.com/media/G.jpg"),
    )


def test_the_line_of_an_entry_on_the_first_line_is_the_first() -> None:
    text = rss(item("Low")).replace("\n", "")
    assert read(text)[0][0].tweets[0].line == 1


def test_a_link_to_a_post_on_mastodon_stays_as_it_is() -> None:
    address = "https://m.example/users/ben/statuses/114200000000000001"
    tweet = only(f"<p>Low <a href='{address}'>a post</a> tide</p>")
    assert tweet.links == (Link("a post", address),)


def test_a_reply_to_oneself_after_one_without_a_moment_continues_nothing() -> None:
    title = f"R to @{AUTHOR}: x"
    found, account = read(
        rss(item("Ebb", "2", title=title), item("Flood", "1", title=title, date=""))
    )
    assert sorted(each.title for each in found) == ["Ebb", "Flood"]
    assert GUESSED not in [message for _, message in told(account)]


@pytest.mark.parametrize(
    ("number", "is_tweet"),
    [("1" * 14, False), ("1" * 15, True), ("1" * 19, True), ("1" * 20, False)],
)
def test_an_id_of_a_tweet_has_as_many_digits_as_x_gives(number: str, *, is_tweet: bool) -> None:
    found, _ = read(
        rss(f"<item><title>Low</title><guid isPermaLink='false'>{number}</guid></item>")
    )
    assert bool(found) is is_tweet


def test_the_whole_content_goes_before_the_description() -> None:
    assert only("Low", more="<content:encoded>Low tide</content:encoded>").text == "Low tide"


def test_a_reply_to_oneself_begins_after_its_mentions() -> None:
    markup = f"<a class='mention' href='https://m.example/@{AUTHOR}'>@{AUTHOR}</a> Ebb"
    ((thread,), _) = read(rss(item(markup, title=f"R to @{AUTHOR}: Ebb")))
    assert thread.tweets[0].text == "Ebb"
    assert thread.tweets[0].mentions == (AUTHOR,)
