"""Reads posts in the JSON formats of X's APIs, archives and scrapers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace as with_changes

from bot.loader.attached import without_its_link
from bot.loader.entities import LEADING_MENTIONS, unique_links
from bot.loader.records.json_values import Json, as_dict, as_list, as_text
from bot.loader.records.posts import Post, ShortLink, quote_of, readable
from bot.loader.records.x_article import article_of
from bot.loader.records.x_media import (
    attached_media,
    card_of,
    media_in,
    poll_of,
    scraped_media,
)
from bot.models import Card, Link, Media, PollOption, Quote

ACCOUNT_NAME = re.compile(rb"\"username\"\s*:\s*\"(\w{1,15})\"", re.ASCII)
FIRST_YEAR, LAST_YEAR = 2006, 9998
"""The last day of 9999 may be outside the calendar in another time zone."""
CLASSIC_DATE = "%a %b %d %H:%M:%S %z %Y"
CLASSIC = re.compile(
    r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([0-9]{2}) ([0-9]{2}:[0-9]{2}:[0-9]{2}) \+0000 ([0-9]{4})"
)
MONTHS = {
    name: f"{number:02}"
    for number, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)
}
MOST_DIGITS = 20
"""Digits of the longest id."""
HANDLE = re.compile(r"\w{1,20}", re.ASCII)
EDITS = frozenset({"edit_info", "edit_control"})
QUOTED = ("quoted_status", "quoted_status_result", "quotedTweet", "quoted_tweet", "quote")
"""Keys of the post that a post quotes."""
QUOTED_KEYS = frozenset(QUOTED)
PAGE_KEYS = frozenset(("newest_id", "oldest_id"))
"""Keys of `meta` that only pages of API v2 have."""
MEDIA_KEYS = frozenset(("extended_entities", "extendedEntities", "mediaDetails"))
RARE = QUOTED_KEYS | MEDIA_KEYS | {
    "metadata", "legacy", "user", "user_id_str", "screen_name", "name", "retweeted_status",
    "retweeted_status_result", "extended_tweet", "in_reply_to", "conversation_id_str",
    "tweet_created_at", "media", "card", "author",
}  # fmt: skip
"""Keys that most tweets of an X archive do not have."""


@dataclass(frozen=True, slots=True)
class Includes:
    """What a page of API v2 has beside its posts, by id."""

    handles: Mapping[str, str] = field(default_factory=dict)
    """The users' handles."""
    names: Mapping[str, str] = field(default_factory=dict)
    """The users' display names."""
    media: Mapping[str, Json] = field(default_factory=dict)
    """Pictures and videos."""
    polls: Mapping[str, Json] = field(default_factory=dict)
    """Polls."""
    posts: Mapping[str, Json] = field(default_factory=dict)
    """Posts that the page's posts refer to."""
    is_page: bool = False
    """Whether a page of API v2 is around the posts, which may then have an id and a text alone."""

    def with_page(self, page: Json) -> Includes:
        """Return this and what `page` includes."""
        more = as_dict(page.get("includes"))
        users = [as_dict(each) for each in as_list(more.get("users"))]
        named = [(user_id, user) for user in users if (user_id := id_of(user.get("id")))]
        handles = {key: name for key, user in named if (name := handle_of(user.get("username")))}
        names = {key: name for key, user in named if (name := as_text(user.get("name")))}
        return Includes(
            {**self.handles, **handles},
            {**self.names, **names},
            {**self.media, **_by_key(more.get("media"), "media_key")},
            {**self.polls, **_by_key(more.get("polls"), "id")},
            {**self.posts, **_by_key(more.get("tweets"), "id")},
            self.is_page,
        )


NOTHING = Includes()


def _by_key(values: object, key: str) -> dict[str, Json]:
    every = [as_dict(each) for each in as_list(values)]
    return {name: each for each in every if (name := as_text(each.get(key)))}


