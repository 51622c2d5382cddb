"""Makes threads of the posts of a saved page: the author's own, without other people's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from msgspec.structs import replace as with_changes

from bot.i18n.messages import Sentence
from bot.loader.line_account import Account
from bot.loader.pages.html_posts import Page, read_page
from bot.loader.pages.html_shapes import EMBED, Shape
from bot.loader.plausibility import SEVERAL
from bot.loader.records.posts import Post, as_main, thread_of, tidied
from bot.loader.tweet_ids import contradicted, dated_by_id, day_of_id
from bot.models import Metadata, Thread

EMPTY = "a post without text or links; left out"
CUT = "the page shows only the beginning of this post"
REPOST = "a repost, not part of the thread; left out"
TIMELINE = "this page is no thread; read each post as a thread of its own"
EMBEDDED = "read only the posts that this page embeds; nothing says that they are one thread"
GONE = "a post that the page does not show; left out"


def parse(
    markup: str, shape: Shape, metadata: Metadata, account: Account, first_line: int
) -> tuple[Thread, ...] | None:
    """Return the threads on a page whose posts have `shape`; None if it has no such posts.

    Args:
        markup: the page.
        shape: how its site writes a post.
        metadata: metadata given for the dump.
        account: records what becomes of each post.
        first_line: the line of the file where the page begins.
    """
    page = read_page(markup, shape, first_line)
    if not page.posts:
        return None
    account.record(first_line, "boilerplate", "markup outside the tweets", "")
    posts = [tidied(post, account.pictures) for post in page.posts]
    for post in posts:
        if post.is_empty:
            left_out(post, GONE if post.line in page.gone else EMPTY, account)
    known = _each_once([post for post in posts if not post.is_empty])
    if shape is EMBED:
        return _embedded(known, metadata, account)
    if page.is_timeline:
        return _timeline(page, known, metadata, account)
    return _conversation(page, known, metadata, account)


def _conversation(
    page: Page, posts: Sequence[Post], metadata: Metadata, account: Account
) -> tuple[Thread, ...]:
    """Return the thread of a page; below another person's post the author answers it."""
    author = metadata.author or page.author or next((p.author for p in posts if p.author), None)
    own: list[Post] = []
    answered: list[Post] = []
    other: str | None = None
    for post in posts:
        is_own = not post.author or same(post.author, author)
        if not is_own and post.is_repost:
            left_out(post, REPOST, account)
        elif not is_own:
            left_out(post, f"a post by @{post.author}, not the thread's author; left out", account)
            other = post.author if own else None
        elif other and not metadata.keep_replies:
            message = f"the author's answer to @{other}, not part of the thread; left out"
            left_out(post, message, account)
        else:
            (answered if other else own).append(_kept(post, account))
    threads = [thread_of([each], account.file, metadata, complete=True) for each in answered]
    if not own:
        return tuple(threads)
    own[0] = _dated(own[0], metadata)
    source = metadata.source or page.url
    main = thread_of(own, account.file, replace(metadata, author=author), complete=True)
    return (as_main(main, replace(metadata, source=source)), *threads)


def _timeline(
    page: Page, posts: Sequence[Post], metadata: Metadata, account: Account
) -> tuple[Thread, ...]:
    """Return each post of a person's page, or of a timeline, as a thread of its own."""
    account.notice(None, TIMELINE)
    author = metadata.author or page.author
    kept: list[Post] = []
    for post in posts:
        is_own = not author or not post.author or same(post.author, author)
        if not is_own and post.is_repost and not metadata.keep_reposts:
            left_out(post, REPOST, account)
        elif not is_own and not post.is_repost:
            left_out(post, f"a post by @{post.author}, not the thread's author; left out", account)
        else:
            kept.append(_kept(post, account))
    account.doubt = account.doubt or _several(kept)
    threads = [thread_of([each], account.file, Metadata(), complete=True) for each in kept]
    return tuple(threads)


def _embedded(posts: Sequence[Post], metadata: Metadata, account: Account) -> tuple[Thread, ...]:
    """Return the embedded posts of each author as a thread."""
    by_author: dict[str, list[Post]] = {}
    for post in posts:
        by_author.setdefault((post.author or "").lower(), []).append(_kept(post, account))
    account.notice(None, EMBEDDED)
    account.doubt = account.doubt or _several(posts)
    groups = list(by_author.values())
    own = metadata if len(groups) == 1 else Metadata()
    threads = (thread_of(each, account.file, own, complete=True) for each in groups)
    return tuple(as_main(each, own) for each in threads)


def _several(posts: Sequence[Post]) -> Sentence | None:
    """Return the doubt about a page with posts of several people."""
    return SEVERAL if len(Counter((post.author or "").lower() for post in posts)) > 1 else None


def _each_once(posts: Sequence[Post]) -> Sequence[Post]:
    """Return `posts` in order, each tweet once."""
    found: dict[object, Post] = {}
    for number, post in enumerate(posts):
        found.setdefault(post.tweet_id or number, post)
    return list(found.values())


def _kept(post: Post, account: Account) -> Post:
    """Record that a post is in a thread; return it with the right date."""
    account.record(post.line, "tweet", str(post.line), post.text)
    if post.is_cut:
        account.notice(post.line, CUT)
    return post if post.permalink else with_right_date(post, account)


def with_right_date(post: Post, account: Account) -> Post:
    """Return `post` with the day or moment of its id, and a notice, if its own contradicts it."""
    written = post.created_at or ""
    right = day_of_id(post.tweet_id, post.created_at) or dated_by_id(post.tweet_id, post.created_at)
    if right is None:
        return post
    account.notice(post.line, contradicted(written[:10], right[:10]))
    return with_changes(post, created_at=right)


def _dated(post: Post, metadata: Metadata) -> Post:
    return post if post.created_at else with_changes(post, created_at=metadata.date)


def same(handle: str, author: str | None) -> bool:
    """Whether two handles are the same."""
    return handle.lower() == (author or "").lower()


def left_out(post: Post, message: str, account: Account) -> None:
    """Report that a post is in no thread."""
    account.notice(post.line, message)
    account.record(post.line, "notice", message, post.text)
