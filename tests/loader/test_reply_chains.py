"""Threads rebuilt from replies: by arrays, and by following each reply by hand."""

from __future__ import annotations

from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from bot.loader import reply_chains
from bot.loader.account import Account
from bot.loader.posts import Post
from bot.loader.spool import IN_MEMORY, Spool
from bot.models import Link, Metadata

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


def by_hand(made: list[Post], *, keep_replies: bool) -> list[tuple[bool, list[Post]]]:
    """Each thread: whether it is complete, and its posts."""
    worded = [each for each in made if not each.is_repost and each.text]
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
    threads: dict[tuple[str | None, str], list[Post]] = defaultdict(list)
    for key, post in fullest.items():
        if ends[key][0] is not None:
            threads[ends[key]].append(post)
    return [(kind == "begins", found) for (_, kind), found in threads.items()]


def key_of(post: Post) -> tuple[int, str, int]:
    is_number = (post.tweet_id or "").isdecimal()
    return (int(post.tweet_id or 0) if is_number else 0, post.created_at or "", post.line)


@given(many_posts, st.booleans())
def test_the_threads_are_those_that_following_each_reply_gives(
    made: list[Post],
    keep_replies: bool,  # noqa: FBT001  # hypothesis passes it by name
) -> None:
    metadata = Metadata(keep_replies=keep_replies)
    found = reply_chains.threads_of(made, metadata, Account("a"))
    expected = by_hand(made, keep_replies=keep_replies)
    assert sorted(
        (thread.complete, [tweet.text for tweet in thread.tweets]) for thread in found
    ) == sorted(
        (complete, [post.text for post in sorted(kept, key=key_of)]) for complete, kept in expected
    )


@given(many_posts)
def test_every_post_is_in_a_thread_or_counted(made: list[Post]) -> None:
    account = Account("a", detailed=True)
    threads = reply_chains.threads_of(made, Metadata(), account)
    left_out = sum(int(each.message.split()[2].replace(",", "")) for each in account.notices)
    copies = len(made) - left_out - sum(len(thread.tweets) for thread in threads)
    with_ids = [each.tweet_id for each in made if each.tweet_id]
    assert 0 <= copies <= len(with_ids) - len(set(with_ids))


def test_reposts_that_are_kept_are_threads_of_whom_they_repeat() -> None:
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


def test_what_is_spooled_comes_back_from_memory_and_from_disk() -> None:
    spool = Spool()
    one = Post(line=1, text="x" * 100, links=(Link("a…", None), Link("b", "https://b")))
    two = Post(line=2, text="y" * IN_MEMORY, mentions=("anna", "ben"), is_repost=True)
    for post in (one, two, one):
        spool.add(post)
    assert [spool[2], spool[1], spool[0]] == [one, two, one]