def posts_in(value: Any, line: int, users: Mapping[str, str] | None = None) -> Iterator[Post]:
    """Yield the posts in a JSON value, in order.

    Args:
        value: what `json.loads` gave.
        line: where it starts in the file, from 1.
        users: handles by user id, of a page's `includes`.
    """
    # A list instead of recursion, because values may be nested deeper than the stack allows.
    waiting: list[tuple[Any, Includes]] = [(value, Includes(users or {}))]
    while waiting:
        here, known = waiting.pop()
        if isinstance(here, dict) and len(here) == 1 and isinstance(here.get("tweet"), dict):
            here = here["tweet"]  # as in an X archive; nothing else is looked for around it
        if isinstance(here, list):
            waiting += [(each, known) for each in reversed(here)]
        elif isinstance(here, dict):
            post = _post(here, line, known)
            if post is not None:
                yield post
                continue
            if "includes" in here:
                known = known.with_page(here)
            if "meta" in here and not PAGE_KEYS.isdisjoint(as_dict(here["meta"])):
                known = replace(known, is_page=True)
            inner = [
                each for key, each in here.items() if key not in ("includes", "errors", "meta")
            ]
            waiting += [(each, known) for each in reversed(inner)]


def post_in(record: Json, line: int) -> Post | None:
    """Return the post that `record` is, if it has a known format."""
    return _post(record, line, NOTHING)


def _post(record: Json, line: int, includes: Includes) -> Post | None:
    """Return the post in `record`, if it has a known format."""
    if RARE.isdisjoint(record) and (plain := _plain(record, line)) is not None:
        return plain
    whole = record.get("metadata")
    if isinstance(whole, dict) and isinstance(whole.get("legacy"), dict) and "full_text" in record:
        record = whole  # twitter-web-exporter, with all metadata
    legacy = record.get("legacy")
    if isinstance(legacy, dict) and _text(legacy, "full_text") is not None:
        return _graphql(record, legacy, line)
    if "user" in record and _text(record, "rawContent", "content") is not None:
        return _scraped(record, line)
    has_id = id_of(record.get("id_str")) or id_of(record.get("id"))
    if not has_id:
        return None
    if _text(record, "full_text") is not None:
        return _v1(record, line)
    if _text(record, "text") is not None:
        if "user" in record or "id_str" in record:
            return _v1(record, line)
        is_v2 = includes.is_page or "author_id" in record or "edit_history_tweet_ids" in record
        if is_v2 or isinstance(record.get("author"), dict):
            return _v2(record, line, includes)
    return None


def _plain(record: Json, line: int) -> Post | None:
    """Read a tweet of an X archive as `_v1` does, in half the time; None if it is not that plain.

    Args:
        record: it has no key of RARE.
        line: where it starts.
    """
    raw, tweet_id = record.get("full_text"), id_of(record.get("id_str"))
    entities = as_dict(record.get("entities"))
    if not isinstance(raw, str) or tweet_id is None or "media" in entities:
        return None
    above = record.get("in_reply_to_status_id_str") or record.get("in_reply_to_status_id")
    reply_to = id_of(above) if above else None
    answered = handle_of(record.get("in_reply_to_screen_name"))
    answered_id = record.get("in_reply_to_user_id_str") or record.get("in_reply_to_user_id")
    shorts = short_links(entities) if entities.get("urls") else ()
    text, links = readable(raw, shorts, is_reply=bool(answered or reply_to))
    return Post(
        line=line,
        text=text,
        mentions=_mentions(entities, "user_mentions", "screen_name"),
        links=links,
        created_at=iso(record.get("created_at")),
        tweet_id=tweet_id,
        reply_to=reply_to,
        reply_to_author=answered,
        reply_to_author_id=id_of(answered_id) if answered_id else None,
        is_repost=raw.startswith("RT @"),
        versions=_versions(record),
    )


