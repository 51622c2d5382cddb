"""Reads Bluesky's JSON: threads, feeds and post lists of the API, and repository records.

https://docs.bsky.app/docs/advanced-guides/posts
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bot.loader.entities import MENTION, unique_links, without_endings
from bot.loader.line_account import Account
from bot.loader.records.json_values import Json, as_dict, as_list, as_text, unpacked
from bot.loader.records.posts import Post, quote_of
from bot.loader.records.x_json import iso
from bot.models import Card, Link, Media, Quote

FORMAT = "bluesky"
CONTENT = re.compile(r"\"\$type\"\s*:\s*\"app\.bsky\.|\"uri\"\s*:\s*\"at://")
ADDRESS = re.compile(r"at://([^/\s]+)/app\.bsky\.feed\.post/([^/\s]+)")
REPOST = "reasonRepost"
UNSEEN = ("notFoundPost", "blockedPost")


def posts_in(value: Any, line: int, account: Account) -> Iterator[Post]:
    """Yield the posts in a JSON value; of a thread also the posts above it and the replies."""
    waiting = [value]
    for here in unpacked(waiting):
        if not isinstance(here, dict):
            continue
        if _has_type(here, *UNSEEN):
            message = "a post that Bluesky hides (deleted or blocked)"
            account.notice(line, f"{message}; left out")
            account.record(line, "notice", message, as_text(here.get("uri")) or "")
        elif _is_repost(here):
            yield Post(line=line, text="", is_repost=True)
        elif (post := _post(_committed(here) if "commit" in here else here, line)) is not None:
            yield post
        else:
            inner = [here[key] for key in ("replies", "post", "thread", "parent") if key in here]
            waiting += inner or [each for each in here.values() if isinstance(each, list | dict)]


def _committed(item: Json) -> Json:
    """Return the record in an event of Bluesky's stream, with its address."""
    commit = as_dict(item["commit"])
    parts = (item.get("did"), commit.get("collection"), commit.get("rkey"))
    return {"uri": "at://" + "/".join(map(str, parts)), "record": commit.get("record")}


def _is_repost(item: Json) -> bool:
    return _has_type(as_dict(item.get("reason")), REPOST)


def _has_type(item: Json, *names: str) -> bool:
    """Whether the last part of an item's type is one of `names`."""
    kind = as_text(item.get("$type"))
    return kind is not None and kind.endswith(names)


def _post(view: Json, line: int) -> Post | None:
    """Return the post in `view`: one with its author, or a bare record with its address."""
    record = as_dict(view.get("record") or view.get("value"))
    text = record.get("text")
    uri = view.get("uri")
    if not isinstance(text, str) or not isinstance(uri, str):
        return None
    author = as_dict(view.get("author"))
    address = ADDRESS.match(uri)
    handle = as_text(author.get("handle"))
    owner = as_text(author.get("did")) or (address[1] if address else None)
    shows = "embed" in record or "embed" in view
    links = [*_facets(text, record)]
    if shows:
        links += [*_embedded(record), *_embedded(view)]
    reply = as_dict(record.get("reply"))
    answered = as_text(as_dict(reply.get("parent")).get("uri"))
    above = ADDRESS.match(answered) if answered else None
    who = handle or owner
    return Post(
        line=line,
        text=without_endings(text.strip(), {link.printed for link in links}),
        mentions=tuple(_mentioned(text, record)),
        links=unique_links(links),
        author=handle,
        author_id=owner,
        created_at=iso(record.get("createdAt")),
        tweet_id=uri,
        conversation=as_text(as_dict(reply.get("root")).get("uri")),
        reply_to=answered,
        reply_to_author_id=above[1] if above else None,
        permalink=f"https://bsky.app/profile/{who}/post/{address[2]}" if address else None,
        author_name=as_text(author.get("displayName")),
        media=tuple(_media(view, record, owner)) if shows else (),
        quote=_quote(view, line) if shows else None,
        card=(_card(record) or _card(view)) if shows else None,
    )


