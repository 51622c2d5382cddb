"""Threads of saved pages. `tests/dumps/html_*` has whole pages."""

from __future__ import annotations

from bot.loader.line_account import Account
from bot.loader.pages.html_shapes import EMBED, NITTER, SAVED, Shape, X
from bot.loader.pages.html_threads import CUT, EMBEDDED, EMPTY, GONE, REPOST, TIMELINE, parse
from bot.loader.plausibility import SEVERAL
from bot.models import Metadata, Thread

FIRST = 1_700_000_000_000_000_000


def post(handle: str, number: int, text: str = "", inside: str = "", day: str = "Sep 8") -> str:
    """A post as nitter writes it, on a line."""
    return (
        f'<div class="timeline-item" data-username="{handle}"><a class="tweet-link"'
        f' href="/{handle}/status/{FIRST + number}"></a><i class="tweet-date"><a title="{day}, 2023'
        f' · 4:20 AM UTC">a</a></i>{inside}<p class="tweet-content">{text}</p></div>'
    )


def read(
    *posts: str,
    metadata: Metadata | None = None,
    head: str = "",
    shape: Shape = NITTER,
) -> tuple[list[list[str]], list[tuple[int | None, str]], Account, tuple[Thread, ...]]:
    """The texts of a page's threads, its notices, its account and its threads."""
    account = Account("a.html", detailed=True)
    markup = "\n".join([f"<html>{head}", *posts])
    threads = parse(markup, shape, metadata or Metadata(), account, 1)
    assert threads is not None
    texts = [[tweet.text for tweet in thread.tweets] for thread in threads]
    return texts, [(each.line, each.message) for each in account.notices], account, threads


def test_other_people_s_posts_and_answers_to_them_are_left_out() -> None:
    posts = (post("ben", 1, "a"), post("Anna", 2, "b"), post("anna", 3, "c"), post("ben", 4, "d"))
    texts, notices, account, (thread,) = read(
        *posts,
        post("anna", 5, "e"),
        metadata=Metadata(author="anna", title="T", source="https://a.bc"),
    )
    assert texts == [["b", "c"]]
    by_ben = "a post by @ben, not the thread's author; left out"
    answer = "the author's answer to @ben, not part of the thread; left out"
    assert notices == [(2, by_ben), (5, by_ben), (6, answer)]
    assert (thread.author, thread.title, thread.source_url) == ("Anna", "T", "https://a.bc")
    assert thread.complete
    kinds = [(entry.line, entry.kind, entry.what) for entry in account.entries((thread,))]
    assert kinds == [
        (1, "boilerplate", "markup outside the tweets"),
        (2, "notice", by_ben),
        (3, "tweet", "1.1"),
        (4, "tweet", "1.2"),
        (5, "notice", by_ben),
        (6, "notice", answer),
    ]


def test_answers_are_threads_of_their_own_if_replies_are_kept() -> None:
    posts = (post("anna", 1, "a"), post("ben", 2, "b"), post("anna", 3, "c"), post("anna", 4, "d"))
    texts, _, _, threads = read(*posts, metadata=Metadata(keep_replies=True, title="T"))
    assert texts == [["a"], ["c"], ["d"]]
    assert [thread.title for thread in threads] == ["T", "c", "d"]
    assert all(thread.complete for thread in threads)


def test_the_author_is_given_or_is_the_page_s_or_the_first() -> None:
    both = (post("anna", 1, "a"), post("ben", 2, "b"))
    link = '<link rel="canonical" href="https://x.com/ben/status/2">'
    assert read(*both)[0] == [["a"]]
    texts, _, _, (thread,) = read(*both, head=link)
    assert (texts, thread.source_url) == ([["b"]], "https://x.com/ben/status/2")
    assert read(*both, head=link, metadata=Metadata(author="anna"))[0] == [["a"]]
    assert read(*both, metadata=Metadata(author="eva"))[0] == []
    unsigned = '<div class="timeline-item"><p class="tweet-content">c</p></div>'
    texts, _, _, (thread,) = read(unsigned, *both)
    assert (texts, thread.author) == ([["c", "a"]], "anna")


def test_reposts_and_empty_posts_are_reported() -> None:
    _, notices, account, _ = read(
        post("anna", 1, "a"),
        post("ben", 2, "b", '<i class="retweet-header"></i>'),
        post("anna", 4, "c", '<i class="retweet-header"></i>'),
        post("anna", 3),
        '<div class="timeline-item"><i class="unavailable-box">x</i></div>',
        post("anna", 1, "a"),
    )
    assert sorted(notices) == [(3, REPOST), (5, EMPTY), (6, GONE)]
    assert [entry.line for entry in account.entries(())] == [1, 5, 6, 2, 3, 4]