def _v1(record: Json, line: int) -> Post:
    """Read API v1.1's format, the tweets of an X archive, which have no user, and exporters' rows.

    https://docs.x.com/x-api/enterprise-gnip-2.0/fundamentals/data-dictionary
    """
    repeated = record.get("retweeted_status")
    if isinstance(repeated, dict) and (post := _post(repeated, line, NOTHING)) is not None:
        return with_changes(post, is_repost=True)
    longer = record.get("extended_tweet")
    body = {**record, **longer} if isinstance(longer, dict) else record
    # twitter-web-exporter has the author's names in the tweet itself.
    user = as_dict(record.get("user")) or record
    author_id = record.get("user_id_str")
    if user is not record:
        author_id = user.get("id_str") or user.get("id") or author_id
    raw = _text(body, "full_text", "text") or ""
    reply_to = id_of(
        record.get("in_reply_to_status_id_str")
        or record.get("in_reply_to_status_id")
        or record.get("in_reply_to")
    )
    answered = handle_of(record.get("in_reply_to_screen_name"))
    entities, media = as_dict(body.get("entities")), as_dict(body.get("extended_entities"))
    shorts = short_links(entities) if entities.get("urls") else []
    has_media = _has_media(body, entities)
    pictures = [*_pictures(entities), *_pictures(media), *_pictures(record)] if has_media else []
    text, links = readable(raw, [*shorts, *pictures], is_reply=bool(answered or reply_to))
    shown = attached_media(body) if has_media else ()
    if not (text or links or shown):
        links = _picture_pages(entities) or _picture_pages(media)
    card = as_dict(record.get("card"))
    return Post(
        line=line,
        text=text,
        mentions=_mentions(entities, "user_mentions", "screen_name"),
        links=links,
        author=handle_of(user.get("screen_name")) or _written_author(record),
        author_id=id_of(author_id),
        created_at=iso(record.get("created_at") or record.get("tweet_created_at")),
        tweet_id=id_of(record.get("id_str") or record.get("id")),
        conversation=id_of(record.get("conversation_id_str")),
        reply_to=reply_to,
        reply_to_author=answered,
        reply_to_author_id=id_of(
            record.get("in_reply_to_user_id_str") or record.get("in_reply_to_user_id")
        ),
        is_repost=record.get("retweeted_status") not in (None, "")
        or record.get("retweeted_status_result") is not None
        or raw.startswith("RT @"),
        author_name=as_text(user.get("name")),
        media=shown,
        quote=_quote(record, line),
        poll=poll_of(card) if card else (),
        card=card_of(card, {each.short: each.url for each in shorts if each.url}) if card else None,
        versions=_versions(record),
    )


def _written_author(record: Json) -> str | None:
    """Return the handle that a person wrote where X has the author's record."""
    names = (as_text(record.get(key)) or "" for key in ("author", "user"))
    return next((found for each in names if (found := handle_of(each.removeprefix("@")))), None)


def _has_media(body: Json, entities: Json) -> bool:
    """Whether a record may have media: most have none, and looking closer takes time."""
    return "media" in body or "media" in entities or not MEDIA_KEYS.isdisjoint(body)


def _versions(record: Json) -> tuple[str, ...]:
    """Return the ids of all versions of an edited post, oldest first, in any of X's formats."""
    ids = record.get("edit_history_tweet_ids")
    if not (isinstance(ids, list) and len(ids) > 1) and EDITS.isdisjoint(record):
        return ()
    for key in EDITS.intersection(record):
        known = as_dict(record.get(key))
        for each in (known, *(as_dict(value) for value in known.values())):
            control = as_dict(each.get("editControlInitial") or each.get("edit_control_initial"))
            for holder in (each, control):
                ids = ids or holder.get("editTweetIds") or holder.get("edit_tweet_ids")
    found = {name: int(name) for each in as_list(ids) if (name := id_of(each))}
    return tuple(sorted(found, key=lambda name: found[name])) if len(found) > 1 else ()


