"""Reads RSS and Atom feeds of posts: nitter's, RSSHub's, rss.app's, Mastodon's, Bluesky's."""

from __future__ import annotations

import html
import io
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec.structs import replace as with_changes

from bot.errors import DumpError
from bot.i18n.messages import sentence
from bot.loader.attached import media_at
from bot.loader.entities import unique_handles
from bot.loader.line_account import Account
from bot.loader.mirrors import original
from bot.loader.records.html_text import parsed, text_and_links_of
from bot.loader.records.json_values import as_text
from bot.loader.records.posts import Post, as_main
from bot.loader.records.reply_chains import threads_of
from bot.loader.records.x_json import handle_of
from bot.models import Link, Media, Metadata, Quote, Thread

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

FORMAT = "feed"
HEAD = re.compile(
    r"\s*(?:<\?[^>]*>\s*|<!--(?:[^-]|-(?!->))*-->\s*|<!DOCTYPE[^>]*>\s*)*<(?:rss|feed|rdf:RDF)[\s>]",
    re.IGNORECASE,
)
ENTRY = re.compile(r"<!\[CDATA\[|<(?:item|entry)[\s>]", re.IGNORECASE)
ON_X = re.compile(r"https?://[^/\s]+/(\w{1,20})/status(?:es)?/([0-9]{1,20})", re.ASCII)
"""The link of a tweet, on X or on a mirror."""
ON_MASTODON = re.compile(
    r"https?://(?P<host>[^/\s]+)/(?:users/|@)(?P<name>[\w.-]+)/(?:statuses/)?(?P<id>[0-9]+)"
)
ON_BLUESKY = re.compile(r"https://bsky\.app/profile/(?P<name>[\w.:-]+)/post/(?P<id>\w+)", re.ASCII)
OWNER = re.compile(r"https?://[^/\s]+/(?P<name>\w{1,20})/?$", re.ASCII)
OWNED = re.compile(r"(?:/|\()\s*@(?P<name>\w{1,20})\)?$", re.ASCII)
"""How nitter and others title the feed of a person: `Ann Field / @ann_field`."""
REPOST = re.compile(r"(?:Pinned: )?RT(?: by @\w+: | @\w+|: )", re.ASCII)
REPLY = re.compile(r"(?:Pinned: )?(?:R to |Re )@(?P<name>\w{1,20}):?\s", re.ASCII)
MARK = re.compile(r"(?:Pinned: )?(?:RT by @\w+: |R to @\w+: |RT: )?", re.ASCII)
"""What nitter writes before the text in a title."""
NAMED = re.compile(r"\(@(?P<handle>\w{1,20})\)", re.ASCII)
DESCRIBED = re.compile(
    r"<media:content\b(?P<said>[^>]*[^/>])>(?P<inside>[^<]*(?:<(?!/media:content>)[^<]*)*)"
)
ADDRESS = re.compile(r"\burl=[\"']([^\"']*)[\"']")
DESCRIPTION = re.compile(r"<media:description\b[^>]*>([^<]*)</media:description>")
TAG = re.compile(r"<[a-zA-Z/!]")
ENDS = ("</item>", "</entry>")
LONGEST_HEAD = 100_000
"""Characters around the entries of a feed that is read in pieces."""
PIECE = 1_000_000
"""Characters of entries that are parsed at a time; one entry may be longer."""
LARGEST_PIECE = 8_000_000
"""Characters of the longest entry, and of the longest feed whose entries cannot be told apart."""
MOST_TAGS = 400_000
"""Tags that are parsed at a time."""
SOON = timedelta(hours=1)
"""Time in which a reply of an author to himself continues his post before it."""
NO_POST = "an entry that is no post on X, Mastodon or Bluesky; left out"
GUESSED = (
    "the feed does not say which post a reply continues; taken for the author’s post before it"
)


class _Place(NamedTuple):
    """Where a post is, as its link says."""

    author: str | None
    tweet_id: str
    permalink: str | None
    is_on_x: bool


def looks_like(head: str) -> bool:
    """Whether a text that begins so is a feed."""
    return HEAD.match(head) is not None


def parse(text: str, metadata: Metadata, account: Account) -> Sequence[Thread]:
    """Return the threads of the posts in a feed. Entries that are no posts get a notice."""
    posts: list[Post] = []
    for piece, line in _pieces(text):
        posts += _posts_in_piece(piece, line, account)
    named = [each if each.author else with_changes(each, author=metadata.author) for each in posts]
    threads = threads_of(_continued(named, account), metadata, account)
    return (as_main(threads[0], metadata),) if len(threads) == 1 else threads


