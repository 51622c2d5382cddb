"""Parts of parsed web pages."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.loader.pages.html_nodes import (
    handle_in,
    is_bare,
    links_in,
    media_in,
    moment,
    moment_in,
    one_line,
    value,
    words,
)
from bot.models import Link, Media


def node(markup: str) -> LexborNode:
    """The element `main` around `markup`."""
    found = LexborHTMLParser(f"<main>{markup}</main>").css_first("main")
    assert found is not None
    return found


def test_an_attribute_that_is_not_there_is_no_words() -> None:
    (anchor,) = node("<a href=' b ' rel>a</a>").css("a")
    assert [value(anchor, name) for name in ("href", "rel", "id")] == ["b", "", ""]
    assert value(None, "href") == ""


@pytest.mark.parametrize(
    ("markup", "bare"), [("", True), ("a", True), ("a<br>", False), ("<b>a</b>", False)]
)
def test_an_element_is_bare_if_it_has_only_words(markup: str, *, bare: bool) -> None:
    assert is_bare(node(markup)) is bare


@pytest.mark.parametrize(
    ("markup", "text", "kept"),
    [
        (" a\n b\tc ", "a b c", "a\nb c"),
        ("a<br>b <br/> c", "a\nb\nc", "a\nb\nc"),
        ("a<br><br><br>b", "a\n\n\nb", "a\n\n\nb"),
        ("a<p>b</p><p>c</p>", "a\n\nb\n\nc", "a\n\nb\n\nc"),
        ("<p>a<br></p>\n<p>\nc</p>", "a\n\nc", "a\n\nc"),
        ("a<p></p>", "a", "a"),
        ("a<ul><li>b</li><li>c</li></ul>", "a\n\n- b\n- c", "a\n\n- b\n- c"),
        ("a <img alt=🚢> <b>b</b><img>", "a 🚢 b", "a 🚢 b"),
        ("", "", ""),
    ],
)
def test_words_are_what_an_element_shows(markup: str, text: str, kept: str) -> None:
    assert words(node(markup)) == text
    assert words(node(markup), keeps_lines=True) == kept


def test_words_may_be_put_on_one_line() -> None:
    assert one_line(node(" a<br>b ")) == "a b"
    assert one_line(node(" ")) is None
    assert one_line(None) is None


@pytest.mark.parametrize(
    ("markup", "link", "shown"),
    [
        ("<a href='https://a.bc/d'> a.bc/d </a>", Link("a.bc/d", "https://a.bc/d"), "a.bc/d"),
        (
            "<a href='https://t.co/x' title='https://a.bc/d'>a.bc/d</a>",
            Link("a.bc/d", "https://a.bc/d"),
            "a.bc/d",
        ),
        (
            "<a href='https://t.co/x' data-expanded-url='https://a.bc/e' title='b'>a.bc/d</a>",
            Link("a.bc/d", "https://a.bc/e"),
            "a.bc/d",
        ),
        (
            (
                "<a href='https://t.co/x'><i aria-hidden=true>https://</i>a.bc/d"
                "<i aria-hidden=true>ef</i><i aria-hidden=true>…</i></a>"
            ),
            Link("a.bc/d…", "https://a.bc/def"),
            "a.bc/d…",
        ),
        (
            "<a href='https://t.co/x'><i class=invisible>https://</i>a.bc/d</a>",
            Link("a.bc/d", "https://a.bc/d"),
            "a.bc/d",
        ),
        (
            "<a href='https://a.bc/def'><i class=ellipsis>a.bc/d</i><i class=invisible>ef</i></a>",
            Link("a.bc/d…", "https://a.bc/def"),
            "a.bc/d…",
        ),
        (
            "<a href='https://t.co/x'>https://a.bc/d…e</a>",
            Link("https://a.bc/d…e", "https://t.co/x"),
            "https://a.bc/d…e",
        ),
        (
            "<a href='https://a.bc/def'>a.bc/d…</a>",
            Link("a.bc/d…", "https://a.bc/def"),
            "a.bc/d…",
        ),
        (
            "<a href='https://t.co/x'><i class=u-hidden>pic.x.com/a</i></a>",
            Link("pic.x.com/a", "https://t.co/x"),
            "pic.x.com/a",
        ),
    ],
)
def test_links_are_shown_as_on_the_page_and_have_whole_addresses(
    markup: str, link: Link, shown: str
) -> None:
    found = node(markup)
    assert links_in(found) == [link]
    assert words(found) == shown


@pytest.mark.parametrize(
    "markup",
    [
        "<a href='https://x.com/b'>@b</a>",
        "<a href='https://x.com/b'>#b</a>",
        "<a href='https://x.com/b'>$b</a>",
        "<a href='/b'>b</a>",
        "<a>b</a>",
        "<a href='https://a.bc/d'> </a>",
    ],
)
def test_mentions_hashtags_and_addresses_on_the_page_itself_are_no_links(markup: str) -> None:
    assert links_in(node(markup)) == []


@pytest.mark.parametrize(
    ("markup", "media"),
    [
        (
            "<img src='https://pbs.twimg.com/media/A.jpg' alt='a quay'>",
            Media("photo", "https://pbs.twimg.com/media/A.jpg", "a quay"),
        ),
        (
            "<img src='/images/1px.png' data-src='https://pbs.twimg.com/media/A.jpg'>",
            Media("photo", "https://pbs.twimg.com/media/A.jpg"),
        ),
        (
            "<a href='https://pbs.twimg.com/media/A.jpg'><img src='data:image/png;base64,aa'></a>",
            Media("photo", "https://pbs.twimg.com/media/A.jpg"),
        ),
        (
            "<img src='/pic/media%2FA.jpg%3Fname%3Dsmall'>",
            Media("photo", "https://pbs.twimg.com/media/A.jpg"),
        ),
        ("<img src='./Page_files/A.jpg' alt='b'>", Media("photo", alt="b", file="A.jpg")),
        (
            (
                "<video src='blob:a' poster='https://pbs.twimg.com/tweet_video_thumb/A.jpg'>"
                "<source src='https://video.twimg.com/tweet_video/A.mp4'><img src='b.jpg'></video>"
            ),
            Media(
                "gif",
                "https://pbs.twimg.com/tweet_video_thumb/A.jpg",
                None,
                "https://video.twimg.com/tweet_video/A.mp4",
            ),
        ),
        (
            "<video src='https://video.twimg.com/A.mp4' aria-label='waves'></video>",
            Media("video", None, "waves", "https://video.twimg.com/A.mp4"),
        ),
        (
            "<video data-url='/video/0A/https%3A%2F%2Fvideo.twimg.com%2FA.m3u8'></video>",
            Media("video", None, None, "https://video.twimg.com/A.m3u8"),
        ),
    ],
)
def test_pictures_and_videos_are_found(markup: str, media: Media) -> None:
    assert list(media_in(node(markup))) == [media]


@pytest.mark.parametrize(
    "markup",
    [
        "<img class=emoji src='a.png'>",
        "<img src='ship.svg'>",
        "<img src='data:image/png;base64,aa'>",
        "<img src='//a.example/b.jpg'>",
        "<img>",
        "<a href='https://a.bc/d'><img src='data:a'></a>",
        "<b href='https://pbs.twimg.com/media/A.jpg'><img src='data:a'></b>",
        "<img src='https://pbs.twimg.com/profile_images/1/a.jpg'>",
    ],
)
def test_other_pictures_are_none_of_a_post(markup: str) -> None:
    assert list(media_in(node(markup))) == []


@pytest.mark.parametrize(
    ("markup", "handle"),
    [
        ("<i data-screen-name=anna>@ben</i>", "anna"),
        ("<i data-username=@anna></i>", "anna"),
        ("<i data-testid=postThreadItem-by-anna.example>@ben</i>", "anna.example"),
        ("<i>Anna (@anna_1)</i>", "anna_1"),
        ("<i><b>@anna</b><b>8h</b></i>", "anna"),
        ("<i>@<b>anna</b></i>", "anna"),
        ("<i>@anna@social.example</i>", "anna@social.example"),
        ("<i href='https://x.com/anna?s=20'>Anna</i>", "anna"),
        ("<i href='//twitter.com/anna'>Anna</i>", "anna"),
        ("<i href='/user/anna/'>Anna</i>", "anna"),
        ("<i href='/@anna'>Anna</i>", "anna"),
        ("<i href='/i'>Anna</i><i href='/anna'>b</i>", "anna"),
        ("<i href='/anna/status/1'>Anna</i>", None),
        ("<i>Anna</i>", None),
    ],
)
def test_handles_are_found_in_attributes_words_and_links(markup: str, handle: str | None) -> None:
    assert handle_in(node(markup).css("i")) == handle


@pytest.mark.parametrize(
    ("markup", "at"),
    [
        ("<i datetime=2023-09-08T04:20:15.000Z>Sep 8</i>", "2023-09-08T04:20:15Z"),
        ("<i data-time-ms=1694146815000></i>", "2023-09-08T04:20:15Z"),
        ("<i data-time=1694146815></i>", "2023-09-08T04:20:15Z"),
        ("<i title='Sep 8, 2023 · 4:20 AM UTC'>Sep 8</i>", "2023-09-08T04:20:00Z"),
        ("<i title='Read on X'>September 8, 2023</i>", "2023-09-08"),
        ("<i data-tooltip='September 8, 2023 at 4:20 AM'></i>", "2023-09-08"),
        ("<i>2h</i><i>8 Sep  2023</i>", "2023-09-08"),
        ("<i>2h</i>", None),
        ("<i></i>", None),
    ],
)
def test_dates_are_found_in_attributes_and_words(markup: str, at: str | None) -> None:
    assert moment_in(node(markup).css("i")) == at


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("4:20 AM · Sep 8, 2023 UTC", "2023-09-08T04:20:00Z"),
        ("noon UTC", None),
        ("2023-09-08T04:20:15+00:00", "2023-09-08T04:20:15Z"),
        ("2023-09-08", "2023-09-08"),
        ("99999999", None),
        ("1000000000", None),
        ("1000000001", "2001-09-09T01:46:41Z"),
        ("100000000000", "5138-11-16T09:46:40Z"),
        ("4000000000000", None),
        ("16941468150000000", None),
        ("१६९४१४६८१५", None),
        ("words", None),
    ],
)
def test_a_date_is_read_in_many_forms(text: str, at: str | None) -> None:
    assert moment(text) == at