def _quote(record: Json, line: int) -> Quote | None:
    """Return the post that `record` quotes, without what that one quotes itself."""
    if QUOTED_KEYS.isdisjoint(record):
        return None
    for key in QUOTED:
        quoted = as_dict(record.get(key))
        quoted = as_dict(quoted.get("result")) or quoted
        quoted = as_dict(quoted.get("tweet")) or quoted  # shown with limits to who may see it
        if not quoted:
            continue
        bare = {name: value for name, value in quoted.items() if name not in QUOTED}
        post = _post(bare, line, NOTHING)
        if post is not None:
            return quote_of(post)
    return None


def _graphql(record: Json, legacy: Json, line: int) -> Post:
    """Read a `tweet_results.result` of X's web client; a long post has its text in `note_tweet`."""
    user = as_dict(as_dict(as_dict(record.get("core")).get("user_results")).get("result"))
    about = {**as_dict(user.get("legacy")), **as_dict(user.get("core"))}
    note = as_dict(
        as_dict(as_dict(record.get("note_tweet")).get("note_tweet_results")).get("result")
    )
    body: dict[str, Any] = {"id_str": record.get("rest_id"), **legacy}
    body["user"] = {
        "screen_name": about.get("screen_name"),
        "name": about.get("name"),
        "id_str": user.get("rest_id"),
    }
    body |= {key: record[key] for key in ("card", "edit_control", *QUOTED) if key in record}
    if isinstance(note.get("text"), str):
        body["full_text"] = note["text"]
        body["entities"] = note.get("entity_set", legacy.get("entities"))
    return _with_article(_v1(body, line), record)


def _with_article(post: Post, record: Json) -> Post:
    """Return `post` with the title and the text of its article, if it has one."""
    article = article_of(record) if "article" in record else None
    if article is None or article.text in post.text:
        return post
    return with_changes(
        post,
        text=f"{post.text}\n\n{article.text}".strip(),
        media=(*post.media, *article.media),
        is_cut=article.is_cut,
    )


def _v2(record: Json, line: int, includes: Includes) -> Post:
    """Read API v2's format, plain or flattened by twarc2."""
    users = includes.handles
    author = as_dict(record.get("author"))
    author_id = id_of(record.get("author_id") or author.get("id"))
    referenced = [as_dict(each) for each in as_list(record.get("referenced_tweets"))]
    kinds = {as_text(each.get("type")): id_of(each.get("id")) for each in referenced}
    note = as_dict(record.get("note_tweet"))
    body = note if isinstance(note.get("text"), str) else record
    entities = as_dict(body.get("entities"))
    answered_id = id_of(record.get("in_reply_to_user_id"))
    answered = handle_of(as_dict(record.get("in_reply_to_user")).get("username"))
    raw = _text(body, "text") or ""
    media = _v2_media(record, includes)
    text, links = readable(raw, short_links(entities), is_reply="replied_to" in kinds)
    if not text and not links and not media:
        links = readable(raw, short_links(entities, pictures=True), is_reply=False)[1]
    post = Post(
        line=line,
        text=text,
        mentions=_mentions(entities, "mentions", "username"),
        links=links,
        author=handle_of(author.get("username")) or users.get(author_id or ""),
        author_id=author_id,
        created_at=iso(record.get("created_at")),
        tweet_id=id_of(record.get("id")),
        conversation=id_of(record.get("conversation_id")),
        reply_to=kinds.get("replied_to"),
        reply_to_author=answered or users.get(answered_id or ""),
        reply_to_author_id=answered_id,
        is_repost="retweeted" in kinds,
        author_name=as_text(author.get("name")) or includes.names.get(author_id or ""),
        media=media,
        quote=_v2_quote(referenced, line, includes),
        poll=_v2_poll(record, includes),
        card=None if media else _v2_card(entities),
        versions=_versions(record),
    )
    return _with_article(post, record)


def _v2_media(record: Json, includes: Includes) -> tuple[Media, ...]:
    if "attachments" not in record:
        has_media = _has_media(record, as_dict(record.get("entities")))
        return attached_media(record) if has_media else ()
    attached = as_dict(record.get("attachments"))
    keys = [as_text(each) or "" for each in as_list(attached.get("media_keys"))]
    named = [includes.media[key] for key in keys if key in includes.media]
    return media_in(named or as_list(attached.get("media"))) or attached_media(record)


