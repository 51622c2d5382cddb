"""Reads CSV and TSV exports: a tweet in each row, columns with the usual names."""

from __future__ import annotations

import csv
import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from msgspec.structs import replace as with_changes

from bot.errors import DumpError, SettingsError
from bot.i18n.messages import Sentence, sentence
from bot.loader.attached import without_its_link
from bot.loader.entities import split_line
from bot.loader.front_matter import handle
from bot.loader.line_account import Account
from bot.loader.raw.text_stream import lines_in
from bot.loader.records.json_values import as_list
from bot.loader.records.posts import Post
from bot.loader.records.reply_chains import threads_of
from bot.loader.records.x_json import iso, short_links
from bot.loader.records.x_media import media_in, poll_options
from bot.models import Link, Media, Metadata, Thread

FORMAT = "table"
COLUMNS: Mapping[str, Sequence[str]] = {
    "tweet_id": ("tweet_id", "id_str", "id", "status_id", "tweetid", "tweet_id_str"),
    "text": ("full_text", "text", "rawcontent", "content", "tweet_text", "tweet", "tweet_content"),
    "author": (
        "author.username",
        "author_username",
        "username",
        "screen_name",
        "user_screen_name",
        "author_handle",
        "handle",
        "author",
        "user",
        "user_name",
    ),
    "author_id": ("author_id", "author.id", "user_id", "user_id_str"),
    "created_at": ("created_at", "date", "timestamp", "datetime", "tweet_date", "time"),
    "url": ("url", "link", "permalink", "tweet_url", "tweet_link", "permanenturl"),
    "conversation": ("conversation_id", "conversation_id_str", "conversationid"),
    "reply_to": (
        "in_reply_to_status_id",
        "in_reply_to_status_id_str",
        "in_reply_to_tweet_id",
        "in_reply_to_id",
        "in_reply_to",
        "inreplytotweetid",
        "reply_to_id",
        "replying_to",
        "referenced_tweets.replied_to.id",
    ),
    "reply_to_author": ("in_reply_to_username", "in_reply_to_screen_name", "in_reply_to_user"),
    "reply_to_author_id": ("in_reply_to_user_id", "in_reply_to_user_id_str"),
    "repost": (
        "retweeted_status_id",
        "retweeted_status",
        "rt_source",
        "referenced_tweets.retweeted.id",
        "retweeted_user_id",
    ),
    "urls": ("entities.urls",),
    "author_name": (
        "author.name",
        "author_name",
        "display_name",
        "displayname",
        "user_display_name",
        "user.name",
        "user.displayname",
        "fullname",
        "full_name",
        "profile_name",
        "name",
    ),
    "media": (
        "attachments.media",
        "media",
        "media_urls",
        "media_url",
        "images",
        "image_urls",
        "image_url",
        "image",
        "photos",
        "photo_urls",
        "photo_url",
        "pictures",
        "media_url_https",
        "tweet_media",
        "preview_image_url",
    ),
    "videos": ("videos", "video_urls", "video_url", "video"),
    "alt": ("alt_text", "media_alt", "media_alt_text", "image_alt", "alt", "alt_texts"),
    "poll": ("attachments.poll.options",),
}
NO_CELLS = dict.fromkeys(COLUMNS, "")
APART = re.compile(r"[\s-]+")
URL = re.compile(r"https?://[^\s,;|\"'<>\[\]{}]+")
DELIMITERS = (",", "\t", ";")
ID = re.compile(r"[0-9]{1,20}")
ROUNDED = re.compile(r"[0-9.,]+[eE]\+?[0-9]+")
STATUS = re.compile(r"(?:x|twitter)\.com/(\w{1,20})/status(?:es)?/([0-9]{1,20})", re.ASCII)