def test_a_date_that_contradicts_the_id_is_set_right() -> None:
    texts, notices, _, (thread,) = read(
        post("anna", 1, "a", day="Sep 7"), post("anna", 2, "b", day="Sep 1")
    )
    message = (
        "the date 2023-09-01 contradicts the tweet's id, which says 2023-09-08; used 2023-09-08"
    )
    assert notices == [(3, message)]
    assert [tweet.created_at for tweet in thread.tweets] == [
        "2023-09-07T04:20:00Z",
        "2023-09-08T04:15:59Z",
    ]
    assert texts == [["a", "b"]]


def test_a_given_date_is_the_first_tweet_s_if_the_page_has_none() -> None:
    bare = '<div class="timeline-item" data-username="anna"><p class="tweet-content">a</p></div>'
    _, _, _, (thread,) = read(bare, bare, metadata=Metadata(date="2020-01-01"))
    assert [tweet.created_at for tweet in thread.tweets] == ["2020-01-01", None]
    _, _, _, (thread,) = read(post("anna", 1, "a"), metadata=Metadata(date="2020-01-01"))
    assert thread.tweets[0].created_at == "2023-09-08T04:20:00Z"


PROFILE = "<title>Anna (@anna) | nitter</title>"


def test_each_post_of_a_profile_is_a_thread() -> None:
    posts = (post("anna", 2, "a"), post("ben", 3, "b"), post("anna", 1, "c"))
    given = Metadata(title="T", source="https://a.bc", date="2020-01-01")
    texts, notices, account, threads = read(*posts, head=PROFILE, metadata=given)
    assert texts == [["a"], ["c"]]
    assert notices == [(None, TIMELINE), (3, "a post by @ben, not the thread's author; left out")]
    assert [thread.title for thread in threads] == ["a", "c"]
    assert account.doubt is None


def test_reposts_on_a_profile_are_kept_if_asked() -> None:
    posts = (post("anna", 2, "a"), post("ben", 3, "b", '<i class="retweet-header"></i>'))
    assert read(*posts, head=PROFILE)[0] == [["a"]]
    assert (3, REPOST) in read(*posts, head=PROFILE)[1]
    pinned = post("anna", 4, "c", '<i class="retweet-header"></i>')
    assert read(pinned, head=PROFILE)[0] == [["c"]]
    texts, _, account, threads = read(*posts, head=PROFILE, metadata=Metadata(keep_reposts=True))
    assert (texts, threads[1].author) == ([["a"], ["b"]], "ben")
    assert account.doubt == SEVERAL


def test_a_timeline_of_many_is_doubted() -> None:
    home = "<title>Home / X</title>"
    texts, _, account, _ = read(post("anna", 1, "a"), post("ben", 2, "b"), head=home)
    assert (texts, account.doubt) == ([["a"], ["b"]], SEVERAL)


def embedded(handle: str, number: int, text: str) -> str:
    """A tweet that a page embeds, on a line."""
    url = f"https://x.com/{handle}/status/{FIRST + number}"
    signed = f'&mdash; {handle} (@{handle}) <a href="{url}">September 8, 2023</a>'
    return f'<blockquote class="twitter-tweet"><p>{text}</p>{signed}</blockquote>'


def test_embedded_posts_are_a_thread_for_each_author() -> None:
    given = Metadata(title="T", source="https://a.bc", author="eva")
    posts = (embedded("anna", 1, "a"), embedded("ben", 2, "b"), embedded("Anna", 3, "c"))
    texts, notices, account, threads = read(*posts, metadata=given, shape=EMBED)
    assert texts == [["a", "c"], ["b"]]
    assert notices == [(None, EMBEDDED)]
    assert account.doubt == SEVERAL
    assert [(thread.title, thread.source_url) for thread in threads] == [("a", None), ("b", None)]
    _, _, account, (thread,) = read(posts[0], metadata=given, shape=EMBED)
    assert (thread.title, thread.source_url, thread.author) == ("T", "https://a.bc", "anna")
    assert (account.doubt, thread.complete) == (None, True)


def test_a_cut_post_gets_a_notice() -> None:
    more = '<b data-testid="tweet-text-show-more-link"></b>'
    said = f'<p data-testid="tweet"><i data-testid="tweetText">a</i>{more}</p>'
    assert read(said, shape=X)[1] == [(2, CUT)]


def test_a_page_without_such_posts_is_left_to_others() -> None:
    account = Account("a.html", detailed=True)
    markup = '<html><p class="tweet-text">a</p>'
    assert parse(markup, SAVED, Metadata(), account, 1) is None
    assert (account.notices, account.entries(())) == ([], ())
