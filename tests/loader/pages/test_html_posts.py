"""Posts in saved pages. `tests/dumps/html_*` has whole pages."""

from __future__ import annotations

import pytest

from bot.loader.pages.html_posts import Page, read_page
from bot.loader.pages.html_shapes import BLUESKY, EMBED, MASTODON, NITTER, OLD_X, SAVED, Shape, X
from bot.loader.records.posts import Post
from bot.models import Card, Link, Media, PollOption, Quote

NAME = '<div data-testid="User-Name"><a href="/anna"><b>Anna</b></a><a href="/anna">@anna</a></div>'
AT = '<a href="/anna/status/17"><time datetime="2023-09-08T04:20:15.000Z">8 Sep</time></a>'


def page(shape: Shape, *posts: str, head: str = "") -> Page:
    """A page with `posts`, which begin at line 5."""
    return read_page("\n".join([f"<html>{head}", *posts]), shape, 4)


def one(shape: Shape, markup: str) -> Post:
    """The only post of a page."""
    (post,) = page(shape, markup).posts
    return post


def on_x(inside: str, attributes: str = "") -> str:
    """A post as X writes it."""
    return f'<article data-testid="tweet" {attributes}>{inside}</article>'


def said(text: str) -> str:
    """The words of a post as X writes them."""
    return f'<div data-testid="tweetText">{text}</div>'


def test_a_post_of_x_has_an_author_a_date_and_an_id() -> None:
    post = one(X, on_x(f"{NAME}{AT}{said('Low tide<br>@ben')}"))
    assert post == Post(
        line=5,
        text="Low tide\n@ben",
        mentions=("ben",),
        author="anna",
        author_name="Anna",
        created_at="2023-09-08T04:20:15Z",
        tweet_id="17",
    )


def test_the_link_of_a_post_names_its_author_where_nothing_else_does() -> None:
    assert one(X, on_x(AT)).author == "anna"
    assert one(X, on_x('<a href="/i/web/status/17">a</a>')).author is None
    assert one(X, on_x('<a href="/i/status/17">a</a>')).tweet_id == "17"
    assert one(X, on_x(said("a"))) == Post(line=5, text="a")
    assert one(X, on_x("a")) == Post(line=5, text="")


def test_lines_count_from_the_first_line_of_the_page() -> None:
    assert [post.line for post in page(X, on_x(AT), on_x(AT)).posts] == [5, 6]
    escaped = on_x(AT).replace('"tweet"', '"&#116;weet"')
    assert [post.line for post in page(X, on_x(AT), escaped).posts] == [5, 4]


def test_elements_that_are_not_closed_have_their_own_words() -> None:
    bare = f'<article data-testid="tweet">{NAME}{said("a")}'
    assert [post.text for post in page(X, bare, bare.replace(">a<", ">b<")).posts] == ["a", "b"]


QUOTED = (
    '<div role="link"><div><div data-testid="User-Name">Ben @ben<time datetime="2023-08-09T10:00:00'
    f'Z">a</time></div></div>{said("No<br>sand")}<div data-testid="tweetPhoto">'
    '<img src="https://pbs.twimg.com/media/B.jpg"></div></div>'
)
QUOTE = Quote("No\nsand", "ben", "Ben", "2023-08-09T10:00:00Z", None)


def test_a_quoted_post_on_x_is_kept_apart() -> None:
    post = one(X, on_x(f"{NAME}{AT}{said('Sand')}{QUOTED}"))
    assert (post.text, post.quote, post.media) == ("Sand", QUOTE, ())
    post = one(X, on_x(f"{NAME}{AT}{QUOTED}"))
    assert (post.text, post.quote, post.author) == ("", QUOTE, "anna")


def test_a_second_name_that_is_in_no_link_quotes_nothing() -> None:
    assert one(X, on_x(f"{NAME}{NAME}{said('a')}")).quote is None
    deep = f"<div role='link'>{'<span>' * 30}{NAME}</div>"
    assert one(X, on_x(f"{NAME}{deep}{said('a')}")).quote is None
    other = f"<span role='link'>{NAME}</span><div role='link'>{NAME}{said('b')}</div>"
    assert one(X, on_x(f"{NAME}{other}{said('a')}")).quote == Quote("b", "anna", "Anna")
    assert one(X, on_x(f"{NAME}{said('a')}<div role='link'>{NAME}</div>")).quote is None


def test_pictures_polls_and_cards_of_x_are_found() -> None:
    poll = (
        '<div data-testid="cardPoll"><ul><li>Tide 60.2%</li><li>Crane 3 %</li><li></li></ul></div>'
    )
    card = (
        '<div data-testid="card.wrapper"><a href="https://t.co/a"><i dir="ltr">a.bc</i>'
        '<i dir="ltr">On sand</i><i dir="ltr">What it is</i><i dir="ltr"></i></a></div>'
    )
    photo = '<div data-testid="tweetPhoto"><img src="https://pbs.twimg.com/media/A.jpg" alt="b">'
    post = one(X, on_x(f"{said('a')}{poll}{card}{photo}"))
    assert post.poll == (PollOption("Tide"), PollOption("Crane"))
    assert post.card == Card("On sand", "What it is", "https://t.co/a")
    assert post.media == (Media("photo", "https://pbs.twimg.com/media/A.jpg", "b"),)


