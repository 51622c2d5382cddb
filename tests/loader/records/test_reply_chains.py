"""Rebuilding threads from replies, with arrays and with a simple reference."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.loader import line_account
from bot.loader.line_account import Account
from bot.loader.records import reply_chains
from bot.loader.records.post_spool import Spool
from bot.loader.records.posts import Post
from bot.loader.tweet_ids import CONTRADICTION
from bot.models import Link, Media, Metadata

ids = st.integers(1, 12).map(str) | st.sampled_from(["at://a/1", "at://a/2"])
names = st.sampled_from(["anna", "ben", None])
posts = st.builds(
    Post,
    line=st.integers(1, 9),
    text=st.sampled_from(["", "one", "one two", "three"]),
    author=names,
    author_id=st.sampled_from([None, "7", "8"]),
    tweet_id=st.none() | ids,
    conversation=st.none() | ids,
    reply_to=st.none() | ids,
    reply_to_author=names,
    reply_to_author_id=st.sampled_from([None, "7"]),
    is_repost=st.booleans(),
    created_at=st.sampled_from([None, "2024-03-01T10:00:00Z", "2024-03-02T10:00:00Z"]),
)
many_posts = st.lists(posts, max_size=14)


def same_author(one: Post, other: Post) -> bool:
    if one.author_id and other.author_id:
        return one.author_id == other.author_id
    return (one.author or "") == (other.author or "")


def answers_self(post: Post, answered: str | None) -> bool:
    if post.author_id and post.reply_to_author_id:
        return post.author_id == post.reply_to_author_id
    return bool(post.author) and post.author == answered


def by_hand(made: list[Post], *, keep_replies: bool) -> list[tuple[bool, list[str]]]:
    """Each thread: whether it is complete, and the texts of its posts."""
    worded = [each for each in made if not each.is_repost]
    fullest: dict[str, Post] = {}
    for number, post in enumerate(worded):
        key = post.tweet_id or f"#{number}"
        if key not in fullest or len(post.text) > len(fullest[key].text):
            fullest[key] = post
    ends: dict[str, tuple[str | None, str]] = {}
    for key in fullest:
        seen, at = set(), key
        while True:
            post = fullest[at]
            parent, answered = post.reply_to, post.reply_to_author
            says_more = post.reply_to_author or post.reply_to_author_id
            first, own = post.conversation or "", post.tweet_id or ""
            if not parent and first.isdecimal() and own.isdecimal() and first != own:
                parent, answered = (None, None) if says_more else (first, post.author)
            if not parent:
                ends[key] = (at, "begins")
            elif parent in fullest and same_author(post, fullest[parent]):
                seen.add(at)
                at = parent
                if at not in seen:
                    continue
                ends[key] = (key, "begins") if keep_replies else (None, "answer")
            elif parent in fullest or not answers_self(post, answered):
                ends[key] = (at, "begins") if keep_replies else (None, "answer")
            else:
                whose = (post.conversation or parent, post.author_id, post.author)
                ends[key] = (repr(whose), "elsewhere")
            break
    place = places(worded)
    threads: dict[tuple[str | None, str], list[str]] = defaultdict(list)
    for key in sorted(fullest, key=lambda key: (place[key], time_of(fullest[key]))):
        if ends[key][0] is not None and fullest[key].text:
            threads[ends[key]].append(fullest[key].text)
    return [
        (kind == "begins" and bool(fullest[end or ""].text), found)
        for (end, kind), found in threads.items()
    ]


def places(worded: list[Post]) -> dict[str, int]:
    """The id by which each post is sorted; without one, that of the post above that it answers."""
    place: dict[str, int] = {}
    for number, (above, post) in enumerate(pairwise([None, *worded])):
        assert post
        continues = above and not post.tweet_id and post.reply_to == above.tweet_id
        own = (post.reply_to if continues else post.tweet_id) or ""
        place[post.tweet_id or f"#{number}"] = int(own) if own.isdecimal() else 0
    return place


def time_of(post: Post) -> tuple[str, int]:
    return post.created_at or "", post.line


WITHOUT_AN_ID = [
    Post(line=1, text="one", author="anna", tweet_id="3"),
    Post(line=1, text="two", author="anna", reply_to="3"),
]


@given(many_posts, st.booleans())
@example(WITHOUT_AN_ID, True)  # noqa: FBT003  # hypothesis passes it by place
def test_the_threads_are_those_that_following_each_reply_gives(
    made: list[Post],
    keep_replies: bool,  # noqa: FBT001  # hypothesis passes it by name
) -> None:
    metadata = Metadata(keep_replies=keep_replies)
    found = reply_chains.threads_of(made, metadata, Account("a"))
    expected = by_hand(made, keep_replies=keep_replies)
    assert sorted(
        (thread.complete, [tweet.text for tweet in thread.tweets]) for thread in found
    ) == sorted(expected)


@given(many_posts)
def test_every_post_is_in_a_thread_or_counted(made: list[Post]) -> None:
    account = Account("a", detailed=True)
    threads = reply_chains.threads_of(made, Metadata(), account)
    left_out = sum(int(each.message.split()[2].replace(",", "")) for each in account.notices)
    copies = len(made) - left_out - sum(len(thread.tweets) for thread in threads)
    with_ids = [each.tweet_id for each in made if each.tweet_id]
    assert 0 <= copies <= len(with_ids) - len(set(with_ids))


def test_reposts_that_are_kept_are_threads_by_the_original_author() -> None:
    repost = Post(line=1, text="RT @ben: The tide waits.", author="anna", is_repost=True)
    metadata = Metadata(keep_reposts=True)
    (thread,) = reply_chains.threads_of([repost], metadata, Account("a"))
    assert (thread.author, thread.tweets[0].text) == ("ben", "The tide waits.")
    assert not reply_chains.threads_of([repost], Metadata(), Account("a"))


def test_a_large_dump_s_threads_are_put_together_as_they_are_asked_for() -> None:
    count = reply_chains.FEW + 1
    made = (Post(line=n, text=f"tweet {n}", tweet_id=str(n)) for n in range(1, count + 1))
    threads = reply_chains.threads_of(made, Metadata(author="anna"), Account("a"))
    assert not isinstance(threads, tuple)
    assert len(threads) == count
    assert [each.title for each in threads[-2:]] == [f"tweet {count - 1}", f"tweet {count}"]
    assert threads[0] == threads[0]
    assert sum(len(thread.tweets) for thread in threads) == count


MOMENTS = ["2024-03-01T10:00:00Z", "2024-03-01T10:00:01Z", "2024-03-02T10:00:00Z"]


def chains(
    *made: Post, metadata: Metadata | None = None
) -> tuple[list[tuple[bool, list[str]]], list[str]]:
    """Each thread: whether it is complete, and its texts; and the notices."""
    account = Account("a")
    threads = reply_chains.threads_of(made, metadata or Metadata(), account)
    found = [(each.complete, [tweet.text for tweet in each.tweets]) for each in threads]
    return found, [each.message for each in account.notices]


def post(number: int | None, text: str = "", **more: Any) -> Post:
    own = None if number is None else str(number)
    return Post(line=number or 1, text=text or f"post {number}", tweet_id=own, **more)


def test_nothing_makes_no_thread() -> None:
    assert chains() == ([], [])


def test_threads_come_in_the_order_of_their_first_posts() -> None:
    later = post(1, reply_to="3", author="anna", reply_to_author="anna")
    assert chains(post(9), later, post(2, author="anna"), post(3, author="anna")) == (
        [(True, ["post 9"]), (True, ["post 1", "post 3"]), (True, ["post 2"])],
        [],
    )


def test_posts_of_one_line_stay_in_their_order() -> None:
    made = [
        replace(
            post(None, text, author="anna", reply_to="at://a/1", reply_to_author="anna"), line=1
        )
        for text in ("one", "two", "three")
    ]
    assert chains(*made)[0] == [(False, ["one", "two", "three"])]


def test_a_thread_is_in_the_order_of_its_ids_then_of_its_moments_then_of_its_lines() -> None:
    answer: dict[str, Any] = {"author": "anna", "reply_to": "5", "reply_to_author": "anna"}
    made = [
        replace(post(30, "last", **answer), line=1),
        replace(post(7, "second", **answer), line=2),
        replace(post(5, "first", author="anna"), line=3),
    ]
    assert chains(*made) == ([(True, ["first", "second", "last"])], [])
    unnumbered: dict[str, Any] = {**answer, "reply_to": "at://a/1"}
    made = [
        Post(line=3, text="d", tweet_id="at://a/4", created_at=MOMENTS[2], **unnumbered),
        Post(line=2, text="b", tweet_id="at://a/3", created_at=MOMENTS[1], **unnumbered),
        Post(line=1, text="c", tweet_id="at://a/2", created_at=MOMENTS[2], **unnumbered),
        Post(line=9, text="a", tweet_id="at://a/1", created_at=MOMENTS[0], author="anna"),
    ]
    assert chains(*made) == ([(True, ["a", "b", "c", "d"])], [])


def test_a_post_without_a_number_goes_before_those_with_one() -> None:
    first = Post(line=2, text="first", tweet_id="at://a/1", author="anna")
    second = Post(line=1, text="second", tweet_id="1", author="anna", reply_to="at://a/1")
    assert chains(second, first)[0] == [(True, ["first", "second"])]


def test_a_post_without_a_moment_goes_before_those_with_one() -> None:
    answer: dict[str, Any] = {"author": "anna", "reply_to": "gone", "reply_to_author": "anna"}
    late = Post(line=1, text="late", created_at="1970-01-01T00:00:00Z", **answer)
    assert chains(late, Post(line=2, text="never", **answer))[0] == [(False, ["never", "late"])]


def test_of_a_post_that_comes_twice_the_fuller_one_counts_in_the_place_of_the_first() -> None:
    assert chains(post(1, "short"), post(2), post(1, "longer"), post(1, "longes")) == (
        [(True, ["longer"]), (True, ["post 2"])],
        [],
    )


def test_posts_without_ids_are_never_the_same() -> None:
    made = [Post(line=n, text="same") for n in (1, 2)]
    assert chains(*made)[0] == [(True, ["same"])] * 2


def test_what_is_left_out_is_counted_by_its_kind() -> None:
    made = [
        post(1, is_repost=True),
        post(2, is_repost=True),
        Post(line=3, text=""),
        Post(line=4, text="", links=(Link("a…"),)),
        post(5, reply_to="99", reply_to_author="bob"),
    ]
    assert chains(*made) == (
        [(True, [""])],
        [
            "left out 2 reposts",
            "left out 1 post without text or links",
            "left out 1 reply to somebody else",
        ],
    )
    many = [Post(line=n, text="") for n in range(1000)]
    answers = [post(n, reply_to="99999") for n in (5, 6)]
    assert chains(*many, *answers, post(1, is_repost=True))[1] == [
        "left out 1 repost",
        "left out 1,000 posts without text or links",
        "left out 2 replies to somebody else",
    ]


def test_what_became_of_each_post_is_in_the_account() -> None:
    account = Account("a", detailed=True)
    made = [
        post(1, "repost", is_repost=True),
        Post(line=2, text=""),
        post(3, "answer", reply_to="99"),
        post(4, "tweet"),
    ]
    threads = reply_chains.threads_of(made, Metadata(), account)
    assert [(each.line, each.kind, each.what, each.said) for each in account.entries(threads)] == [
        (1, "notice", "repost", "repost"),
        (2, "notice", "post without text or links", ""),
        (3, "notice", "reply to somebody else", "answer"),
        (4, "tweet", "1.1", "tweet"),
    ]


def test_posts_that_the_account_does_not_list_are_not_read_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(line_account, "MOST_RECORDS", 2)
    read: list[int] = []
    real = Spool.__getitem__

    def reading(self: Spool, number: int) -> Post:
        read.append(number)
        return real(self, number)

    monkeypatch.setattr(Spool, "__getitem__", reading)
    account = Account("a", detailed=True)
    made = [Post(line=1, text=""), *(post(number, "tweet") for number in range(2, 7))]
    threads = reply_chains.threads_of(made, Metadata(), account)
    assert read == [0, 1]
    assert [(each.kind, each.what) for each in account.entries(threads)] == [
        ("notice", "post without text or links"),
        ("tweet", "1.1"),
        ("notice", "4 more records are not listed here"),
    ]


def test_answers_to_other_people_are_kept_on_request() -> None:
    made = [
        post(1, author="anna"),
        post(2, author="bob", reply_to="1"),
        post(3, author="bob", reply_to="2"),
        post(4, author="anna", reply_to="99"),
    ]
    assert chains(*made) == (
        [(True, ["post 1"])],
        ["left out 3 replies to somebody else"],
    )
    assert chains(*made, metadata=Metadata(keep_replies=True)) == (
        [(True, ["post 1"]), (True, ["post 2", "post 3"]), (True, ["post 4"])],
        [],
    )


def test_reposts_with_text_are_kept_on_request() -> None:
    keep = Metadata(keep_reposts=True)
    made = [
        post(1, "RT @bob: Ebb", author="anna", is_repost=True, reply_to="5"),
        Post(line=2, text="", is_repost=True),
        post(5, "Flood", author="bob"),
    ]
    assert chains(*made, metadata=keep) == (
        [(True, ["Ebb"]), (True, ["Flood"])],
        ["left out 1 repost"],
    )


def test_words_that_look_like_a_repost_s_are_its_author_s() -> None:
    (thread,) = reply_chains.threads_of(
        [post(1, "RT @bob: Ebb", author="anna")], Metadata(keep_reposts=True), Account("a")
    )
    assert (thread.author, thread.tweets[0].text) == ("anna", "RT @bob: Ebb")


@pytest.mark.parametrize(
    ("first", "second", "is_one"),
    [
        ({"author_id": "7", "author": "anna"}, {"author_id": "7", "author": "renamed"}, True),
        ({"author_id": "7", "author": "anna"}, {"author_id": "8", "author": "anna"}, False),
        ({"author": "anna"}, {"author": "Anna"}, True),
        ({"author": "anna", "author_id": "7"}, {"author": "anna"}, True),
        ({"author": "anna"}, {"author": "anna", "author_id": "7"}, True),
        ({"author": "7"}, {"author_id": "7"}, False),
        ({}, {}, True),
    ],
)
def test_an_answer_goes_on_where_both_are_of_the_same_author(
    first: dict[str, Any], second: dict[str, Any], *, is_one: bool
) -> None:
    found, _ = chains(post(1, **first), post(2, reply_to="1", **second))
    assert found == [(True, ["post 1", "post 2"] if is_one else ["post 1"])]


@pytest.mark.parametrize(
    ("said", "is_kept"),
    [
        ({"author_id": "7", "reply_to_author_id": "7"}, True),
        ({"author_id": "7", "reply_to_author_id": "8"}, False),
        ({"author": "anna", "reply_to_author": "ANNA"}, True),
        ({"author": "anna", "reply_to_author": "bob"}, False),
        ({"author": "anna", "author_id": "7", "reply_to_author": "anna"}, True),
        ({"author": "anna", "reply_to_author": "anna", "reply_to_author_id": "7"}, True),
        ({"author": "a", "author_id": "7", "reply_to_author": "a", "reply_to_author_id": "8"},
         False),
        ({"author": "a", "author_id": "7", "reply_to_author": "b", "reply_to_author_id": "7"},
         True),
        ({}, False),
    ],
)  # fmt: skip
def test_an_answer_to_oneself_is_kept_though_what_it_answers_is_not_there(
    said: dict[str, Any], *, is_kept: bool
) -> None:
    found, _ = chains(post(3, reply_to="2", **said))
    assert found == ([(False, ["post 3"])] if is_kept else [])


def test_chains_that_begin_elsewhere_are_one_by_conversation_and_author() -> None:
    answer: dict[str, Any] = {"author": "anna", "reply_to_author": "anna"}
    made = [
        post(11, conversation="1", reply_to="2", **answer),
        post(12, conversation="1", reply_to="3", **answer),
        post(13, reply_to="12", **answer),
        post(14, conversation="5", reply_to="4", **answer),
        post(15, reply_to="6", **answer),
        post(16, reply_to="6", **answer),
        post(17, conversation="1", reply_to="2", author="bob", reply_to_author="bob"),
        post(18, conversation="1", reply_to="2", author_id="7", reply_to_author_id="7"),
        post(98),
        post(99),
    ]
    assert chains(*made)[0] == [
        (False, ["post 11", "post 12", "post 13"]),
        (False, ["post 14"]),
        (False, ["post 15", "post 16"]),
        (False, ["post 17"]),
        (False, ["post 18"]),
        (True, ["post 98"]),
        (True, ["post 99"]),
    ]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"conversation": "1"}, [(False, ["post 5"])]),
        ({"conversation": "5"}, [(True, ["post 5"])]),
        ({"conversation": "tag:1"}, [(True, ["post 5"])]),
        ({"conversation": "1", "reply_to_author": "anna"}, [(True, ["post 5"])]),
        ({"conversation": "1", "reply_to_author_id": "7"}, [(True, ["post 5"])]),
        ({"conversation": "1", "reply_to": "2", "reply_to_author": "bob"}, []),
    ],
)
def test_a_post_with_only_a_conversation_id_continues_it(
    said: dict[str, Any], expected: object
) -> None:
    assert chains(post(5, author="anna", **said))[0] == expected


def test_a_post_of_another_platform_begins_its_conversation() -> None:
    made = Post(line=1, text="Ebb", author="anna", tweet_id="at://a/1", conversation="1")
    assert chains(made)[0] == [(True, ["Ebb"])]


def test_posts_that_reply_to_each_other_in_a_circle_are_not_a_thread() -> None:
    ring = [post(1, author="a", reply_to="2"), post(2, author="a", reply_to="1")]
    tail = post(3, author="a", reply_to="1")
    assert chains(*ring, tail) == ([], ["left out 3 replies to somebody else"])
    assert chains(*ring, tail, metadata=Metadata(keep_replies=True))[0] == [
        (True, ["post 1"]), (True, ["post 2"]), (True, ["post 3"]),
    ]  # fmt: skip


def test_a_long_chain_is_one_thread_whatever_its_order() -> None:
    made = [post(n, author="a", reply_to=str(n - 1) if n > 1 else None) for n in range(1, 200)]
    found, _ = chains(*reversed(made))
    assert found == [(True, [each.text for each in made])]


@pytest.mark.parametrize(
    "numbers", [(2**62 - 1, 2**62), (2**62, 2**63), (10**18, 10**19), (1, "1" * 5000)]
)
def test_ids_of_any_size_are_ids(numbers: tuple[object, object]) -> None:
    one, two = (str(number) for number in numbers)
    made = [
        Post(line=1, text="one", tweet_id=one, author="a"),
        Post(line=2, text="two", tweet_id=two, author="a", reply_to=one),
        Post(line=3, text="two again", tweet_id=two, author="a", reply_to=one),
    ]
    assert sorted(chains(*made)[0][0][1]) == ["one", "two again"]
    assert len(chains(*made)[0]) == 1


def test_zero_is_an_ordinary_id() -> None:
    assert chains(post(2, reply_to="0")) == ([], ["left out 1 reply to somebody else"])


def test_names_of_one_kind_are_not_those_of_another() -> None:
    made = [
        Post(line=1, text="one", tweet_id="x", author="a"),
        Post(line=2, text="two", reply_to="gone", author="x", reply_to_author_id="x"),
        Post(line=3, text="three", reply_to="gone", author_id="x", reply_to_author="x"),
    ]
    assert chains(*made) == ([(True, ["one"])], ["left out 2 replies to somebody else"])


def test_few_threads_are_at_hand_and_many_are_put_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reply_chains, "FEW", 3)
    made = [post(n, author="a") for n in (1, 2, 3, 4)]
    made[1] = post(2, author="a", reply_to="1")
    assert isinstance(reply_chains.threads_of(made[:3], Metadata(), Account("a")), tuple)
    threads = reply_chains.threads_of(made, Metadata(title="x"), Account("a.json"))
    assert not isinstance(threads, tuple)
    assert len(threads) == 3
    assert [each.title for each in threads] == ["post 1", "post 3", "post 4"]
    assert [each.title for each in threads[1:]] == ["post 3", "post 4"]
    assert [each.title for each in threads[::-2]] == ["post 4", "post 1"]
    assert threads[-1].title == "post 4"
    assert threads[0].dumps == ("a.json",)
    with pytest.raises(IndexError):
        threads[3]


def said(number: int, text: str, above: int | None = None, **more: Any) -> Post:
    """A post of Anna's, in a chain of her replies."""
    reply = {"reply_to": str(above), "reply_to_author": "anna"} if above else {}
    return Post(line=number, text=text, tweet_id=str(number), author="anna", **{**reply, **more})