def _v2_quote(referenced: Sequence[Json], line: int, includes: Includes) -> Quote | None:
    for each in referenced:
        if each.get("type") != "quoted":
            continue
        known = includes.posts.get(id_of(each.get("id")) or "", each)
        above = [as_dict(one) for one in as_list(known.get("referenced_tweets"))]
        bare = {
            **known,
            "referenced_tweets": [{"type": one.get("type"), "id": one.get("id")} for one in above],
        }
        if isinstance(bare.get("text"), str):
            return quote_of(_v2(bare, line, replace(includes, posts={})))
    return None


def _v2_poll(record: Json, includes: Includes) -> tuple[PollOption, ...]:
    if "attachments" not in record:
        return ()
    attached = as_dict(record.get("attachments"))
    named = [as_text(each) or "" for each in as_list(attached.get("poll_ids"))]
    polls = [includes.polls[each] for each in named if each in includes.polls]
    polls += [as_dict(attached.get("poll"))]
    return next((found for each in polls if (found := poll_of(each))), ())


def _v2_card(entities: Json) -> Card | None:
    """Return the preview of the last page that is linked to, as X shows it."""
    for each in map(as_dict, reversed(as_list(entities.get("urls")))):
        title = as_text(each.get("title"))
        if title:
            url = as_text(each.get("unwound_url")) or as_text(each.get("expanded_url"))
            return Card(title, as_text(each.get("description")), url)
    return None


def _scraped(record: Json, line: int) -> Post:
    """Read the format that snscrape and twscrape share."""
    user = as_dict(record.get("user"))
    answered = as_dict(record.get("inReplyToUser"))
    shorts = [
        ShortLink(short, as_text(each.get("text")), as_text(each.get("url")))
        for each in map(as_dict, as_list(record.get("links")))
        if (short := as_text(each.get("tcourl")))
    ]
    if not shorts:  # of 2021
        pairs = zip(
            as_list(record.get("tcooutlinks")), as_list(record.get("outlinks")), strict=False
        )
        shorts = [ShortLink(a, b, b) for a, b in pairs if as_text(a) and as_text(b)]
    reply_to = id_of(record.get("inReplyToTweetIdStr") or record.get("inReplyToTweetId"))
    raw = _text(record, "rawContent", "content") or ""
    media = scraped_media(record.get("media"))
    text, links = readable(raw, shorts, is_reply=reply_to is not None)
    text = without_its_link(text) if media else text
    return Post(
        line=line,
        text=text,
        mentions=tuple(
            name
            for each in map(as_dict, as_list(record.get("mentionedUsers")))
            if (name := handle_of(each.get("username")))
        ),
        links=links,
        author=handle_of(user.get("username")),
        author_id=id_of(user.get("id_str") or user.get("id")),
        created_at=iso(record.get("date")),
        tweet_id=id_of(record.get("id_str") or record.get("id")),
        conversation=id_of(record.get("conversationIdStr") or record.get("conversationId")),
        reply_to=reply_to,
        reply_to_author=handle_of(answered.get("username")),
        reply_to_author_id=id_of(answered.get("id_str") or answered.get("id")),
        is_repost=isinstance(record.get("retweetedTweet"), dict),
        author_name=as_text(user.get("displayname")) or as_text(user.get("name")),
        media=media,
        quote=_quote(record, line),
        poll=poll_of(as_dict(record.get("card"))),
        card=card_of(
            as_dict(record.get("card")), {each.short: each.url for each in shorts if each.url}
        ),
    )