GIVEN = {
    "text": "text",
    "id": "tweet_id",
    "author": "author",
    "author-id": "author_id",
    "name": "author_name",
    "date": "created_at",
    "url": "url",
    "conversation": "conversation",
    "reply-to": "reply_to",
    "reply-to-author": "reply_to_author",
    "repost": "repost",
    "media": "media",
    "video": "videos",
    "alt": "alt",
}
"""What a person may call each column that we know."""
APART_PAIRS = re.compile(r"\s*[,;]\s*(?=[\w-]+\s*=)")
"""What parts pairs; a column's name may have a comma too."""
PART = re.compile(r"(?:tweet|post|part)_?#?(\d{1,3})(?:_(?:text|content))?")
"""The column of a tweet, in a table with a thread in each row."""
NAME = re.compile(r"\w[\w .()/#&:'’-]{0,39}")
"""A column's name, as opposed to a sentence."""
OPTION = sentence("columns")
"""What the option is called on Discord."""
LOOK_AHEAD = 64 * 1024
"""Characters that are looked at to see whether a text is a table."""
LONGEST_HEADER = 250_000
"""Characters of the longest first row."""
MOST_ROWS = 20
NO_TEXT = "a row without text; left out"
MOST_SHORT = 1_000_000
"""Rows one after the other with too few cells for a text; the table has ended."""
ENDED = f"{MOST_SHORT:,} rows one after the other have too few cells; the rest is left out"
TOO_LONG = f"a row with a cell of more than {csv.field_size_limit():,} characters; left out"


class Header(NamedTuple):
    """The first row of a table of tweets."""

    delimiter: str
    """The delimiter between cells."""
    columns: Mapping[str, int]
    """The index of each known column, from 0."""
    parts: tuple[int, ...] = ()
    """The indices of the columns with a tweet each, if a row is a thread."""


def columns_from_text(given: str | None, option: Sentence | str) -> str | None:
    """Return `columns` of the metadata from a text such as `text=Body, date=Posted`.

    Args:
        given: the text; None for no columns.
        option: what the option is called.

    Raises:
        SettingsError: a part of it is not valid.
    """
    return columns_from_options(APART_PAIRS.split(given.strip(" ,;")), option) if given else None


def columns_from_options(given: Sequence[str], option: Sentence | str = "--column") -> str | None:
    """Return `columns` of the metadata from options such as `text=Body`, or None for none.

    Raises:
        SettingsError: an option is not valid.
    """
    for each in given:
        key, equals, name = each.partition("=")
        if key.strip().lower() not in GIVEN or not equals or not name.strip():
            raise SettingsError(
                sentence(
                    "{option} {value}: write KEY=NAME, such as text=Body. The keys are {keys}.",
                    option=option,
                    value=each,
                    keys=", ".join(GIVEN),
                )
            )
    return "\n".join(given) or None


def header_of(text: str, given: str | None = None) -> Header | None:
    """Return the header that `text` begins with, or None if it is not a table of tweets.

    A header names a column of texts, and one of authors, dates, ids or URLs.

    Args:
        text: the beginning of the text.
        given: which columns have what, as in the metadata.
    """
    mapped = _mapped(given)
    for delimiter in DELIMITERS:
        names = _cells(_first_line(text), delimiter)
        places = {_column(name): at for at, name in reversed([*enumerate(names)])}
        own = {ours: places[name] for ours, name in mapped.items() if name in places}
        if "text" in own and len(own) == len(mapped):
            return Header(delimiter, {**_known(places), **own})
        columns = {**_known(places), **own}
        if "text" in columns and columns.keys() & {"tweet_id", "author", "created_at", "url"}:
            return Header(delimiter, columns)
        parts = sorted(
            (int(found[1]), at) for name, at in places.items() if (found := PART.fullmatch(name))
        )
        if len(parts) > 1 and "text" not in columns:
            return Header(delimiter, columns, tuple(at for _, at in parts))
    return None


def refuse_unknown(text: str, file: str, given: str | None = None) -> None:
    """Raise an error if `text` is a table whose columns are unknown.

    Raises:
        DumpError: it is; the error says what it lacks, and how to say which columns have it.
    """
    for delimiter in DELIMITERS:
        names = _cells(_first_line(text), delimiter)
        if not _looks_like_table(text, names, delimiter):
            continue
        places = {_column(name): at for at, name in enumerate(names)}
        columns = ", ".join(names)
        for _, name in _pairs(given):
            if _column(name) not in places:
                reason = sentence(
                    "the table has no column “{name}”; it has: {columns}",
                    name=name,
                    columns=columns,
                )
                raise DumpError(file, reason)
        if "text" in _known(places):
            reason = sentence(
                "this table has no known column of ids, authors, dates or links; it has: {columns}."
                " Name one, such as date=NAME, with --column or the option {option} of /reload",
                columns=columns,
                option=OPTION,
            )
        else:
            reason = sentence(
                "this table has no known column of tweets’ texts; it has: {columns}. Name it,"
                " text=NAME, with --column or the option {option} of /reload; likewise id, author,"
                " date and url if there are any",
                columns=columns,
                option=OPTION,
            )
        raise DumpError(file, reason)