@pytest.mark.parametrize(
    ("inside", "card"),
    [
        ('<i dir="a">a.bc</i><i dir="a">On</i>', Card("On")),
        ('<i dir="a">On</i>', Card("On")),
        (
            '<a href="https://t.co/a" aria-label="a.bc On"></a>',
            Card("a.bc On", None, "https://t.co/a"),
        ),
        ('<a href="/a"></a>', None),
        ("", None),
    ],
)
def test_a_card_of_x_may_have_less(inside: str, card: Card | None) -> None:
    assert one(X, on_x(f'<div data-testid="card.wrapper">{inside}</div>')).card == card


def test_a_cut_text_is_marked() -> None:
    more = '<button data-testid="tweet-text-show-more-link">Show more</button>'
    assert one(X, on_x(said("a") + more)).is_cut
    assert not one(X, on_x(said("a"))).is_cut


def test_the_page_s_own_post_names_its_author() -> None:
    other = on_x(AT.replace("anna", "ben"))
    assert page(X, other, on_x(AT, 'tabindex="-1"')).author == "anna"
    assert page(X, other, on_x(said("a"), 'tabindex="-1"')).author is None
    assert page(X, other, on_x(AT)).author is None


@pytest.mark.parametrize(
    ("head", "url", "author", "is_timeline"),
    [
        (
            "<link rel=canonical href='https://x.com/ben/status/1'>",
            "https://x.com/ben/status/1",
            "ben",
            False,
        ),
        (
            "<meta property='og:url' content='https://x.com/i/status/1'>",
            "https://x.com/i/status/1",
            None,
            False,
        ),
        (
            "<!-- saved from url=(0026)https://x.com/i/web/status/1 -->",
            "https://x.com/i/web/status/1",
            None,
            False,
        ),
        (
            "<!--\n Page saved with SingleFile \n url: https://x.com/b \n-->",
            "https://x.com/b",
            None,
            False,
        ),
        ("<title>(3) Ben (@ben) / X</title>", None, "ben", True),
        ("<title>Ben (@ben) | nitter</title>", None, "ben", True),
        ("<title>Ben (@ben)</title>", None, "ben", True),
        ("<title>(2) Home / X</title>", None, None, True),
        ("<title>sand - X Search / X</title>", None, None, True),
        ('<title>Ben on X: "a (@ben)" / X</title>', None, None, False),
        (
            "<title>Ben (@ben) / X</title><link rel=canonical href='https://x.com/ann/status/1'>",
            "https://x.com/ann/status/1",
            "ann",
            False,
        ),
        ("", None, None, False),
    ],
)
def test_a_page_says_where_it_is_from(
    head: str, url: str | None, author: str | None, *, is_timeline: bool
) -> None:
    found = page(X, on_x(AT), head=head)
    assert (found.url, found.author, found.is_timeline) == (url, author, is_timeline)


def test_a_page_that_shows_one_post_is_no_timeline() -> None:
    title = "<title>Ben (@ben) / X</title>"
    assert not page(X, on_x(AT, 'tabindex="-1"'), head=title).is_timeline


def test_a_post_of_twitter_before_2020_has_its_data_in_attributes() -> None:
    post = one(
        OLD_X,
        '<div class="tweet" data-tweet-id="17" data-screen-name="anna"><b class="fullname">Anna</b>'
        '<i class="_timestamp" data-time-ms="1694146815000">a</i><p class="js-tweet-text">Sand '
        '<a href="https://t.co/a">pic.twitter.com/a</a></p><div class="AdaptiveMedia">'
        '<img src="https://pbs.twimg.com/media/A.jpg"></div></div>',
    )
    assert (post.text, post.links, post.author) == ("Sand", (), "anna")
    assert (post.author_name, post.tweet_id) == ("Anna", "17")
    assert post.created_at == "2023-09-08T04:20:15Z"
    assert len(post.media) == 1


def test_a_picture_that_the_page_lacks_remains_a_link() -> None:
    (post,) = page(
        OLD_X,
        '<div class="tweet" data-tweet-id="17"><p class="js-tweet-text">Sand'
        ' <a href="https://t.co/a">pic.twitter.com/a</a></p></div>',
    ).posts
    assert (post.text, post.links) == ("Sand", (Link("pic.twitter.com/a", "https://t.co/a"),))