PICTURE = Media("photo", "https://pbs.twimg.com/media/G.jpg", "A quay")


def test_a_post_without_words_keeps_its_place_if_it_shows_something() -> None:
    account = Account("a")
    made = [said(1, "one"), said(2, "", 1, media=(PICTURE,)), said(3, "three", 2)]
    (thread,) = reply_chains.threads_of(made, Metadata(), account)
    assert [(each.text, each.media) for each in thread.tweets] == [
        ("one", ()),
        ("", (PICTURE,)),
        ("three", ()),
    ]
    assert account.notices == []


def test_a_post_that_says_nothing_keeps_the_posts_around_it_together() -> None:
    one = "left out 1 post without text, links or media; the posts around it stay one thread"
    assert chains(said(1, "one"), said(2, "", 1), said(3, "three", 2)) == (
        [(True, ["one", "three"])],
        [one],
    )
    assert chains(said(1, "one"), said(2, "", 1), said(3, "", 2), said(4, "four", 3)) == (
        [(True, ["one", "four"])],
        ["left out 2 posts without text, links or media; the posts around them stay one thread"],
    )
    assert chains(said(1, ""), said(2, "two", 1), said(5, "")) == (
        [(False, ["two"])],
        ["left out 1 post without text or links", one],
    )
    assert chains(said(1, ""), said(2, "", 1)) == ([], ["left out 2 posts without text or links"])


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 1, 0], [1, 2, 0]])
def test_of_the_versions_of_a_post_the_last_is_shown(order: list[int]) -> None:
    versions: dict[str, Any] = {"versions": ("1", "2", "3")}
    made = [
        said(1, "the first version, longest", **versions),
        said(3, "last", **versions),
        said(9, "next", 1),
    ]
    (thread,) = reply_chains.threads_of([made[at] for at in order], Metadata(), Account("a"))
    assert [(each.text, each.tweet_id) for each in thread.tweets] == [("last", "3"), ("next", "9")]
    middle = said(2, "second", **versions)
    (thread,) = reply_chains.threads_of([made[0], middle, made[2]], Metadata(), Account("a"))
    assert [each.text for each in thread.tweets] == ["second", "next"]