def _looks_like_table(text: str, names: Sequence[str], delimiter: str) -> bool:
    """Whether `text` is a table with the columns `names`: their names and its rows are regular."""
    distinct = {_column(name) for name in names}
    if len(names) < 2 or len(distinct) < len(names):
        return False
    if not all(NAME.fullmatch(name) for name in names):
        return False  # prose has a space after a comma
    lines = text.lstrip("\n")[:LOOK_AHEAD].split("\n")
    whole = lines if len(text) <= LOOK_AHEAD else lines[:-1]
    try:
        rows = [row for row in csv.reader(whole, delimiter=delimiter, strict=True) if row]
    except csv.Error:
        return False
    rows = rows[1 : MOST_ROWS + 1]
    is_regular = all(len(row) == len(names) for row in rows)
    return is_regular and len(rows) + len(names) >= 4 and bool(rows)


def _first_line(text: str) -> str:
    return text.lstrip("\n").split("\n", 1)[0]


def _cells(line: str, delimiter: str) -> list[str]:
    """Return the cells of a line, or none if it is no row, or too long for a header."""
    if len(line) > LONGEST_HEADER:
        return []
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return []


def _mapped(given: str | None) -> dict[str, str]:
    """Return the given columns: our key, and the name to look the column up by."""
    return {GIVEN[key.lower()]: _column(name) for key, name in _pairs(given)}


def _pairs(given: str | None) -> list[tuple[str, str]]:
    """Return the keys and names of columns as a person wrote them."""
    pairs = (line.partition("=") for line in (given or "").split("\n") if line)
    return [(key.strip(), name.strip()) for key, _, name in pairs]


def _known(places: Mapping[str, int]) -> dict[str, int]:
    """Return the index of each column whose name is usual."""
    return {
        ours: next(places[name] for name in theirs if name in places)
        for ours, theirs in COLUMNS.items()
        if any(name in places for name in theirs)
    }


def post_of_record(
    values: Mapping[str, str], given: str, line: int, metadata: Metadata
) -> Post | None:
    """Return the post in a record with names, which is read as a row is; None if it has no text.

    Args:
        values: the record's values by their names.
        given: which names have what, as in the metadata.
        line: where the record starts.
        metadata: metadata given for the dump.
    """
    named = {_column(name): value for name, value in values.items()}
    known = {
        ours: next(named[name] for name in theirs if name in named)
        for ours, theirs in COLUMNS.items()
        if any(name in named for name in theirs)
    }
    own = {ours: named[name] for ours, name in _mapped(given).items() if name in named}
    cells = NO_CELLS | known | own
    return _post(cells, line, metadata) if own and cells["text"] else None


def parse(
    text: Iterator[str], header: Header, metadata: Metadata, account: Account
) -> Sequence[Thread]:
    """Return the threads in the rows of `text`. Rows that cannot be read get a notice.

    Args:
        text: the text in pieces that may end anywhere.
        header: the header of the text.
        metadata: metadata given for the dump.
        account: records what becomes of each row.
    """
    return threads_of(_posts(text, *header, metadata, account), metadata, account)


