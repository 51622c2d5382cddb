"""Long questions in a message's custom ids: a part in each, to be put together when one is used.

An interaction brings its whole message, so a question that no custom id holds whole is packed and
spread over all of them. Packed, a character stands for 15 bits; all are letters that normalising
leaves alone, and one UTF-16 unit each. A checksum tells a message that is not whole. Pure.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence

LENGTH = 100
MARK = "¦"
"""Stands before a part: a place, and what is carried there."""
PLACES = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
BITS = 15
LETTERS = [*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000), *range(0xAC00, 0xD7A4)][: 1 << BITS]
"""Ideographs and Hangul. What was sent stays for years: never change them."""
NUMBERS = {chr(letter): number for number, letter in enumerate(LETTERS)}
CHECKSUM = 4
ALONE = "tb1:ask:"
"""What a custom id begins with that holds another question, whole."""


def spread(bases: Sequence[str], question: str) -> list[str] | None:
    """The custom ids `bases`, each with its part of `question`; none if they have no room for it.

    A base that ends with the mark gets a part in any case, for it says that it carries one.
    """
    left = packed(question)
    made: list[str] = []
    for place, base in enumerate(bases[: len(PLACES)]):
        head = f"{base.removesuffix(MARK)}{MARK}{PLACES[place]}"
        room = max(LENGTH - len(head), 0)
        made.append(f"{head}{left[:room]}" if left[:room] or base.endswith(MARK) else base)
        left = left[room:]
    return None if left else [*made, *bases[len(PLACES) :]]


def room(bases: Sequence[str], question: str) -> int:
    """About how many characters of `question` its message could carry."""
    free = sum(LENGTH - len(base.removesuffix(MARK)) - 2 for base in bases[: len(PLACES)])
    return len(question) * max(free, 0) // len(packed(question))


def gathered(custom_ids: Iterable[str]) -> str | None:
    """The question that a message's `custom_ids` carry together; none if it is not whole."""
    carriers = [each for each in custom_ids if not each.startswith(ALONE)]
    parts = sorted(part for each in carriers if (part := each.partition(MARK)[2]))
    return unpacked("".join(part[1:] for part in parts))


def packed(question: str) -> str:
    """`question`, compressed and checked, in letters."""
    said = question.encode("utf-8", errors="surrogatepass")
    data = zlib.crc32(said).to_bytes(CHECKSUM) + zlib.compress(said, 9, -15)
    bits = int.from_bytes(b"\x01" + data)  # the one keeps zeros at the beginning
    made: list[str] = []
    while bits:
        bits, number = divmod(bits, 1 << BITS)
        made.append(chr(LETTERS[number]))
    return "".join(made)


def unpacked(letters: str) -> str | None:
    """What was packed as `letters`; none if that is not all of them, or others."""
    bits = 0
    for letter in reversed(letters):
        if letter not in NUMBERS:
            return None
        bits = bits << BITS | NUMBERS[letter]
    data = bits.to_bytes((bits.bit_length() + 7) // 8)[1:]
    try:
        said = zlib.decompress(data[CHECKSUM:], -15)
        whole = zlib.crc32(said).to_bytes(CHECKSUM) == data[:CHECKSUM]
        return said.decode("utf-8", errors="surrogatepass") if whole else None
    except (zlib.error, UnicodeDecodeError):
        return None
