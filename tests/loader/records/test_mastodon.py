"""Mastodon's activities, field by field, and the text of their HTML."""

from __future__ import annotations

from typing import Any

import pytest

from bot.loader.line_account import Account
from bot.loader.records.mastodon import posts_in
from bot.loader.records.posts import Post
from bot.models import Link, Media, PollOption

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
ANNA = "https://Social.example/users/Anna"
BOB = {"type": "Mention", "name": "@bob@other.example"}


def note(content: str = "<p>Low tide</p>", **more: Any) -> dict[str, object]:
    return {"type": "Note", "to": [PUBLIC], "content": content, **more}


def read(value: Any) -> tuple[list[Post], list[str]]:
    """The posts, and the notices."""
    account = Account("a.json")
    posts = list(posts_in(value, 7, account))
    assert {each.line for each in account.notices} <= {7}
    return posts, [each.message for each in account.notices]


def texts(value: Any) -> list[str]:
    return [post.text for post in read(value)[0]]


def said(content: str, **more: object) -> tuple[str, tuple[Link, ...]]:
    """The words and the links of a note with that HTML."""
    ((post,), _) = read(note(content, **more))
    return post.text, post.links


def test_a_note_gives_all_its_fields() -> None:
    made = note(
        "<p>Low tide, <a class='mention' href='https://other.example/@bob'>@bob</a></p>",
        id="https://social.example/users/anna/statuses/2",
        attributedTo=ANNA,
        actor="https://nobody.example/@nobody",
        published="2024-03-02T10:00:00Z",
        url="https://social.example/@anna/2",
        inReplyTo="https://Social.example/@Anna/1",
        conversation="tag:social.example,2024:1",
        tag=[
            BOB,
            {"type": "Mention"},
            {"type": "Hashtag", "name": "#tide"},
            "?",
            {"type": "Mention", "name": "@Xavier@x.example"},
        ],
    )
    assert read(made) == (
        [
            Post(
                line=7,
                text="Low tide, @bob",
                mentions=("bob@other.example", "Xavier@x.example"),
                author="Anna@social.example",
                author_id="anna@social.example",
                created_at="2024-03-02T10:00:00Z",
                tweet_id="https://social.example/users/anna/statuses/2",
                conversation="tag:social.example,2024:1",
                reply_to="https://Social.example/@Anna/1",
                reply_to_author_id="anna@social.example",
                permalink="https://social.example/@anna/2",
            )
        ],
        [],
    )


@pytest.mark.parametrize(
    ("more", "permalink"),
    [
        ({"id": "https://a.example/1"}, "https://a.example/1"),
        ({"id": "https://a.example/1", "url": "http://a.example/2"}, "http://a.example/2"),
        ({"id": "https://a.example/1", "url": ["?"]}, "https://a.example/1"),
        ({"id": "tag:1"}, None),
        ({}, None),
    ],
)
def test_a_note_is_linked_by_its_page_or_by_its_id(
    more: dict[str, Any], permalink: str | None
) -> None:
    ((post,), _) = read(note(**more))
    assert post.permalink == permalink


@pytest.mark.parametrize(
    ("actor", "author", "author_id"),
    [
        ("https://a.example/users/anna.b-c", "anna.b-c@a.example", "anna.b-c@a.example"),
        ("http://A.example/@Anna", "Anna@a.example", "anna@a.example"),
        ("https://a.example/channel/anna", None, "https://a.example/channel/anna"),
        ("at https://a.example/@anna", None, "at https://a.example/@anna"),
        (None, None, None),
        (5, None, None),
    ],
)
def test_an_actor_is_named_by_handle_and_host(
    actor: object, author: str | None, author_id: str | None
) -> None:
    ((post,), _) = read(note(actor=actor))
    assert (post.author, post.author_id) == (author, author_id)


@pytest.mark.parametrize("public", [PUBLIC, "as:Public", "Public"])
@pytest.mark.parametrize("key", ["to", "cc"])
def test_a_note_to_the_public_is_read_however_that_is_written(key: str, public: str) -> None:
    made = {"type": "Note", "content": "<p>Low tide</p>"}
    assert texts({**made, key: public}) == ["Low tide"]
    assert texts({**made, key: ["https://a.example/followers", public]}) == ["Low tide"]


