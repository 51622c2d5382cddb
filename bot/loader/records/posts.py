"""Defines a post, as record formats have it, and turns posts into threads."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec
from msgspec.structs import replace as with_changes

from bot.loader.attached import (
    cleaned_card,
    cleaned_media,
    cleaned_poll,
    cleaned_quote,
    one_line,
)
from bot.loader.entities import LEADING_MENTIONS, unique_handles, unique_links, without_endings
from bot.loader.raw.decode import clean
from bot.loader.raw.pictures import Pictures
from bot.models import Card, Link, Media, Metadata, PollOption, Quote, Thread, Tweet
from bot.thread_ids import ids, ids_of, own_title, root_of

REPEATED = re.compile(r"RT @(\w{1,15}):?\s+(.*)", re.ASCII | re.DOTALL)


class Post(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A tweet that is not yet assigned to a thread.

    A struct is made eight times as fast as a frozen dataclass, and there may be millions of posts.
    """

    line: int
    """The line in the file where its record starts, from 1."""
    text: str
    """The text, with entities unescaped, without leading reply mentions."""
    mentions: tuple[str, ...] = ()
    """Handles it mentions."""
    links: tuple[Link, ...] = ()
    """Its links, with their URLs."""
    author: str | None = None
    """Its author's handle, if known."""
    author_id: str | None = None
    """Its author's id, if known."""
    created_at: str | None = None
    """When it was posted, ISO 8601 in UTC."""
    tweet_id: str | None = None
    """The id that its platform gives it."""
    part: str = ""
    """The file that it was read from, if the dump has several."""
    conversation: str | None = None
    """The id of the conversation."""
    reply_to: str | None = None
    """The id of the post that it replies to."""
    reply_to_author: str | None = None
    """The handle of the author that it replies to."""
    reply_to_author_id: str | None = None
    """The id of the author that it replies to."""
    is_repost: bool = False
    """Whether it reposts another tweet."""
    permalink: str | None = None
    """Its URL, if it is not on X."""
    author_name: str | None = None
    """Its author's display name, if known."""
    media: tuple[Media, ...] = ()
    """Its pictures and videos."""
    quote: Quote | None = None
    """The post that it quotes, if known."""
    poll: tuple[PollOption, ...] = ()
    """The options of its poll."""
    card: Card | None = None
    """The preview of the page that it links to."""
    key: str | None = None
    """Stands for its id in `reply_to`, if its id is unknown. Not kept in a thread."""
    versions: tuple[str, ...] = ()
    """The ids of all versions of an edited post, oldest first. Not kept in a thread."""
    quoted_by: str | None = None
    """The id of the post that quotes it, if that is why the dump has it. Not kept in a thread."""
    is_cut: bool = False
    """Whether the record has only the beginning of its text. Not kept in a thread."""

    @property
    def is_empty(self) -> bool:
        """Whether it says and shows nothing."""
        if self.links or self.has_extras:
            return False
        return not self.text[:1].isalnum() and not clean(self.text).strip()

    @property
    def has_extras(self) -> bool:
        """Whether it has media, a quoted post, a poll or a card."""
        return bool(self.media or self.quote or self.poll or self.card)


@dataclass(frozen=True, slots=True)
class ShortLink:
    """A link that X shortened."""

    short: str
    """The short URL in the text: `https://t.co/…`."""
    shown: str | None
    """The text that X displays, such as `wsj.com/tech/china-ai-…`; None for a picture."""
    url: str | None
    """The target URL."""


def readable(
    raw: str, shorts: Sequence[ShortLink], *, is_reply: bool
) -> tuple[str, tuple[Link, ...]]:
    """Return a raw text as its author wrote it, and its links.

    Short links at the end are removed, others are expanded. Links of pictures are dropped.
    """
    text = _expanded(raw, shorts) if shorts else raw.strip()
    text = html.unescape(text)
    leading = LEADING_MENTIONS.match(text) if is_reply else None
    if leading:
        text = text[leading.end() :]
    links = [Link(each.shown or each.url, each.url) for each in shorts if each.url and each.shown]
    return text.strip(), unique_links(links) if links else ()


def _expanded(raw: str, shorts: Sequence[ShortLink]) -> str:
    by_short = {each.short: each for each in shorts}
    text = without_endings(raw.strip(), by_short)
    for short, each in by_short.items():
        text = text.replace(short, each.url or each.shown or "")
    return text


def original(repost: Post) -> Post:
    """Return the post that `repost` repeats, as far as known: `RT @name: …` is by @name."""
    found = REPEATED.match(repost.text)
    if not found:
        return repost
    return with_changes(
        repost,
        text=found[2].strip(),
        author=found[1],
        author_name=None,
        author_id=None,
        tweet_id=None,
    )


def tidied(post: Post, pictures: Pictures) -> Post:
    """Return `post` with clean media, quote, poll and card, without those that say nothing.

    Args:
        post: its media name their files as the dump does.
        pictures: the pictures beside the dump, which know the names of the files to be kept.
    """
    if not post.has_extras:
        return post
    return with_changes(
        post,
        media=cleaned_media(post.media, pictures),
        quote=cleaned_quote(post.quote),
        poll=cleaned_poll(post.poll),
        card=cleaned_card(post.card),
    )


def quote_of(post: Post) -> Quote:
    """Return `post` as another one quotes it."""
    return Quote(post.text, post.author, post.author_name, post.created_at, permalink_of(post))


def permalink_of(post: Post, author: str | None = None) -> str | None:
    """Return the URL of `post`; by `author` if it names none."""
    if post.permalink:
        return clean(post.permalink)
    if post.tweet_id and post.tweet_id.isdecimal():
        return f"https://x.com/{post.author or author or 'i'}/status/{post.tweet_id}"
    return None


def aliases_of(posts: Sequence[Post], metadata: Metadata) -> frozenset[str]:
    """Return all ids that the thread may have that consists of `posts`."""
    root = root_of(clean(post.text) for post in posts)
    return ids_of(root, author_of(posts, metadata), posts[0].tweet_id)[1]


def author_of(posts: Sequence[Post], metadata: Metadata) -> str | None:
    """Return the author of the thread that consists of `posts`."""
    return next((post.author for post in posts if post.author), metadata.author)


def thread_of(posts: Sequence[Post], file: str, metadata: Metadata, *, complete: bool) -> Thread:
    """Return the thread that consists of `posts`, in their order.

    Args:
        posts: the posts.
        file: the dump's name.
        metadata: gives the author where no post does.
        complete: whether the thread's beginning is there.
    """
    author = author_of(posts, metadata)
    tweets = tuple(_tweet(post, post.author or author, file) for post in posts)
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
    """Return `thread` with the title and the source of its dump's metadata."""
    return replace(thread, title=metadata.title or thread.title, source_url=metadata.source)


def _tweet(post: Post, author: str | None, file: str) -> Tweet:
    return Tweet(
        text=clean(post.text),
        mentions=unique_handles(list(post.mentions)) if post.mentions else (),
        links=tuple(
            Link(clean(link.printed), clean(link.url) if link.url else None) for link in post.links
        )
        if post.links
        else (),
        author=author,
        created_at=post.created_at,
        permalink=permalink_of(post, author),
        tweet_id=post.tweet_id,
        file=f"{file}/{post.part}" if post.part else file,
        line=post.line,
        author_name=one_line(post.author_name) if post.author_name else None,
        media=post.media,
        quote=post.quote,
        poll=post.poll,
        card=post.card,
    )
