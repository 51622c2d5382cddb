"""Posts that a format gives one by one, and the threads that their authors made of them."""

from __future__ import annotations

import html
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from bot.identity import ids, own_title
from bot.loader.account import Account
from bot.loader.decode import clean
from bot.loader.entities import LEADING_MENTIONS, unique_handles, unique_links, without_endings
from bot.models import Link, Metadata, Thread, Tweet


@dataclass(frozen=True, slots=True)
class Post:
    """A tweet as a format has it, before it is known which thread it belongs to."""

    line: int
    """Where its record starts in the file, from 1."""
    text: str
    """What its author wrote, entities unescaped, without leading reply mentions."""
    mentions: tuple[str, ...] = ()
    """Handles it mentions."""
    links: tuple[Link, ...] = ()
    """Links in it, whole."""
    author: str | None = None
    """Its author's handle, where known."""
    author_id: str | None = None
    """Its author's id, where known."""
    created_at: str | None = None
    """When it was posted, ISO 8601 in UTC."""
    tweet_id: str | None = None
    """X's id of it."""
    conversation: str | None = None
    """X's id of the conversation's first tweet."""
    reply_to: str | None = None
    """X's id of the tweet that it answers."""
    reply_to_author: str | None = None
    """The handle of whom it answers."""
    reply_to_author_id: str | None = None
    """The id of whom it answers."""
    is_repost: bool = False
    """Whether it repeats another's tweet."""


@dataclass(frozen=True, slots=True)
class ShortLink:
    """A link that X shortened."""

    short: str
    """As it stands in the text: `https://t.co/…`."""
    shown: str | None
    """As X shows it: `wsj.com/tech/china-ai-…`; none for a picture."""
    url: str | None
    """Where it leads."""


def readable(
    raw: str, shorts: Sequence[ShortLink], *, is_reply: bool
) -> tuple[str, tuple[Link, ...]]:
    """A raw text as its author wrote it, and its links.

    Short links at its end are taken off, others are put out in full; a picture's is no link.
    """
    by_short = {each.short: each for each in shorts}
    text = without_endings(raw.strip(), by_short)
    for short, each in by_short.items():
        text = text.replace(short, each.url or each.shown or "")
    text = html.unescape(text)
    leading = LEADING_MENTIONS.match(text) if is_reply else None
    if leading:
        text = text[leading.end() :]
    links = [Link(each.shown or each.url, each.url) for each in shorts if each.url and each.shown]
    return text.strip(), unique_links(links)


class _LeftOut(NamedTuple):
    one: str
    many: str


REPOST = _LeftOut("repost", "reposts")
WORDLESS = _LeftOut("post without words", "posts without words")
ANSWER = _LeftOut("answer to somebody else", "answers to somebody else")


def threads_of(posts: Iterable[Post], metadata: Metadata, account: Account) -> tuple[Thread, ...]:
    """The threads that `posts` make, in the order of their first posts in the file.

    A thread is what its author answered to themselves. Reposts, and answers to others, are counted
    in a notice. A thread whose beginning is not in the file is no complete one.
    """
    left_out: Counter[_LeftOut] = Counter()
    own: dict[str, Post] = {}
    for place, post in enumerate(posts):
        if post.is_repost:
            left_out[REPOST] += 1
            account.record(post.line, "notice", REPOST.one, post.text)
        elif not post.text and not post.links:
            left_out[WORDLESS] += 1
            account.record(post.line, "notice", WORDLESS.one, "")
        else:
            key = post.tweet_id or f"#{place}"
            own[key] = _fuller(own.get(key), post)
    chains: dict[str, list[tuple[str, Post]]] = defaultdict(list)
    roots = _roots(own)
    for key, post in own.items():
        root = roots[key]
        if root is None:
            left_out[ANSWER] += 1
            account.record(post.line, "notice", ANSWER.one, post.text)
        else:
            account.record(post.line, "tweet", str(post.line), post.text)
            chains[root].append((key, post))
    threads = [
        thread_of(
            [post for _, post in sorted(chain, key=_in_time)],
            account.file,
            metadata,
            complete=root.startswith("begins "),
        )
        for root, chain in chains.items()
    ]
    for kind, number in left_out.items():
        account.notice(None, f"left out {number:,} {kind.one if number == 1 else kind.many}")
    return tuple(threads)