@pytest.mark.parametrize("to", [None, [], "https://a.example/followers", [None], "public"])
def test_a_note_to_a_few_is_left_out_with_a_notice(to: object) -> None:
    assert read(note(to=to)) == ([], ["a post that is not public; left out"])


def test_what_is_left_out_is_accounted_for() -> None:
    account = Account("a.json", detailed=True)
    assert list(posts_in([note(to=None), note()], 7, account)) != []
    (entry,) = account.entries(())
    assert (entry.line, entry.kind, entry.what) == (7, "notice", "a post that is not public")
    assert entry.said == ""


@pytest.mark.parametrize("kind", ["Note", "Article", "Question"])
@pytest.mark.parametrize("wrapped", ["Create", "Update", None])
def test_posts_of_each_kind_are_read_wrapped_or_bare(kind: str, wrapped: str | None) -> None:
    made = note() | {"type": kind}
    assert texts({"type": wrapped, "object": made} if wrapped else made) == ["Low tide"]


@pytest.mark.parametrize(
    "kind", ["OrderedCollection", "OrderedCollectionPage", "Collection", "CollectionPage"]
)
@pytest.mark.parametrize("key", ["orderedItems", "items"])
def test_collections_are_read_in_their_order(kind: str, key: str) -> None:
    assert texts({"type": kind, key: [note("1"), [note("2")], note("3")]}) == ["1", "2", "3"]
    assert texts([{"type": kind, key: note("1")}, note("2")]) == ["1", "2"]
    assert read({"type": kind}) == ([], [])


def test_a_boost_is_a_repost_without_words() -> None:
    assert read({"type": "Announce", "object": "https://a.example/1"})[0] == [
        Post(line=7, text="", is_repost=True)
    ]


def test_other_activities_are_left_out_with_a_notice() -> None:
    assert read([{"type": "Like"}, {"object": "?"}, 5, {"type": "L" * 50}]) == (
        [],
        [
            "an activity that is not a post (Like); left out",
            "an activity that is not a post (None); left out",
            "not an ActivityStreams activity; left out",
            f"an activity that is not a post ({'L' * 40}); left out",
        ],
    )
    assert read({"type": "Create"}) == ([], ["not an ActivityStreams activity; left out"])


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two<br>three</p>", "One\n\nTwo\nthree"),
        ("<p>One</p>\n\n<p>Two</p>", "One\n\nTwo"),
        ("<p>One<br><br><br><br>two</p>", "One\n\ntwo"),
        ("<p>  One \t two\r\nthree\f</p>", "One two three"),
        ("<p>One</p><ul><li>two</li><li>three</li></ul>", "One\n\n- two\n- three"),
        ("One<ol><li>two</li></ol>", "One\n\n- two"),
        ("One<blockquote>two</blockquote>", "One\n\ntwo"),
        ("One<pre>two</pre>", "One\n\ntwo"),
        ("One <b>two</b> <i>three</i>", "One two three"),
        ('Tide <img alt=":tide:"> <img alt> <img>!', "Tide :tide:  !"),
        ('Low <b alt="high">tide</b>', "Low tide"),
        ("Tide &amp; quay &lt;3 &#7;", "Tide & quay <3"),
        ("<frameset></frameset>", ""),
        ("", ""),
    ],
)
def test_html_is_read_as_mastodon_shows_it(html: str, text: str) -> None:
    assert said(html)[0] == text


def test_a_note_without_content_has_no_words() -> None:
    assert texts({"type": "Note", "to": PUBLIC}) == [""]


def test_a_warning_stands_above_what_it_warns_of() -> None:
    assert said("<p>Low tide</p>", summary=" The\x07 sea ")[0] == "The sea\n\nLow tide"
    assert said("<p>Low tide</p>", summary=" \x07 ")[0] == "Low tide"
    assert said("", summary="The sea")[0] == "The sea"


SHORTENED = (
    '<a href="https://www.a.example/ports/night"><span class="invisible">https://www.</span>'
    '<span class="ellipsis">a.example/ports</span><span class="invisible">/night</span></a>'
)
CUT = Link("a.example/ports…", "https://www.a.example/ports/night")