def test_a_link_to_the_quoted_post_is_no_link_of_the_text() -> None:
    post = one(
        OLD_X,
        '<div class="tweet" data-tweet-id="17"><p class="js-tweet-text">Sand'
        ' <a href="https://x.com/ben/status/5">x.com/ben/a</a> <a href="https://x.com/ben/status/6">'
        'x.com/ben/b</a></p><div class="QuoteTweet"><a href="/ben/status/5"></a>'
        '<p class="QuoteTweet-text">No</p></div></div>',
    )
    assert [link.printed for link in post.links] == ["x.com/ben/b"]
    assert post.quote == Quote("No", "ben", None, None, "https://x.com/ben/status/5")


def test_a_repost_and_a_post_that_is_gone_are_marked_on_nitter() -> None:
    found = page(
        NITTER,
        '<div class="timeline-item"><i class="retweet-header"></i></div>',
        '<div class="timeline-item"><i class="unavailable-box">gone</i></div>',
    )
    assert [post.is_repost for post in found.posts] == [True, False]
    assert found.gone == {6}


def test_pictures_among_the_words_are_no_words() -> None:
    post = one(
        SAVED,
        '<div class="tweet"><p class="tweet-text">Sand <img alt="🏖" src="a.svg">'
        '<img alt="a quay" src="https://pbs.twimg.com/media/A.jpg"></p>'
        '<p class="tweet-text">other words</p><div class="tweet-media">'
        '<img src="https://pbs.twimg.com/media/B.jpg"></div><div class="media">'
        '<img src="https://pbs.twimg.com/media/C.jpg"></div></div>',
    )
    assert post.text == "Sand 🏖"
    assert [each.url and each.url[-5] for each in post.media] == ["B", "C", "A"]


def test_an_embedded_tweet_is_signed() -> None:
    post = one(
        EMBED,
        '<blockquote class="twitter-tweet"><p>Sand</p><p>a <a href="https://t.co/a">a.bc</a></p>'
        '&mdash; Anna (@anna) <a href="https://twitter.com/anna/status/17?s=20">May 9, 2023</a>',
    )
    assert post == Post(
        line=5,
        text="Sand\n\na",
        links=(Link("a.bc", "https://t.co/a"),),
        author="anna",
        author_name="Anna",
        created_at="2023-05-09",
        tweet_id="17",
    )


def test_an_embedded_tweet_may_be_signed_in_a_paragraph() -> None:
    post = one(
        EMBED,
        '<blockquote class="twitter-tweet"><p>Sand</p><p>\u200a\u2014\u200a'
        '<a href="https://twitter.com/anna/status/17">@anna</a></p></blockquote>',
    )
    assert (post.text, post.author, post.tweet_id) == ("Sand", "anna", "17")


def test_a_post_elsewhere_has_its_address_as_its_id() -> None:
    post = one(
        MASTODON,
        '<div class="status"><a class="u-uid" href="https://a.example/@anna/5"></a>'
        '<i class="display-name__account">@anna@a.example</i><p class="status__content">Sand</p>',
    )
    assert post.tweet_id == post.permalink == "https://a.example/@anna/5"
    assert post.author == "anna@a.example"
    post = one(MASTODON, '<div class="status"><a class="u-uid" href="/5"></a></div>')
    assert (post.tweet_id, post.permalink) == (None, None)
    post = one(BLUESKY, '<p data-testid="feedItem-by-a.bc"><a href="/profile/a.bc/post/3k">a</a>')
    assert post.tweet_id == "at://a.bc/app.bsky.feed.post/3k"
    assert post.permalink == "https://bsky.app/profile/a.bc/post/3k"
    assert post.author == "a.bc"
    photo = '<img src="https://cdn.bsky.app/img/feed_thumbnail/plain/a@jpeg" alt="b">'
    avatar = '<img src="https://cdn.bsky.app/img/avatar/plain/a@jpeg" alt="c">'
    post = one(BLUESKY, f'<p data-testid="feedItem-by-a.bc">{photo}{avatar}')
    assert [each.alt for each in post.media] == ["b"]


def test_a_card_elsewhere_has_a_title() -> None:
    card = '<a class="card-container" href="https://a.bc"><b class="card-title">On</b></a>'
    assert one(NITTER, f'<p class="timeline-item">{card}').card == Card("On", None, "https://a.bc")
    bare = '<a class="card-container" href="https://a.bc">a</a>'
    assert one(NITTER, f'<p class="timeline-item">{bare}').card is None


def test_a_quotation_without_words_is_none() -> None:
    assert one(SAVED, '<p class="tweet"><i class="quoted-tweet"></i>').quote is None
    whole = one(SAVED, '<p class="tweet"><i class="quoted-tweet">Ben @ben: no</i>').quote
    assert whole == Quote("Ben @ben: no", "ben")
    headed = one(SAVED, '<p class="tweet"><i class="quoted-tweet">Ben @ben<br><br>no @a<br>b</i>')
    assert headed.quote == Quote("no @a\nb", "ben")