def note_post(note: Json, line: int) -> Post | None:
    """Return the post in a record of `note-tweet.js`, or None if it is none."""
    core = as_dict(note.get("core"))
    if not isinstance(core.get("text"), str):
        return None
    links = [
        {"url": each.get("shortUrl"), "expanded_url": each.get("expandedUrl"),
         "display_url": each.get("displayUrl")}
        for each in map(as_dict, as_list(core.get("urls")))
    ]  # fmt: skip
    text, found = readable(core["text"], short_links({"urls": links}), is_reply=False)
    leading = LEADING_MENTIONS.match(text)
    mentions = [
        name
        for each in map(as_dict, as_list(core.get("mentions")))
        if (name := handle_of(each.get("screenName")))
    ]
    return Post(
        line=line,
        text=text[leading.end() :] if leading and leading.end() < len(text) else text,
        links=found,
        mentions=tuple(mentions),
        created_at=iso(note.get("createdAt")),
    )


def account_name(data: bytes) -> str | None:
    """Return the handle in an X archive's `account.js`, or None."""
    found = ACCOUNT_NAME.search(data)
    return found[1].decode("ascii") if found else None


def iso(value: object) -> str | None:
    """Return a moment as ISO 8601 in UTC, to the second, or None if it cannot be parsed."""
    if not isinstance(value, str) or not value:
        return None
    classic = CLASSIC.fullmatch(value)
    if classic and (written := _moment(*classic.groups())):
        return written
    moment = None
    for read in (datetime.fromisoformat, _classic_date):
        try:
            moment = read(value)
            break
        except (ValueError, OverflowError):
            continue
    if moment is None or not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _moment(month: str, day: str, time: str, year: str) -> str | None:
    """Return a moment as X writes it, in UTC; many times faster than strptime."""
    written = f"{year}-{MONTHS.get(month, '00')}-{day}T{time}"
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None
    return f"{moment.isoformat()}Z" if FIRST_YEAR <= moment.year <= LAST_YEAR else None


def _classic_date(value: str) -> datetime:
    return datetime.strptime(value, CLASSIC_DATE)  # noqa: DTZ007  # the format has %z


def short_links(entities: Json, *, pictures: bool = False) -> list[ShortLink]:
    """Return the links of an `entities` object.

    Args:
        entities: the object.
        pictures: whether links to pictures are links like others, because nothing else is known
            of the pictures.
    """
    return [
        ShortLink(
            short,
            None
            if "media_key" in each and not pictures
            else as_text(each.get("display_url")) or as_text(each.get("expanded_url")),
            as_text(each.get("unwound_url")) or as_text(each.get("expanded_url")),
        )
        for each in map(as_dict, as_list(entities.get("urls")))
        if (short := as_text(each.get("url")))
    ]


def _pictures(entities: Json) -> list[ShortLink]:
    return [
        ShortLink(short, None, None)
        for each in map(as_dict, as_list(entities.get("media")))
        if (short := as_text(each.get("url")))
    ]


def _picture_pages(entities: Json) -> tuple[Link, ...]:
    """Return links to the pages of pictures whose own addresses are unknown."""
    pages = [
        Link(as_text(each.get("display_url")) or page, page)
        for each in map(as_dict, as_list(entities.get("media")))
        if (page := as_text(each.get("expanded_url")))
    ]
    return unique_links(pages)


def _mentions(entities: Json, key: str, name: str) -> tuple[str, ...]:
    if not entities.get(key):
        return ()
    found = (handle_of(as_dict(each).get(name)) for each in as_list(entities.get(key)))
    return tuple(handle for handle in found if handle)


def id_of(value: object) -> str | None:
    """Return an id as text, or None; a float has already lost its last digits."""
    if isinstance(value, str):
        text = value
    elif isinstance(value, int) and not isinstance(value, bool):
        text = str(value)
    else:
        return None
    is_id = 0 < len(text) <= MOST_DIGITS and text.isdecimal() and text.isascii() and text != "0"
    return text if is_id else None


def handle_of(value: object) -> str | None:
    """Return `value` if it is a handle, else None."""
    return value if isinstance(value, str) and HANDLE.fullmatch(value) else None


def _text(record: Json, *keys: str) -> str | None:
    for key in keys:  # a generator takes twice as long
        value = record.get(key)
        if isinstance(value, str):
            return value
    return None
