"""Bytes to lines."""

from __future__ import annotations

import pytest

from bot.errors import DumpError
from bot.loader.account import Account
from bot.loader.decode import lines_of, read_text
from bot.loader.line import Line
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


def test_a_guessed_encoding_is_told_with_the_line_it_shows_on() -> None:
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
def test_utf_16_without_its_mark_is_read_and_told(encoding: str) -> None:
    lines, (notice,) = read_lines("Ports grow “quiet”.\nCranes too".encode(encoding), "a.txt")
    assert [line.text for line in lines] == ["Ports grow “quiet”.", "Cranes too"]
    assert encoding in notice.message