def _media(view: Json, record: Json, owner: str | None) -> Iterator[Media]:
    """Yield the pictures: addresses from the view, else files and addresses of the blobs."""
    shown = _parts(as_dict(view.get("embed")))
    stored = _parts(as_dict(record.get("embed")))
    for place, each in enumerate(stored or shown):
        beside = shown[place] if len(shown) == len(stored) and shown else each
        blob = as_dict(each.get("image") or each.get("video"))
        cid = as_text(as_dict(blob.get("ref")).get("$link")) or as_text(blob.get("cid"))
        alt = as_text(each.get("alt")) or as_text(beside.get("alt"))
        if "image" in each or "fullsize" in each or "thumb" in each:
            url = _web(beside.get("fullsize")) or _web(beside.get("thumb"))
            if url is None and cid and owner:
                url = f"https://cdn.bsky.app/img/feed_fullsize/plain/{owner}/{cid}@jpeg"
            yield Media("photo", url, alt, None, cid)
        else:
            yield Media("video", _web(beside.get("thumbnail")), alt, _web(beside.get("playlist")))


def _parts(embed: Json) -> list[Json]:
    """Return the pictures of an embed, or its video."""
    inner = as_dict(embed.get("media")) or embed
    pictures = [as_dict(each) for each in as_list(inner.get("images"))]
    is_video = "video" in inner or "playlist" in inner
    return pictures or ([inner] if is_video else [])


def _quote(view: Json, line: int) -> Quote | None:
    """Return the post that is embedded in the view of another."""
    embedded = as_dict(as_dict(view.get("embed")).get("record"))
    embedded = as_dict(embedded.get("record")) or embedded
    bare = {key: embedded[key] for key in ("uri", "author", "value", "record") if key in embedded}
    post = _post(bare, line) if bare else None
    return quote_of(post) if post else None


def _card(holder: Json) -> Card | None:
    embed = as_dict(holder.get("embed"))
    external = as_dict(embed.get("external") or as_dict(embed.get("media")).get("external"))
    title = as_text(external.get("title"))
    url = _web(external.get("uri"))
    return Card(title, as_text(external.get("description")), url) if title else None


def _slices(text: str, record: Json) -> Iterator[tuple[str, Json]]:
    """Yield each facet's feature with its words. Facets count bytes of UTF-8 from 0."""
    data = text.encode("utf-8", errors="surrogatepass")
    for facet in as_list(record.get("facets")):
        index = as_dict(as_dict(facet).get("index"))
        start, end = index.get("byteStart"), index.get("byteEnd")
        if not isinstance(start, int) or not isinstance(end, int) or not 0 <= start < end:
            continue
        try:
            words = data[start:end].decode("utf-8") if end <= len(data) else ""
        except UnicodeDecodeError:  # inside a character: not an index of UTF-8 bytes
            words = ""
        for feature in as_list(as_dict(facet).get("features")):
            yield words, as_dict(feature)


def _facets(text: str, record: Json) -> Iterator[Link]:
    for words, feature in _slices(text, record):
        url = _web(feature.get("uri"))
        if url:
            yield Link(words.strip() or url, url)


def _mentioned(text: str, record: Json) -> Iterator[str]:
    for words, feature in _slices(text, record):
        if feature.get("did") and words.startswith("@"):
            yield words[1:]
    if not record.get("facets"):
        yield from MENTION.findall(text)


def _embedded(holder: Json) -> Iterator[Link]:
    """Yield the page whose card the post shows."""
    embed = as_dict(holder.get("embed"))
    external = as_dict(embed.get("external") or as_dict(embed.get("media")).get("external"))
    url = _web(external.get("uri"))
    if url:
        yield Link(url, url)


def _web(value: object) -> str | None:
    url = as_text(value)
    return url if url and url.startswith(("http://", "https://")) else None
