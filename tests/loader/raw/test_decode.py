"""Bytes to lines."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import DumpError
from bot.loader.line_account import Account
from bot.loader.raw.decode import CONTROL, clean, find_control, lines_of, read_text
from bot.loader.raw.line import Line
from bot.models import Notice


def read_lines(data: bytes, file: str) -> tuple[list[Line], list[Notice]]:
    account = Account(file)
    return lines_of(read_text(data, account)), account.notices


def test_lines_are_numbered_as_an_editor_numbers_them() -> None:
    lines, notices = read_lines(b"one\r\n\r\n  three \rfour\nfive", "a.txt")
    assert lines == [
        Line(1, "one"),
        Line(2, ""),
        Line(3, "three"),
        Line(4, "four"),
        Line(5, "five"),
    ]
    assert notices == []


def test_a_guessed_encoding_gets_a_notice_with_its_first_line() -> None:
    lines, (notice,) = read_lines("Plain.\nL’été à Orléans.\n".encode("cp1252"), "a.txt")
    assert lines[1].text == "L’été à Orléans."
    assert (notice.file, notice.line) == ("a.txt", 2)
    assert "cp1252" in notice.message


@pytest.mark.parametrize(
    ("said", "encoding"),
    [
        ("Порт закрыт, и краны стоят уже третий день подряд.", "cp1251"),
        ("これは港の話です。船は来なかった。", "cp932"),
        ("El niño volvió mañana, según él.", "latin-1"),
        ("caf\xe9", "latin-1"),
        ("Größe", "cp1252"),
    ],
)
def test_words_of_other_encodings_are_read_as_they_were_written(said: str, encoding: str) -> None:
    lines, notices = read_lines(said.encode(encoding), "a.txt")
    assert lines[0].text == said
    assert len(notices) == 1


def test_text_encoded_twice_is_poor_text_and_no_binary_file() -> None:
    twice = "it’s the port’s quay".encode().decode("latin-1").encode()
    lines, (notice,) = read_lines(twice, "a.txt")
    assert lines[0].text == "itâs the portâs quay"
    assert notice.line == 1


def test_a_file_full_of_control_characters_is_no_text() -> None:
    with pytest.raises(DumpError, match="binary"):
        read_lines(bytes(range(32)) * 4, "a.txt")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_its_mark_is_read_with_a_notice(encoding: str) -> None:
    lines, (notice,) = read_lines("Ports grow “quiet”.\nCranes too".encode(encoding), "a.txt")
    assert [line.text for line in lines] == ["Ports grow “quiet”.", "Cranes too"]
    assert encoding in notice.message


def decoded(data: bytes) -> tuple[str, list[tuple[int | None, str]]]:
    """The text, and the notices with their lines."""
    account = Account("a.txt")
    text = read_text(data, account)
    assert {each.file for each in account.notices} <= {"a.txt"}
    return text, [(each.line, each.message) for each in account.notices]


def refused(data: bytes) -> str:
    with pytest.raises(DumpError) as caught:
        read_text(data, Account("a.txt"))
    assert caught.value.file == "a.txt"
    return str(caught.value.reason)


BROKEN = "some bytes are not {}; shown as \ufffd"
CONTROLS = "control characters; left out"
GUESSED = "not UTF-8; read as {}, a guess (save the file as UTF-8 to be sure)"


def test_a_text_s_lines_may_end_in_any_way() -> None:
    assert decoded(b"a\r\nb\rc\nd\r\r\n") == ("a\nb\nc\nd\n\n", [])


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the file is empty"),
        (b" \r\n\t ", "the file contains only blank lines"),
        (codecs.BOM_UTF8, "the file contains only blank lines"),
        (b"\x07 ", "the file contains only blank lines"),
        (b"\x07\x08 ", "this is a binary file, not text; save the thread's page as text"),
        (b"%PDF-1.7", "this is a PDF document, not text; save the thread's page as text"),
        (b"PK\x03\x04", "this is a ZIP archive, not text; save the thread's page as text"),
        (b"\x89PNG", "this is a PNG image, not text; save the thread's page as text"),
        (b"\xff\xd8\xff", "this is a JPEG image, not text; save the thread's page as text"),
        (b"GIF87a", "this is a GIF image, not text; save the thread's page as text"),
        (b"GIF89a", "this is a GIF image, not text; save the thread's page as text"),
        (b"\x1f\x8b", "this is a gzip archive, not text; save the thread's page as text"),
        (
            b"SQLite format 3\x00",
            "this is an SQLite database, not text; save the thread's page as text",
        ),
    ],
)
def test_what_is_no_text_is_refused_with_the_reason(data: bytes, reason: str) -> None:
    assert refused(data) == reason


def test_a_text_may_have_a_control_character_in_a_hundred_and_one_more() -> None:
    assert decoded(b"Low tide\n" * 22 + b"ab" + b"\x00\x01\x02")[0].endswith("ab")
    assert refused(b"Low tide\n" * 21 + b"abcdef" + b"\x00\x01\x02").startswith("this is a binary")


@pytest.mark.parametrize("code", [0x00, 0x08, 0x0B, 0x0E, 0x1F, 0x7F, 0x80, 0x84, 0x86, 0x9F,
                                  0xFEFF, 0xFFFE, 0xFFFF])  # fmt: skip
def test_control_characters_are_left_out_with_a_notice(code: int) -> None:
    data = f"one\ntwo{chr(code)}\nthree".encode()
    assert decoded(data) == ("one\ntwo\nthree", [(2, CONTROLS)])


def test_the_line_of_a_control_character_is_counted_from_the_first() -> None:
    assert decoded(b"\n\x07a") == ("\na", [(2, CONTROLS)])


@pytest.mark.parametrize("code", [0x09, 0x0C, 0x20, 0x7E, 0x85, 0xA0, 0x200B, 0xFEFE, 0xFFFD])
def test_other_characters_stay(code: int) -> None:
    assert decoded(f"one{chr(code)}two".encode()) == (f"one{chr(code)}two", [])


def test_notices_name_the_file_in_an_archive() -> None:
    account = Account("a.zip")
    read_text(b"Caf\xe9\x07", account, "tweets.js")
    assert [each.file for each in account.notices] == ["a.zip/tweets.js"] * 2


def test_what_json_spells_is_cleaned() -> None:
    assert clean("Low\x07 \x9b\ttide\ud800 €\n") == "Low \ttide\ufffd €\n"


def test_two_spaces_end_a_line_that_is_to_break() -> None:
    assert lines_of("a  \n b \n  ") == [
        Line(1, "a", breaks=True), Line(2, "b"), Line(3, "", breaks=True),
    ]  # fmt: skip


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
    assert decoded(mark + "Tide €".encode(encoding)) == ("Tide €", [])


def test_broken_bytes_below_a_mark_get_a_notice_with_their_line() -> None:
    assert decoded(codecs.BOM_UTF8 + b"one\ntwo \xff\n") == (
        "one\ntwo \ufffd\n",
        [(2, BROKEN.format("UTF-8"))],
    )
    wide = codecs.BOM_UTF16_BE + "one\r\ntwo".encode("utf-16-be") + b"\xd8\x00"
    assert decoded(wide) == ("one\ntwo\ufffd", [(2, BROKEN.format("UTF-16-BE"))])


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_wide_text_without_its_mark_is_known_by_its_zeros(encoding: str) -> None:
    marked = (1, f"no byte order mark; read as {encoding}")
    assert decoded("Tide €€".encode(encoding)) == ("Tide €€", [marked])
    assert decoded("Low tide".encode(encoding)) == ("Low tide", [marked])
    odd = "one\ntwo".encode(encoding) + b"\xd8"
    assert decoded(odd) == ("one\ntwo\ufffd", [marked, (2, BROKEN.format(encoding.upper()))])


def test_a_few_zeros_are_control_characters() -> None:
    text = "Low tide at the quay " * 20
    assert decoded(f"{text}\x00".encode()) == (text, [(1, CONTROLS)])


def test_utf_8_that_is_a_little_broken_is_still_utf_8() -> None:
    assert decoded("é\nè\n".encode() + b"\xff") == ("é\nè\n\ufffd", [(3, BROKEN.format("UTF-8"))])
    half = "aé ".encode() + b"\xff aaaa"
    assert decoded(half)[1] == [(1, GUESSED.format("cp1252"))]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"caf\xe9", "café"),
        (b"\x93Low tides\x94 \x96 50\x80", "“Low tides” – 50€"),
        (b"\xc4\xf6 ti", "Äö ti"),
    ],
)
def test_western_text_is_read_as_windows_1252(data: bytes, text: str) -> None:
    assert decoded(data) == (text, [(1, GUESSED.format("cp1252"))])


def test_control_characters_are_no_foreign_letters() -> None:
    assert decoded(b"a\xe9\x7f") == ("aé", [(1, GUESSED.format("cp1252")), (1, CONTROLS)])
    text = "Low tide " * 20
    assert decoded(f"{text}\x7f\x7f".encode() + b"\xff")[0] == f"{text}ÿ"


@pytest.mark.parametrize(
    ("encoding", "name"), [("cp1251", "cp1251"), ("koi8_r", "koi8-r"), ("iso8859_5", "iso8859-5")]
)
def test_other_text_is_read_in_the_likeliest_encoding(encoding: str, name: str) -> None:
    said = "Порт закрыт, и краны стоят уже третий день подряд."
    assert decoded(said.encode(encoding)) == (said, [(1, GUESSED.format(name))])


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
def test_wide_encodings_are_not_guessed(encoding: str) -> None:
    said = "Порт закрыт, и краны стоят €"
    assert refused(said.encode(encoding)).startswith("this is a binary file")


def test_what_no_encoding_fits_is_read_as_windows_1252() -> None:
    assert decoded(b"\x1b\xc3\xc3") == ("ÃÃ", [(1, GUESSED.format("cp1252")), (1, CONTROLS)])


@given(st.text() | st.text(st.characters(max_codepoint=127)))
def test_the_first_control_character_is_found_in_any_text(text: str) -> None:
    found, expected = find_control(text), CONTROL.search(text)
    assert (found and found.span()) == (expected and expected.span())
