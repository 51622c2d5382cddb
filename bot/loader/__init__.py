"""Dump bytes to threads and notices. Pure: no file is opened here, and nothing is kept."""

from __future__ import annotations

import hashlib
import re
from dataclasses import fields, replace

from bot.errors import DumpError
from bot.loader import tabular, thread_reader_html, thread_reader_text, x_records
from bot.loader.decode import lines_of, read_text
from bot.loader.front_matter import split_front_matter
from bot.models import Dump, Metadata, Notice, Thread

PARSER_VERSION = 2
"""Raised whenever the same bytes may come out otherwise: the store then reads its dumps again."""

MOST_REASONS = 3
WEB_PAGE = re.compile(r"\s*<(?:!doctype|html|head|body|div|\?xml)\b", re.IGNORECASE)

Parsed = tuple[tuple[Thread, ...], list[Notice]]


def read_dump(data: bytes, file: str, metadata: Metadata | None = None) -> Dump:
    """Read one dump.

    Args:
        data: the file's bytes.
        file: its name, as the person knows it.
        metadata: what is said of the dump from outside; goes before its own front matter.

    Raises:
        DumpError: nothing at all could be read; it names the file and the reason.
    """
    outside = metadata or Metadata()
    text, notices = read_text(data, file)
    format_, (threads, more) = _parse(text, file, outside)
    notices += more
    if not threads:
        why = "; ".join(notice.message for notice in more[:MOST_REASONS])
        rest = f"; and {len(more) - MOST_REASONS:,} more" if len(more) > MOST_REASONS else ""
        raise DumpError(file, f"no tweet was found in it{f' ({why}{rest})' if why else ''}")
    return Dump(
        file=file,
        format=format_,
        sha256=hashlib.sha256(data).hexdigest(),
        metadata=outside,
        threads=threads,
        notices=tuple(sorted(notices, key=lambda notice: notice.line or 0)),
    )


def _parse(text: str, file: str, outside: Metadata) -> tuple[str, Parsed]:
    """The format's name and what it holds; a format is known by its content, not by its name."""
    if x_records.looks_like(text):
        return x_records.format_name(text), x_records.parse(text, file, outside)
    if tabular.looks_like(text):
        return tabular.FORMAT, tabular.parse(text, file, outside)
    inside, body, notices = split_front_matter(lines_of(text), file)
    markup = "\n".join(line.text for line in body)
    if thread_reader_html.looks_like(markup):
        metadata = _over(outside, inside)
        threads, more = thread_reader_html.parse(markup, file, metadata, body[0].number)
        return thread_reader_html.FORMAT, (threads, notices + more)
    first = next((line for line in body if line.text), None)
    if first and WEB_PAGE.match(first.text):
        reason = "this is a saved web page; save the thread's page as text"
        raise DumpError(file, reason, line=first.number)
    threads, more = thread_reader_text.parse(body, file, _over(outside, inside))
    return thread_reader_text.FORMAT, (threads, notices + more)


def _over(outside: Metadata, inside: Metadata) -> Metadata:
    said = {each.name: getattr(outside, each.name) for each in fields(outside)}
    return replace(inside, **{key: value for key, value in said.items() if value is not None})
