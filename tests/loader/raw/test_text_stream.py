"""Large texts, decoded piece by piece."""

from __future__ import annotations

import codecs

import pytest

from bot.errors import DumpError
from bot.loader.line_account import Account
from bot.loader.raw.content import SMALL, Content, Part
from bot.loader.raw.text_stream import lines_in, text_of
from tests.loader.test_streams import Dribble

BROKEN = "some bytes are not UTF-8; shown as \ufffd"
CONTROLS = "control characters; left out"


def streamed(data: bytes, most: int = 3, part: str = "") -> tuple[list[str], list[object]]:
    """Return the pieces of a text that claims to be large, and the notices."""
    account = Account("a.txt")
    pieces = list(text_of(Part(part, lambda: Dribble(data, most), SMALL + 1), account))
    return pieces, [(each.file, each.line, each.message) for each in account.notices]


def test_a_small_text_comes_in_one_piece() -> None:
    data = b"Low tide\r\nat the quay"
    part = Part("a.js", lambda: Dribble(data, 3), SMALL)
    told: list[int] = []
    assert list(text_of(part, Account("a"), told.append)) == ["Low tide\nat the quay"]
    assert told == [3] * 7
    (piece,) = Content.of(b"caf\xe9").parts
    account = Account("a.zip")
    list(text_of(Part("a.js", piece.open, piece.size), account))
    assert [each.file for each in account.notices] == ["a.zip/a.js"]


def test_a_large_text_comes_in_the_pieces_that_are_read() -> None:
    told: list[int] = []
    part = Part("", lambda: Dribble(b"Low tide", 3), SMALL + 1)
    assert list(text_of(part, Account("a"), told.append)) == ["Low", " ti", "de", ""]
    assert told == [3, 3, 2]
    assert list(text_of(part, Account("a"))) == ["Low", " ti", "de", ""]


def test_an_empty_text_that_claims_to_be_large_is_empty() -> None:
    assert streamed(b"") == ([], [])


@pytest.mark.parametrize("most", range(1, 9))
def test_line_ends_and_characters_are_read_wherever_the_pieces_end(most: int) -> None:
    text = "a\r\nb\rc\n\r\n€ 🚢\r"
    assert "".join(streamed(text.encode(), most)[0]) == "a\nb\nc\n\n€ 🚢\n"


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_byte_order_mark_determines_the_encoding(mark: bytes, encoding: str) -> None:
    pieces, notices = streamed(mark + "Tide €\r\n".encode(encoding), 5)
    assert ("".join(pieces), notices) == ("Tide €\n", [])


def test_broken_bytes_get_one_notice_with_the_first_line_that_has_them() -> None:
    pieces, notices = streamed(b"one\ntwo\nthr\xffe\n\xfffour\n", 9, "tweets.js")
    assert "".join(pieces) == "one\ntwo\nthr\ufffde\n\ufffdfour\n"
    assert notices == [("a.txt/tweets.js", 3, BROKEN)]
    assert streamed(b"o\n\xff\n\n", 99)[1] == [("a.txt", 2, BROKEN)]
    assert streamed(b"one\n\xff", 3)[1] == [("a.txt", 2, BROKEN)]


def test_a_character_that_is_cut_at_the_end_is_shown_as_broken() -> None:
    assert "".join(streamed("Tide €".encode()[:-1])[0]) == "Tide \ufffd"


def test_control_characters_are_left_out_with_one_notice() -> None:
    pieces, notices = streamed(b"one\ntwo\n\x07three\x1b\n\x07four", 9)
    assert "".join(pieces) == "one\ntwo\nthree\nfour"
    assert notices == [("a.txt", 3, CONTROLS)]
    assert streamed(b"one\n\x07", 3)[1] == [("a.txt", 2, CONTROLS)]
    pieces, notices = streamed(b"one\n\x07\xff", 99)
    assert notices == [("a.txt", 2, BROKEN), ("a.txt", 2, CONTROLS)]


def test_a_file_of_another_kind_is_refused() -> None:
    with pytest.raises(DumpError, match=r"^a\.txt: this is a PDF document"):
        streamed(b"%PDF-1.7", 8)


@pytest.mark.parametrize(
    ("pieces", "lines"),
    [
        (["a\nb", "c\n", "\nd"], ["a\n", "bc\n", "\n", "d"]),
        (["a", "b", ""], ["ab"]),
        (["a\n"], ["a\n"]),
        ([], []),
    ],
)
def test_lines_are_whole_wherever_the_pieces_end(pieces: list[str], lines: list[str]) -> None:
    assert list(lines_in(iter(pieces), "a.csv")) == lines