def _posts_in_piece(text: str, line: int, account: Account) -> list[Post]:
    """Return the posts in a feed, or a piece of one, whose first entry is `line` lines further.

    Raises:
        DumpError: it is more than the parser may hold.
    """
    # Imported here, because the import takes longer than reading most dumps.
    import feedparser

    _refuse_large(text, line, account.file)
    # feedparser would take a picture's description for the entry's.
    described = DESCRIPTION.sub("", text)
    found = feedparser.parse(
        io.BytesIO(described.encode("utf-8", errors="replace")),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    if found.bozo and found.entries:
        reason = str(found.get("bozo_exception", ""))[:200]
        account.notice(None, f"the feed is not valid XML ({reason}); some entries may be missing")
    raw = [(at + line, markup) for at, markup in _raw_entries(text, len(found.entries))]
    return list(_posts(found, raw, account))


def _refuse_large(text: str, line: int, file: str) -> None:
    if len(text) > LARGEST_PIECE:
        size = LARGEST_PIECE // 1_000_000
        reason = sentence(
            "the text is larger than {size} MB; split it into smaller files", size=size
        )
        raise DumpError(file, reason, line=line + 1)
    if text.count("<") > MOST_TAGS:
        place = next(islice(re.finditer("<", text), MOST_TAGS, None)).start()
        reason = sentence(
            "the page has more than {number} tags, so this is no thread", number=MOST_TAGS
        )
        raise DumpError(file, reason, line=line + text.count("\n", 0, place) + 1)


def _pieces(text: str) -> Iterator[tuple[str, int]]:
    """Yield a large feed in pieces that are feeds too, each with the lines that are before it.

    The parser holds a feed several times. Each piece has what stands before the first entry and
    behind the last one.
    """
    starts = _starts(text) if len(text) > PIECE else []
    end = max((text.rfind(each) + len(each) for each in ENDS if each in text), default=0)
    if not starts or end <= starts[-1] or starts[0] + len(text) - end > LONGEST_HEAD:
        yield text, 0
        return
    head, tail = text[: starts[0]], text[end:]
    line = 0
    begun = starts[0]
    for following in (*starts[1:], end):
        if following - begun > PIECE or following == end:
            yield f"{head}{text[begun:following]}{tail}", line
            line += text.count("\n", begun, following)
            begun = following


def _posts(found: Any, raw: Sequence[tuple[int, str]], account: Account) -> Iterator[Post]:
    owner = _owner(found.feed)
    is_rsshub = "rsshub" in str(found.feed.get("generator", "")).lower()
    for entry, (line, markup) in zip(found.entries, raw, strict=True):
        place = _place(entry, owner)
        if place is None:
            account.notice(line, NO_POST)
            account.record(line, "notice", NO_POST, as_text(entry.get("title")) or "")
            continue
        post = _post(entry, place, markup, line)
        title = as_text(entry.get("title")) or ""
        is_repost = REPOST.match(title) is not None or (is_rsshub and title.startswith("RT "))
        if owner and place.is_on_x and place.author:
            is_repost = is_repost or owner.lower() != place.author.lower()
        yield with_changes(post, is_repost=is_repost)


def _owner(feed: Mapping[str, Any]) -> str | None:
    """Return the handle of the author whose posts and reposts a mirror's feed has."""
    link = OWNER.match(as_text(feed.get("link")) or "")
    title = OWNED.search(as_text(feed.get("title")) or "")
    return link["name"] if link and title and link["name"] == title["name"] else None


def _starts(text: str) -> list[int]:
    """Return where the entries of a feed begin."""
    starts: list[int] = []
    at = 0
    while found := ENTRY.search(text, at):
        at = found.end()
        if found[0].startswith("<!"):
            end = text.find("]]>", at)
            at = len(text) if end < 0 else end
        else:
            starts.append(found.start())
    return starts


def _raw_entries(text: str, count: int) -> list[tuple[int, str]]:
    """Return each entry's line and markup; the whole feed's line where they cannot be told."""
    starts = _starts(text)
    if len(starts) != count or not starts:
        return [(1, "")] * count
    entries = []
    line, at = 1, 0
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        line += text.count("\n", at, start)
        at = start
        entries.append((line, text[start:end]))
    return entries


def _place(entry: Mapping[str, Any], owner: str | None) -> _Place | None:
    """Return where an entry's post is, or None if it is not a post.

    Args:
        entry: the entry.
        owner: the handle on X of the feed's only author, if known.
    """
    for address in (as_text(entry.get("link")), as_text(entry.get("id"))):
        mastodon = ON_MASTODON.match(address or "")
        if mastodon:
            host, name = mastodon["host"].lower(), mastodon["name"]
            own_id = f"https://{host}/users/{name}/statuses/{mastodon['id']}"
            return _Place(f"{name}@{host}", own_id, address, is_on_x=False)
        tweet = ON_X.match(address or "")
        if tweet:
            author = None if tweet[1] in ("i", "web") else tweet[1]
            return _Place(author, tweet[2], None, is_on_x=True)
        bluesky = ON_BLUESKY.match(address or "")
        if bluesky:
            own_id = as_text(entry.get("id")) or ""
            own_id = (
                own_id
                if own_id.startswith("at://")
                else f"at://{bluesky['name']}/app.bsky.feed.post/{bluesky['id']}"
            )
            author = None if bluesky["name"].startswith("did:") else bluesky["name"]
            return _Place(author, own_id, address, is_on_x=False)
    number = as_text(entry.get("id")) or ""
    if owner and 15 <= len(number) <= 19 and number.isascii() and number.isdecimal():
        return _Place(owner, number, None, is_on_x=True)
    return None


def _post(entry: Mapping[str, Any], place: _Place, markup: str, line: int) -> Post:
    title = as_text(entry.get("title")) or ""
    reply = REPLY.match(title)
    text, links, mentions, media, quote = _body(_markup(entry), is_reply=reply is not None)
    if not text:
        text = html.unescape(title[len(MARK.match(title)[0]) :]).strip() if title else ""  # type: ignore[index]
        text = "" if text in ("Image", "Video", "Gif") and media else text
    creator = as_text(entry.get("author")) or ""
    named = NAMED.search(creator)
    author = place.author or handle_of(creator.removeprefix("@"))
    name = creator[: named.start()].rstrip() if named else creator
    return Post(
        line=line,
        text=text,
        mentions=mentions,
        links=links,
        author=author,
        created_at=_moment(entry),
        tweet_id=place.tweet_id,
        # The feed does not say which post is answered, only whose.
        reply_to=f"\0{line}.{place.tweet_id}" if reply else None,
        reply_to_author=reply["name"] if reply else None,
        permalink=place.permalink,
        author_name=name if name and not name.startswith("@") and name != author else None,
        media=tuple(dict.fromkeys((*media, *_attached(entry, markup, media)))),
        quote=quote,
    )


def _markup(entry: Mapping[str, Any]) -> str:
    """Return an entry's text as HTML; Bluesky's is plain."""
    contents = [as_text(each.get("value")) or "" for each in entry.get("content") or ()]
    found = next((each for each in contents if each), None) or as_text(entry.get("summary")) or ""
    if TAG.search(found):
        return found
    return found.replace("<", "&lt;").replace("\n", "<br>")


def _body(
    markup: str, *, is_reply: bool
) -> tuple[str, tuple[Link, ...], tuple[str, ...], tuple[Media, ...], Quote | None]:
    """Return a post's text, links, mentions, pictures and the post that it quotes."""
    root = parsed(markup)
    if root is None:
        return "", (), (), (), None
    quote: Quote | None = None
    for block in root.css("blockquote"):
        if "twitter-tweet" in (block.attributes.get("class") or ""):
            # The page's own way to embed a tweet: its text is the first paragraph.
            paragraph = block.css_first("p")
            root = block if paragraph is None else paragraph
            break
        quote = quote or _quoted(block)
        block.decompose()
    media = tuple(_pictures(root))
    mentions = _plain_mentions(root)
    text, links = text_and_links_of(root, is_reply=is_reply)
    on_x = tuple(_on_x(link) for link in links)
    return text, on_x, mentions, media, quote


def _quoted(block: LexborNode) -> Quote | None:
    """Return the post in nitter's block for a quoted one."""
    head, body = block.css_first("b"), block.css_first("p")
    shown = head.text().strip() if head else ""
    named = NAMED.search(shown)
    if body is None:
        return None
    address = next((a.attributes.get("href") or "" for a in block.css("footer a, cite a")), "")
    tweet = ON_X.match(address)
    text = text_and_links_of(body, is_reply=False)[0]
    return Quote(
        text,
        tweet[1] if tweet else named["handle"] if named else None,
        shown[: named.start()].rstrip() if named else None,
        None,
        f"https://x.com/{tweet[1]}/status/{tweet[2]}" if tweet else None,
    )


def _pictures(root: LexborNode) -> Iterator[Media]:
    """Yield the pictures and videos in a post's HTML, and remove them."""
    for node in root.css("img, video"):
        video = original(node.attributes.get("src") or _source(node))
        picture = original(node.attributes.get("poster") or "")
        alt = node.attributes.get("alt")
        if node.tag == "video":
            preview = media_at(picture)
            found = media_at(video, alt)
            if found and found.video_url:
                yield replace(found, url=preview.url if preview else None)
            elif preview:
                yield replace(preview, kind="video")
        elif found := media_at(video, alt):
            yield found
        else:
            continue  # an emoji, say, whose alt text is part of the post's text
        node.decompose()


def _source(node: LexborNode) -> str:
    source = node.css_first("source")
    return (source.attributes.get("src") or "") if source else ""


def _plain_mentions(root: LexborNode) -> tuple[str, ...]:
    """Return whom the post mentions; their links and those of hashtags become text."""
    handles = []
    for anchor in root.css("a"):
        said = anchor.text().strip()
        if "mention" in (anchor.attributes.get("class") or ""):
            handles.append(said.removeprefix("@"))  # Mastodon's, which replies begin with
        elif said.startswith(("@", "#", "$")) and " " not in said:
            if said.startswith("@"):
                handles.append(said.removeprefix("@"))
            anchor.replace_with(said)
    return unique_handles([each for each in handles if each])


def _on_x(link: Link) -> Link:
    """Return `link`, to X where it leads to a tweet on a mirror."""
    tweet = ON_X.match(link.url or "")
    if not tweet or ON_MASTODON.match(link.url or ""):
        return link
    address = f"https://x.com/{tweet[1]}/status/{tweet[2]}"
    return Link(address.removeprefix("https://"), address)


def _attached(entry: Mapping[str, Any], markup: str, known: Sequence[Media]) -> Iterator[Media]:
    """Yield the pictures that are attached to an entry, with their descriptions."""
    alts: dict[str, str] = {}
    for found in DESCRIBED.finditer(markup) if "<media:description" in markup else ():
        address, alt = ADDRESS.search(found["said"]), DESCRIPTION.search(found["inside"])
        if address and alt:
            alts[html.unescape(address[1])] = html.unescape(alt[1])
    addresses = {each.url for each in known} | {each.video_url for each in known}
    for each in (*(entry.get("media_content") or ()), *(entry.get("enclosures") or ())):
        url = original(as_text(each.get("url")) or as_text(each.get("href")) or "")
        kind = f"{each.get('type', '')} {each.get('medium', '')}"
        if url in addresses or not any(name in kind for name in ("image", "video")):
            continue
        addresses.add(url)
        media = media_at(url, alts.get(url))
        if media and "video" in kind and not media.video_url:
            media = Media("video", None, media.alt, media.url)
        if media:
            yield media


def _moment(entry: Mapping[str, Any]) -> str | None:
    known = dict(entry)  # feedparser's own object warns of a missing date that it makes up
    for key in ("published_parsed", "updated_parsed"):
        moment = known.get(key)
        if isinstance(moment, time.struct_time) and 2006 <= moment.tm_year <= 9998:
            return time.strftime("%Y-%m-%dT%H:%M:%SZ", moment)
    return None


def _continued(posts: Sequence[Post], account: Account) -> Iterator[Post]:
    """Yield `posts`; replies of an author to himself as replies to the post before. A guess."""
    before: dict[str, str | None] = {}
    last: dict[str, Post] = {}
    timed = sorted(posts, key=lambda post: (post.created_at or "", _number(post.tweet_id)))
    for post in timed:
        author = (post.author or "").lower()
        if post.is_repost or not author:
            continue
        above = last.get(author)
        answered = (post.reply_to_author or "").lower()
        if above and answered == author and _is_soon(above, post):
            before[post.tweet_id or ""] = above.tweet_id
            account.notice(post.line, GUESSED)
        if not answered or answered == author:
            last[author] = post
    for post in posts:
        above_id = before.get(post.tweet_id or "")
        yield with_changes(post, reply_to=above_id) if above_id and post.reply_to else post


def _number(tweet_id: str | None) -> int:
    return int(tweet_id) if tweet_id and tweet_id.isdecimal() else 0


def _is_soon(above: Post, post: Post) -> bool:
    if not above.created_at or not post.created_at:
        return False
    one, other = (datetime.fromisoformat(each.created_at or "") for each in (above, post))
    return other.astimezone(UTC) - one.astimezone(UTC) <= SOON
