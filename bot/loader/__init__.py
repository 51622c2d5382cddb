"""Dump bytes to threads and notices. Pure: no file is opened here, and nothing is kept."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import fields, replace

from bot.errors import DumpError
from bot.loader import thread_reader_text
from bot.loader.decode import Line, read_lines
from bot.loader.front_matter import split_front_matter
from bot.models import Dump, Metadata

PARSER_VERSION = 2
"""Raised whenever the same bytes may come out otherwise: the store then reads its dumps again."""

NOT_YET = (
    (re.compile(r"\s*(?:\[\s*(?:[\[{\]\"]|$)|\{\s*(?:[\"}]|$))"), "JSON"),
    (re.compile(r"\s*window\.YTD\b"), "part of an X archive"),
    (re.compile(r"\s*<(?:!doctype|html|head|body|div|\?xml)\b", re.IGNORECASE), "a saved web page"),
)


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
    lines, notices = read_lines(data, file)
    inside, body, more = split_front_matter(lines, file)
    notices += more
    _refuse_other_formats(body, file)
    threads, more = thread_reader_text.parse(body, file, _over(outside, inside))
    notices += more
    if not threads:
        raise DumpError(file, "no tweet was found in it")
    return Dump(
        file=file,
        format=thread_reader_text.FORMAT,
        sha256=hashlib.sha256(data).hexdigest(),
        metadata=outside,
        threads=threads,
        notices=tuple(sorted(notices, key=lambda notice: notice.line or 0)),
    )


def _over(outside: Metadata, inside: Metadata) -> Metadata:
    said = {each.name: getattr(outside, each.name) for each in fields(outside)}
    return replace(inside, **{key: value for key, value in said.items() if value is not None})


def _refuse_other_formats(lines: Sequence[Line], file: str) -> None:
    first = next((line for line in lines if line.text), None)
    if first is None:
        return
    for opening, kind in NOT_YET:
        if opening.match(first.text):
            raise DumpError(
                file,
                f"this is {kind}; this version reads text copied from a Thread Reader page",
                line=first.number,
            )