def test_a_version_continues_what_the_first_one_answers() -> None:
    made = [
        said(1, "one"),
        said(3, "edited", 1, versions=("2", "3")),
        said(4, "four", 2),
        said(5, "five", 3),
    ]
    assert chains(*made) == ([(True, ["one", "edited", "four", "five"])], [])


def test_posts_without_ids_follow_the_one_that_has_one() -> None:
    for first in ("2035657989288886273", None):
        key = first or "\0a"
        made = [
            Post(line=5, text="one", author="anna", tweet_id=first, key=key),
            Post(line=5, text="two", author="anna", key="\0b", reply_to=key,
                 reply_to_author="anna"),
            Post(line=5, text="three", author="anna", key="\0c", reply_to="\0b",
                 reply_to_author="anna"),
            said(7, "other"),
        ]  # fmt: skip
        assert chains(*made) == ([(True, ["one", "two", "three"]), (True, ["other"])], [])


def test_a_date_that_contradicts_the_id_is_replaced_with_a_notice() -> None:
    account = Account("a")
    own = replace(
        said(1, "one"), tweet_id="2035657989288886273", created_at="2026-04-22T10:01:00Z", part="b"
    )
    (thread,) = reply_chains.threads_of([own], Metadata(), account)
    assert thread.tweets[0].created_at == "2026-03-22T10:01:00Z"
    assert [(each.file, each.line, each.message) for each in account.notices] == [
        ("a/b", 1, CONTRADICTION)
    ]
    elsewhere = replace(own, permalink="https://m.example/@anna/2035657989288886273")
    (thread,) = reply_chains.threads_of([elsewhere], Metadata(), account)
    assert thread.tweets[0].created_at == "2026-04-22T10:01:00Z"


def test_a_text_that_is_cut_gets_a_notice() -> None:
    assert chains(said(1, "one", is_cut=True))[1] == [reply_chains.CUT]