def _roots(own: Mapping[str, Post]) -> dict[str, str | None]:
    """For each post, the key of the one that begins its thread; none for an answer to others."""
    roots: dict[str, str | None] = {}
    for start in own:
        path: list[str] = []
        walked: set[str] = set()
        key: str | None = start
        while key is not None and key not in roots:
            if key in walked:  # they answer each other in a ring, as no real ones do
                roots[key] = None
                break
            path.append(key)
            walked.add(key)
            above = _above(key, own)
            if above not in own:
                roots[key] = above
                break
            key = above
        found = roots[key] if key is not None else None
        roots.update(dict.fromkeys(path, found))
    return roots


def _above(key: str, own: Mapping[str, Post]) -> str | None:
    """The key of the post that this one answers; its own where it begins a thread.

    Where the author answers a post that is not in the file, the conversation's id names the thread.
    """
    post = own[key]
    if post.reply_to is None:
        return f"begins {key}"
    parent = own.get(post.reply_to)
    if parent is not None:
        return post.reply_to if _same_author(post, parent) else None
    return f"elsewhere {post.conversation or post.reply_to}" if _answers_self(post) else None


def _same_author(post: Post, parent: Post) -> bool:
    if post.author_id and parent.author_id:
        return post.author_id == parent.author_id
    return (post.author or "").lower() == (parent.author or "").lower()


def _answers_self(post: Post) -> bool:
    if post.author_id and post.reply_to_author_id:
        return post.author_id == post.reply_to_author_id
    named = post.author and post.reply_to_author
    return bool(named) and (post.author or "").lower() == (post.reply_to_author or "").lower()


def _in_time(pair: tuple[str, Post]) -> tuple[int, str, int]:
    """X's ids grow with time (https://docs.x.com/fundamentals/x-ids)."""
    _, post = pair
    number = int(post.tweet_id) if post.tweet_id and re.fullmatch(r"[0-9]+", post.tweet_id) else 0
    return number, post.created_at or "", post.line


def _fuller(known: Post | None, post: Post) -> Post:
    return known if known and len(known.text) >= len(post.text) else post


def thread_of(posts: Sequence[Post], file: str, metadata: Metadata, *, complete: bool) -> Thread:
    """The thread that `posts` are, in their order."""
    author = next((post.author for post in posts if post.author), metadata.author)
    tweets = tuple(_tweet(replace(post, author=post.author or author), file) for post in posts)
    own_id, aliases = ids(tweets, author)
    return Thread(
        id=own_id,
        aliases=aliases,
        title=own_title(tweets) or "(no words)",
        author=author,
        complete=complete,
        source_url=None,
        dumps=(file,),
        tweets=tweets,
    )


def as_main(thread: Thread, metadata: Metadata) -> Thread:
    """`thread` with what is said of a dump's main thread: its title, and the page it is from."""
    return replace(thread, title=metadata.title or thread.title, source_url=metadata.source)


def _tweet(post: Post, file: str) -> Tweet:
    permalink = None
    if post.tweet_id:
        permalink = f"https://x.com/{post.author or 'i'}/status/{post.tweet_id}"
    return Tweet(
        text=clean(post.text),
        mentions=unique_handles(list(post.mentions)),
        links=tuple(
            Link(clean(link.printed), clean(link.url) if link.url else None) for link in post.links
        ),
        author=post.author,
        created_at=post.created_at,
        permalink=permalink,
        tweet_id=post.tweet_id,
        file=file,
        line=post.line,
    )
