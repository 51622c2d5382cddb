"""Long questions, spread over the custom ids of a message.

An interaction includes its message, so a question that does not fit into one custom id is packed
and spread over all of them. A packed character stores 15 bits. All packed characters are letters
of one UTF-16 unit that Unicode normalisation keeps. A checksum detects incomplete messages. Pure.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence

LENGTH = 100
MARK = "¦"
"""Precedes a part, which is a place and a slice of the packed question."""
PLACES = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
BITS = 15
LETTERS = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000), range(0xAC00, 0xD7A4))
"""Ideographs and Hangul. Sent messages stay for years, so never change them. They are counted
through, as tables of them all would take 6 MB in each process."""
CHECKSUM = 4
ALONE = "tb1:ask:"
"""Prefix of custom ids that hold another question as a whole."""


def spread(bases: Sequence[str], question: str) -> list[str] | None:
    """The custom ids `bases`, each with its part of `question`; None if the question does not fit.

    A base that ends with the mark always gets a part, even an empty one.
    """
    left = packed(question)
    carriers: list[str] = []
    for place, base in enumerate(bases[: len(PLACES)]):
        head = f"{base.removesuffix(MARK)}{MARK}{PLACES[place]}"
        room = max(LENGTH - len(head), 0)
        carriers.append(f"{head}{left[:room]}" if left[:room] or base.endswith(MARK) else base)
        left = left[room:]
    return None if left else [*carriers, *bases[len(PLACES) :]]


def room(bases: Sequence[str], question: str) -> int:
    """About how many characters of `question` the message could carry."""
    free = sum(LENGTH - len(base.removesuffix(MARK)) - 2 for base in bases[: len(PLACES)])
    return len(question) * max(free, 0) // len(packed(question))


def gathered(custom_ids: Iterable[str]) -> str | None:
    """The question that a message's `custom_ids` carry together; None if a part is missing."""
    carriers = [each for each in custom_ids if not each.startswith(ALONE)]
    parts = sorted(part for each in carriers if (part := each.partition(MARK)[2]))
    return unpacked("".join(part[1:] for part in parts))


def packed(question: str) -> str:
    """`question` as letters, compressed and with a checksum."""
    raw = question.encode("utf-8", errors="surrogatepass")
    data = zlib.crc32(raw).to_bytes(CHECKSUM) + zlib.compress(raw, 9, -15)
    bits = int.from_bytes(b"\x01" + data)  # the one keeps zeros at the beginning
    letters: list[str] = []
    while bits:
        bits, number = divmod(bits, 1 << BITS)
        letters.append(_letter(number))
    return "".join(letters)


def unpacked(letters: str) -> str | None:
    """The question packed as `letters`; None if they are incomplete or damaged."""
    bits = 0
    for letter in reversed(letters):
        number = _number(letter)
        if number is None:
            return None
        bits = bits << BITS | number
    data = bits.to_bytes((bits.bit_length() + 7) // 8)[1:]
    try:
        raw = zlib.decompress(data[CHECKSUM:], -15)
        whole = zlib.crc32(raw).to_bytes(CHECKSUM) == data[:CHECKSUM]
        return raw.decode("utf-8", errors="surrogatepass") if whole else None
    except (zlib.error, UnicodeDecodeError):
        return None


def _letter(number: int) -> str:
    """Return the letter that stands for a number below 2 ** BITS."""
    for letters in LETTERS[:-1]:
        if number < len(letters):
            return chr(letters[number])
        number -= len(letters)
    return chr(LETTERS[-1][number])


def _number(letter: str) -> int | None:
    """Return the number that a letter stands for; None if it stands for none."""
    code, before = ord(letter), 0
    for letters in LETTERS:
        if code in letters:
            number = before + code - letters.start
            return number if number < 1 << BITS else None
        before += len(letters)
    return None