def _posts(
    text: Iterator[str],
    delimiter: str,
    columns: Mapping[str, int],
    parts: Sequence[int],
    metadata: Metadata,
    account: Account,
) -> Iterator[Post]:
    rows = csv.reader(lines_in(text, account.file), delimiter=delimiter, strict=True)
    names = next(row for row in rows if row)
    account.record(rows.line_num, "boilerplate", "the column names", delimiter.join(names))
    line = rows.line_num + 1
    rounded = short = 0
    shown = [at for key in ("text", "media", "videos") if (at := columns.get(key)) is not None]
    least = min((*shown, *parts))
    while True:
        try:
            row = next(rows)
        except StopIteration:
            break
        except csv.Error as error:
            message = (
                TOO_LONG
                if "field limit" in str(error)
                else f"a row that cannot be read ({error}); left out"
            )
            account.notice(line, message)
            account.record(line, "notice", message, "")
            line = rows.line_num + 1
            continue
        if len(row) <= least:
            if row:
                short += 1
                account.notice(line, NO_TEXT)
                account.record(line, "notice", NO_TEXT, delimiter.join(row))
            if short == MOST_SHORT:
                account.notice(line, ENDED)
                break
            line = rows.line_num + 1
            continue
        short = 0
        cells = NO_CELLS | {name: _cell(row, at) for name, at in columns.items()}
        texts = [part for at in parts if (part := _cell(row, at))]
        if texts:
            yield from _thread(texts, cells, line, metadata)
        elif cells["text"] or cells["media"] or cells["videos"]:
            rounded += ROUNDED.fullmatch(cells["tweet_id"]) is not None
            yield _post(cells, line, metadata)
        elif any(row):
            account.notice(line, NO_TEXT)
            account.record(line, "notice", NO_TEXT, delimiter.join(row))
        line = rows.line_num + 1
    if rounded:
        message = (
            "tweet ids rounded by a spreadsheet (1.2E+18); left out, so these tweets have no link"
        )
        account.notice(None, message)


def _post(cells: Mapping[str, str], line: int, metadata: Metadata) -> Post:
    status = STATUS.search(cells["url"])
    text = html.unescape(cells["text"])
    whole: list[Link] = []
    for short in short_links({"urls": _json(cells["urls"])}) if cells["urls"] else ():
        if short.url and short.short in text:
            text = text.replace(short.short, short.url)
            whole.append(Link(short.shown or short.url, short.url))
    media = _media(cells)
    parts = split_line(without_its_link(text) if media else text)
    return Post(
        line=line,
        text=parts.text,
        mentions=parts.mentions,
        links=tuple(whole) or parts.links,
        author=handle(cells["author"]) or (status[1] if status else metadata.author),
        author_id=_id(cells["author_id"]),
        created_at=iso(cells["created_at"]),
        tweet_id=_id(cells["tweet_id"]) or (status[2] if status else None),
        conversation=_id(cells["conversation"]),
        reply_to=_id(cells["reply_to"]),
        reply_to_author=handle(cells["reply_to_author"]),
        reply_to_author_id=_id(cells["reply_to_author_id"]),
        is_repost=bool(cells["repost"]) or text.startswith("RT @"),
        author_name=cells["author_name"] or None,
        media=media,
        poll=poll_options(as_list(_json(cells["poll"]))) if cells["poll"] else (),
    )


def _thread(
    texts: Sequence[str], cells: Mapping[str, str], line: int, metadata: Metadata
) -> Iterator[Post]:
    """Yield the posts of a row that is a thread; its other cells are about the first."""
    first = _post({**cells, "text": texts[0]}, line, metadata)
    above = first.tweet_id or f"\0{line}.0"
    yield with_changes(first, key=above)
    for place, text in enumerate(texts[1:], start=1):
        alone = dict.fromkeys(cells, "") | {"text": text, "created_at": cells["created_at"]}
        key = f"\0{line}.{place}"
        yield with_changes(
            _post(alone, line, metadata),
            author=first.author,
            key=key,
            reply_to=above,
            reply_to_author=first.author,
        )
        above = key


def _media(cells: Mapping[str, str]) -> tuple[Media, ...]:
    """Return the media in a row's cells: JSON, or URLs with anything between them."""
    media: tuple[Media, ...] = ()
    for cell in (cells["media"], cells["videos"]):
        if cell:
            values = _json(cell)
            media += media_in(values if isinstance(values, list) else URL.findall(cell))
    if len(media) == 1 and cells["alt"] and not media[0].alt:
        media = (replace(media[0], alt=cells["alt"]),)
    return media


def _cell(row: Sequence[str], at: int) -> str:
    """Return a row's cell, empty if the row is shorter than the header."""
    return row[at].strip() if at < len(row) else ""


def _column(name: str) -> str:
    """Return the name to look a column up by: `tweet_id` for `Tweet Id` and `tweet-id`."""
    return APART.sub("_", name.strip().lower())


def _json(cell: str) -> object:
    """Return the JSON value in a cell, or None."""
    if not cell:
        return None
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        return None


def _id(cell: str) -> str | None:
    """Return an id as text, or None; never via a float, which would change its last digits."""
    return cell if ID.fullmatch(cell) else None
