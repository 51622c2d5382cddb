"""Mentions and links in a line."""

from __future__ import annotations

import pytest
from hypothesis import given

from bot.loader.entities import split_line, unique_handles, without_endings
from bot.models import Link
from tests.strategies import any_text, bylines


@pytest.mark.parametrize(
    ("line", "text", "mentions"),
    [
        ("@anna @ben The quay is full.", "The quay is full.", ("anna", "ben")),
        ("@anna\u00a0@ben\u200b Hi", "Hi", ("anna", "ben")),
        ("@anna’s quay is full.", "@anna’s quay is full.", ("anna",)),
        ("@anna, the quay is full.", "@anna, the quay is full.", ("anna",)),
        (".@anna the quay is full.", ".@anna the quay is full.", ("anna",)),
        (
            "The quay: @ben (@anna, @BEN).",
            "The quay: @ben (@anna, @BEN).",
            ("ben", "anna"),
        ),
        ("mail anna@quay.example now", "mail anna@quay.example now", ()),
        ("@a_handle_far_too_long hi", "@a_handle_far_too_long hi", ()),
        ("see https://x.example/@anna here", "see https://x.example/@anna here", ()),
        ("x.example/@anna x.example/@ben :)", "x.example/@anna x.example/@ben :)", ()),
        ("@@anna", "@@anna", ()),
    ],
)
def test_mentions_are_found_and_leading_ones_removed(
    line: str, text: str, mentions: tuple[str, ...]
) -> None:
    parts = split_line(line)
    assert (parts.text, parts.mentions) == (text, mentions)


@pytest.mark.parametrize(
    ("printed", "url"),
    [
        ("https://news.example/a?b=c#d", "https://news.example/a?b=c#d"),
        ("HTTP://news.example", "HTTP://news.example"),
        ("https://wiki.example/Crane_(bird)", "https://wiki.example/Crane_(bird)"),
        ("https://wiki.example/Crane_(bird", "https://wiki.example/Crane_(bird"),
        ("https://news.example/port…", None),
        ("https://news.example/port-...", None),
        ("news.example/port-…", None),
        ("news.example:8080/port", None),
        ("news.example/port", None),
        ("verylongnews.example…", None),
    ],
)
def test_a_trailing_link_is_parted_and_only_a_whole_one_has_a_url(
    printed: str, url: str | None
) -> None:
    parts = split_line(f"The quay is full. {printed}")
    assert parts.text == "The quay is full."
    assert parts.links == (Link(printed, url),)


@pytest.mark.parametrize("said", ["U.S./China", "and/or", "e.g./i.e.", "1.5/2.5", "a@b.example/c"])
def test_what_only_looks_like_a_link_is_text(said: str) -> None:
    parts = split_line(said)
    assert (parts.text, parts.links) == (said, ())


@pytest.mark.parametrize(
    ("sentence", "printed"),
    [
        ("(see https://news.example/a).", "https://news.example/a"),
        ("“https://news.example/a”", "https://news.example/a"),
        ("https://news.example/a, then more", "https://news.example/a"),
        ("[https://news.example/a]!", "https://news.example/a"),
    ],
)
def test_the_sentences_punctuation_is_not_the_links(sentence: str, printed: str) -> None:
    parts = split_line(sentence)
    assert parts.links == (Link(printed, printed),)
    assert parts.text == sentence


@given(bylines)
def test_a_byline_is_all_mentions_and_links(line: str) -> None:
    parts = split_line(line)
    assert parts.is_byline is bool(line)
    assert parts.text == ""


@given(any_text)
def test_a_line_is_a_byline_or_has_text(line: str) -> None:
    parts = split_line(line)
    assert parts.text in line
    assert parts.is_byline is (bool(line) and not parts.text)
    assert len({name.lower() for name in parts.mentions}) == len(parts.mentions)
    assert len(set(parts.links)) == len(parts.links)


def test_a_handle_is_one_whatever_its_case_and_keeps_its_first_place() -> None:
    assert unique_handles(["b", "a", "B", "c", "A"]) == ("b", "a", "c")


@pytest.mark.parametrize(
    ("line", "text", "mentions", "printed"),
    [
        ("@ben news.example/a", "", ("ben",), ["news.example/a"]),
        ("@ben anna.example", "", ("ben",), ["anna.example"]),
        ("@ben anna.example ben.example:80", "", ("ben",), ["anna.example", "ben.example:80"]),
        ("@ben anna.example grows", "anna.example grows", ("ben",), []),
        ("anna.example", "anna.example", (), []),
        ("@ben anna.example news.example/a", "", ("ben",), ["anna.example", "news.example/a"]),
        ("@ben", "", ("ben",), []),
        ("news.example/a news.example/b", "", (), ["news.example/a", "news.example/b"]),
        ("news.example/a Ports", "news.example/a Ports", (), ["news.example/a"]),
        ("Ports news.example/a.", "Ports news.example/a.", (), ["news.example/a"]),
        ("Ports news.example/a @ben", "Ports news.example/a @ben", ("ben",), ["news.example/a"]),
        (
            "a n.example/a b n.example/b n.example/a",
            "a n.example/a b",
            (),
            ["n.example/a", "n.example/b"],
        ),
        ("", "", (), []),
    ],
)
def test_a_line_is_taken_apart(
    line: str, text: str, mentions: tuple[str, ...], printed: list[str]
) -> None:
    parts = split_line(line)
    assert (parts.text, parts.mentions) == (text, mentions)
    assert [link.printed for link in parts.links] == printed
    assert parts.is_byline is (bool(line) and not text)
    assert parts.leads_with_mention is line.startswith("@ben")


@pytest.mark.parametrize(
    ("line", "printed"),
    [
        ("https://n.example/a(b)c).", "https://n.example/a(b)c"),
        ("https://n.example/a)))", "https://n.example/a"),
        ("(https://n.example/(a)b)", "https://n.example/(a)b"),
        ("https://n.example/[a]]", "https://n.example/[a]"),
        ("https://n.example/{a}}!", "https://n.example/{a}"),
        ("https://n.example/a).”", "https://n.example/a"),
        ("https://n.example/a…).", "https://n.example/a…"),
        ("https://n.example/(a...", "https://n.example/(a..."),
        ("https://n.example/(a).)", "https://n.example/(a)"),
    ],
)
def test_brackets_are_a_link_s_own_if_they_open_in_it(line: str, printed: str) -> None:
    assert [link.printed for link in split_line(line).links] == [printed]


def test_words_at_the_end_are_taken_off_as_long_as_they_are_endings() -> None:
    endings = {"a.example", "b.example"}
    assert without_endings("Ports a.example grow a.example b.example \n", endings) == (
        "Ports a.example grow"
    )
    assert without_endings("a.example", endings) == ""
    assert without_endings(" Ports ", endings) == " Ports"
    assert without_endings("", endings) == ""


def test_a_mention_may_stand_right_behind_a_link() -> None:
    assert split_line("news.example…@anna").mentions == ("anna",)


@pytest.mark.parametrize("end", [".", "?!", "),", "”)", "...)"])
def test_a_link_ends_before_the_punctuation_around_it(end: str) -> None:
    for link in ("https://news.example/a.c", "https://news.example/(a)"):
        (found,) = split_line(f"See {link}{end.removesuffix('...)')}").links
        assert found.printed == link
