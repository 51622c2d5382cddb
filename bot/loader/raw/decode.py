"""Decodes bytes to lines: encodings, line ends and control characters."""

from __future__ import annotations

import codecs
import re

from bot.errors import DumpError
from bot.i18n.messages import sentence
from bot.loader.line_account import Account
from bot.loader.raw.line import Line
from bot.models import Notice

BYTE_ORDER_MARKS = (
    # UTF-32 first: its little-endian mark begins with UTF-16's.
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
BINARY_SIGNATURES = (
    (b"PK\x03\x04", sentence("a ZIP archive")),  # a ZIP in a ZIP; the outer one is already open
    (b"%PDF-", sentence("a PDF document")),
    (b"\x89PNG", sentence("a PNG image")),
    (b"\xff\xd8\xff", sentence("a JPEG image")),
    (b"GIF87a", sentence("a GIF image")),
    (b"GIF89a", sentence("a GIF image")),
    (b"\x1f\x8b", sentence("a gzip archive")),
    (b"SQLite format 3\x00", sentence("an SQLite database")),
)
LINE_END = re.compile(r"\r\n|\n|\r")
BINARY = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ufeff\ufffe\uffff]")
CONTROL = re.compile(rf"{BINARY.pattern}|[\x80-\x84\x86-\x9f]")
"""Characters that can control a terminal; text that was encoded twice is full of the latter."""
ASCII_CONTROL = bytes(each for each in range(128) if CONTROL.match(chr(each)))
SURROGATE = re.compile("[\ud800-\udfff]")
WESTERN = re.compile(r"[\x00-\x7fÀ-ÖØ-öø-ÿŒœŠšŽžŸ‘’‚“”„–—…•·«»‹›¿¡°£€§©®™´\xa0]*")
BROKEN_BYTES = "some bytes are not {encoding}; shown as \ufffd"
CONTROL_CHARACTERS = "control characters; left out"
WIDE_ENCODINGS = ["utf_7", "utf_16", "utf_16_be", "utf_16_le", "utf_32", "utf_32_be", "utf_32_le"]
"""Never guessed: without a byte order mark, a few bytes of anything look like these."""


def read_text(data: bytes, account: Account, part: str = "") -> str:
    """Decode `data`, with \\n as line ends. Guesses get a notice.

    Raises:
        DumpError: `data` is empty, blank or not text.
    """
    file = account.file
    if not data:
        raise DumpError(file, sentence("the file is empty"))
    refuse_binary(data, file)
    text, notices = _decode(data, file)
    for notice in notices:
        account.notice(notice.line, notice.message, part)
    control = find_control(text)
    if control:
        refuse_controls(text, file)
    if "\r" in text:
        text = LINE_END.sub("\n", text)
        control = find_control(text)
    if control:
        line = text.count("\n", 0, control.start()) + 1
        account.notice(line, CONTROL_CHARACTERS, part)
        text = CONTROL.sub("", text)
    if not text.strip():
        raise DumpError(file, sentence("the file contains only blank lines"))
    return text


def find_control(text: str) -> re.Match[str] | None:
    """Return the first control character in `text`."""
    if text.isascii() and len(text.encode().translate(None, ASCII_CONTROL)) == len(text):
        return None  # three times as fast as the pattern
    return CONTROL.search(text)


def refuse_binary(data: bytes, file: str) -> None:
    """Raise an error if `data` begins like a binary file.

    Raises:
        DumpError: it does; the error names the kind of file.
    """
    for signature, kind in BINARY_SIGNATURES:
        if data.startswith(signature):
            reason = sentence("this is {kind}, not text; save the thread's page as text", kind=kind)
            raise DumpError(file, reason)


def refuse_controls(text: str, file: str) -> None:
    """Raise an error if `text` has too many control characters to be text.

    Raises:
        DumpError: it has.
    """
    if len(BINARY.findall(text)) > 1 + len(text) // 100:
        reason = sentence("this is a binary file, not text; save the thread's page as text")
        raise DumpError(file, reason)


def clean(text: str) -> str:
    """Return `text` without control characters and surrogates, which JSON and HTML can spell."""
    if text.replace("\n", "").isprintable():
        return text  # neither is printable
    return SURROGATE.sub("\ufffd", CONTROL.sub("", text))


def lines_of(text: str) -> list[Line]:
    """Return the lines of `text`, including blank ones."""
    return [
        Line(number, raw.strip(), raw.endswith("  "))
        for number, raw in enumerate(text.split("\n"), start=1)
    ]


def _decode(data: bytes, file: str) -> tuple[str, list[Notice]]:
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decode_as(data[len(mark) :], encoding, file)
    for encoding, high in (("utf-16-le", data[1::2]), ("utf-16-be", data[::2])):
        # In Western text, every second byte of UTF-16 is zero, and no other byte.
        zeros = high.count(0)
        if zeros > len(high) * 0.6 and zeros == data.count(0):
            text, notices = _decode_as(data, encoding, file)
            return text, [Notice(file, 1, f"no byte order mark; read as {encoding}"), *notices]
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError as error:
        return _guess(data, file, error)


def _decode_as(data: bytes, encoding: str, file: str) -> tuple[str, list[Notice]]:
    try:
        return data.decode(encoding), []
    except UnicodeDecodeError as error:
        line = _line_at(data[: error.start].decode(encoding))
        message = BROKEN_BYTES.format(encoding=encoding.upper())
        return data.decode(encoding, errors="replace"), [Notice(file, line, message)]


def _guess(data: bytes, file: str, error: UnicodeDecodeError) -> tuple[str, list[Notice]]:
    """Decode bytes that are not UTF-8: as slightly broken UTF-8, or in the likeliest encoding."""
    repaired = data.decode("utf-8", errors="replace")
    line = _line_at(data[: error.start].decode("utf-8"))
    broken = repaired.count("\ufffd")
    intact = sum(1 for character in repaired if character > "\x7f") - broken
    if intact > broken:
        message = BROKEN_BYTES.format(encoding="UTF-8")
        return repaired, [Notice(file, line, message)]
    encoding = "cp1252" if _is_western(data) else _likeliest(data)
    name = encoding.replace("_", "-")
    message = f"not UTF-8; read as {name}, a guess (save the file as UTF-8 to be sure)"
    text = data.decode(encoding, errors="replace")
    return text, [Notice(file, line, message)]


def _is_western(data: bytes) -> bool:
    """Whether `data` is plausible as Windows-1252: accented letters, and few of them."""
    read = data.decode("cp1252", errors="replace")
    foreign = sum(1 for character in read if character > "\x7f")
    letters = sum(1 for character in read if character.isalpha())
    return bool(WESTERN.fullmatch(read)) and foreign * 2 <= letters


def _likeliest(data: bytes) -> str:
    # Imported here, because the import takes longer than reading most dumps.
    from charset_normalizer import from_bytes

    best = from_bytes(data, cp_exclusion=WIDE_ENCODINGS).best()
    return "cp1252" if best is None else best.encoding


def _line_at(before: str) -> int:
    return len(LINE_END.split(before))