@pytest.mark.parametrize(
    ("html", "text", "links"),
    [
        (f"<p>Low tide {SHORTENED}</p>", "Low tide", (CUT,)),
        (f"<p>Low tide {SHORTENED} {SHORTENED}</p>", "Low tide", (CUT,)),
        (f"<p>See {SHORTENED} now</p>", "See a.example/ports… now", (CUT,)),
        (
            '<p><a href="https://a.example">\n the \t page </a> says</p>',
            "the page says",
            (Link("the page", "https://a.example"),),
        ),
        (
            '<p><a href="https://a.example/&#7;x">a&#7;b</a> c</p>',
            "ab c",
            (Link("ab", "https://a.example/x"),),
        ),
        ('<p><a href="/tags/tide">tide</a></p>', "tide", ()),
        ("<p><a>tide</a></p>", "tide", ()),
        ('<p><a class="x hashtag" href="https://a.example/t">#tide</a></p>', "#tide", ()),
        ('<p>To <a class="u mention" href="https://a.example/@b">@b</a></p>', "To @b", ()),
    ],
)
def test_links_are_printed_as_mastodon_prints_them_and_lead_where_they_lead(
    html: str, text: str, links: tuple[Link, ...]
) -> None:
    assert said(html) == (text, links)


def test_hidden_parts_may_hold_hidden_parts() -> None:
    hidden = '<span class="invisible">1<span class="invisible">2</span>3</span>'
    html = f'<p><a href="https://a.example">{hidden}a.example</a> says</p>'
    assert said(html) == ("a.example says", (Link("a.example", "https://a.example"),))


def test_a_link_that_is_hidden_itself_has_words() -> None:
    html = '<p><a class="invisible" href="https://a.example">page</a> says</p>'
    assert said(html) == ("page says", (Link("page", "https://a.example"),))


MENTION = '<span class="h-card"><a class="u-url mention" href="https://a.example/@b">@b</a></span>'


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (f"<p>{MENTION} {MENTION}\n Low tide</p>", "Low tide"),
        (f"<p>{MENTION} Low tide, {MENTION}</p>", "Low tide, @b"),
        (f"<p>{MENTION}</p>", ""),
        (f"<p>Low {MENTION} tide</p>", "Low @b tide"),
        (f"<p><a href='https://a.example'>page</a> {MENTION} says</p>", "page @b says"),
        ('<p><a class="mention hashtag" href="https://a.example/t">#t</a> ebbs</p>', "ebbs"),
        (
            '<p><a class="mention">@a<svg><a class="mention">@b</a></svg></a> Low tide</p>',
            "Low tide",
        ),
    ],
)
def test_the_mentions_that_a_reply_begins_with_are_taken_off(html: str, text: str) -> None:
    assert said(html, inReplyTo="https://a.example/@b/1")[0] == text


def test_a_post_that_answers_nobody_keeps_them() -> None:
    assert said(f"<p>{MENTION} is late</p>")[0] == "@b is late"


@pytest.mark.parametrize(
    ("attachment", "media"),
    [
        ({"mediaType": "image/png", "url": "https://a.example/b.png", "summary": "A mast"},
         Media("photo", "https://a.example/b.png", "A mast")),
        ({"mediaType": "image/gif", "url": "/files/b.gif"}, Media("gif", file="/files/b.gif")),
        ({"type": "Image", "href": "https://a.example/b"}, Media("photo", "https://a.example/b")),
        ({"type": "Video", "url": "https://a.example/v.mp4", "icon": {"url": "https://a.example/i"}},
         Media("video", "https://a.example/i", None, "https://a.example/v.mp4")),
        ({"mediaType": "image/png"}, Media("photo")),
    ],
)  # fmt: skip
def test_an_attachment_is_a_picture_or_a_video(attachment: dict[str, Any], media: Media) -> None:
    ((post,), _) = read(note(attachment=attachment))
    assert post.media == (media,)


@pytest.mark.parametrize("attachment", [{"type": "Document", "url": "https://a.example/b"}, None])
def test_other_attachments_are_not_shown(attachment: object) -> None:
    ((post,), _) = read(note(attachment=attachment))
    assert post.media == ()


def test_an_option_without_a_name_is_none() -> None:
    options = [{"name": "Yes", "replies": {"totalItems": 3}}, {"name": ""}, {"replies": 5}]
    ((post,), _) = read(note(oneOf=options))
    assert post.poll == (PollOption("Yes", 3),)
