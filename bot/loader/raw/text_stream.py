"""Decodes a dump's text piece by piece; large ones are never in memory as a whole."""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable, Iterable, Iterator

from bot.errors import DumpError
from bot.i18n.messages import sentence
from bot.loader.line_account import Account
from bot.loader.raw.content import SMALL, Part, pieces
from bot.loader.raw.decode import (
    BROKEN_BYTES,
    BYTE_ORDER_MARKS,
    CONTROL,
    CONTROL_CHARACTERS,
    LINE_END,
    find_control,
    read_text,
    refuse_binary,
    refuse_controls,
)

Progress = Callable[[int], None]
"""Called with the number of bytes read since its last call; may raise, to stop the reading."""


ENOUGH = 4096
"""Characters that tell whether a file is text."""
LONGEST_LINE = SMALL
"""Characters of the longest line of a table."""


def text_of(part: Part, account: Account, progress: Progress | None = None) -> Iterator[str]:
    """Yield the text of `part`, with \\n as line ends, in pieces that may end anywhere.

    Raises:
        DumpError: it is empty, blank or not text, or in an archive that is damaged.
        OSError: it cannot be read.
    """
    if part.size <= SMALL:
        data = b"".join(_counted(part, progress))
        yield read_text(data, account, part.name)
        return
    yield from _decoded(part, account, progress)


def lines_in(text: Iterable[str], file: str) -> Iterator[str]:
    """Yield the lines of a text that comes in pieces, each with its \\n.

    Raises:
        DumpError: a line is longer than LONGEST_LINE; the error names `file` and the line.
    """
    rest: list[str] = []
    length = 0
    number = 1
    for piece in text:
        end = piece.rfind("\n") + 1
        if end:
            yield from io.StringIO("".join((*rest, piece[:end])), newline="\n")
            rest, length = [], 0
            number += piece.count("\n")
        rest.append(piece[end:])
        length += len(piece) - end
        if length > LONGEST_LINE and rest[1:]:  # a small file is one piece
            reason = sentence("a line is longer than {number} characters", number=LONGEST_LINE)
            raise DumpError(file, reason, line=number)
    if whole := "".join(rest):
        yield whole


def _counted(part: Part, progress: Progress | None) -> Iterator[bytes]:
    for piece in pieces(part):
        yield piece
        if progress:
            progress(len(piece))


def _decoded(part: Part, account: Account, progress: Progress | None) -> Iterator[str]:
    """Decode a large text, as UTF-8 or as its byte order mark says. Broken bytes get a notice."""
    decoder: codecs.IncrementalDecoder | None = None
    encoding = ""
    line = 1
    noticed: set[str] = set()
    pending = ""
    for piece in _counted(part, progress):
        data = piece
        if decoder is None:
            refuse_binary(data, account.file)
            encoding, data = _encoding(data)
            decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
        text = pending + decoder.decode(data)
        # A line end may be split between two pieces.
        pending = "\r" if text.endswith("\r") else ""
        text = text[: len(text) - len(pending)]
        if "\r" in text:
            text = LINE_END.sub("\n", text)
        if "\ufffd" in text:
            broken = line + text.count("\n", 0, text.index("\ufffd"))
            message = BROKEN_BYTES.format(encoding=encoding.upper())
            _notice_once(account, noticed, broken, part, message)
        control = find_control(text)
        if control:
            if len(text) >= ENOUGH:
                refuse_controls(text, account.file)
            first = line + text.count("\n", 0, control.start())
            _notice_once(account, noticed, first, part, CONTROL_CHARACTERS)
            text = CONTROL.sub("", text)
        line += text.count("\n")
        yield text
    if decoder is not None:
        yield LINE_END.sub("\n", pending + decoder.decode(b"", final=True))


def _notice_once(account: Account, noticed: set[str], line: int, part: Part, message: str) -> None:
    if message not in noticed:
        noticed.add(message)
        account.notice(line, message, part.name)


def _encoding(data: bytes) -> tuple[str, bytes]:
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return encoding, data[len(mark) :]
    return "utf-8", data
