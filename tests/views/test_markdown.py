"""Tweets as Discord's Markdown."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.i18n.catalogues import languages
from bot.i18n.messages import ENGLISH
from bot.search.analyzer import Analyzer
from bot.search.highlights import highlights
from bot.views import markdown
from tests.directions import loose
from tests.strategies import any_text

ANALYZER = Analyzer()
MADE_TO_TRICK = st.text("*_~`|<>[]()@#:\\-+.1 a\nhttps://x.yé🔥", max_size=40)
said_texts = (
    MADE_TO_TRICK
    | any_text
    | st.lists(
        st.sampled_from(["https://x.example/a_(b)", "https://x.example", "(", ")", "**", " ", "a"]),
        max_size=8,
    ).map("".join)
)
READ = re.compile(
    r"\\(?P<escaped>[^A-Za-z0-9\s])|<(?P<url>https?://[^\s<>]+)>|(?P<other>.)", re.DOTALL
)

KEPT = re.compile(r"\\.|<https?://[^\s<>]+>")


def without_bold(said: str) -> str:
    """Markdown without the marks of bold; what is escaped and what is a link stays."""
    return re.sub(rf"({KEPT.pattern})|\*\*", lambda found: found[1] or "", said)


def shown(said: str) -> str:
    """What Discord shows of escaped Markdown; nothing else in it may be markup."""
    parts = []
    for each in READ.finditer(said):
        assert each["other"] is None or each["other"] not in "*_~`|<>[]@#\\", said
        parts.append(each["escaped"] or each["url"] or each["other"])
    return "".join(parts)


@given(said_texts)
@example("see https://x.example/a_(b).")
@example("(https://x.example)")
@example("[here](https://x.example/a)")
@example("https://")
def test_what_is_escaped_shows_as_it_was_written(said: str) -> None:
    assert shown(markdown.escape(said)) == said


@given(said_texts)
def test_no_line_becomes_a_list_a_heading_or_a_quote(said: str) -> None:
    for line in markdown.escape(said).split("\n"):
        assert not re.match(r"[^\S\n]*(?:[-+*]|\d+[.)]|#|>|-#)", line)


@given(said_texts)
def test_no_name_of_an_emoji_is_left(said: str) -> None:
    for found in re.finditer(r"(?<!\\):[\w+-]+:", markdown.escape(said)):
        before = markdown.escape(said)[: found.start()]
        assert before.rfind("<") > before.rfind(">"), "only inside a link"


@pytest.mark.parametrize(
    ("said", "escaped"),
    [
        ("@everyone **now**", r"\@everyone \*\*now\*\*"),
        ("1. not a list", r"1\. not a list"),
        ("a\n- b\n  + c", "a\n\\- b\n  \\+ c"),
        ("-# small", r"\-\# small"),
        ("well-known 1.5 at 12:30", "well-known 1.5 at 12:30"),
        (":smile: 12:30:45", r"\:smile: 12\:30:45"),
        ("see https://x.example/a_b.", "see <https://x.example/a_b>."),
        ("(https://x.example/a_(b)).", "(<https://x.example/a_(b)>)."),
        ("https://x.example - so", "<https://x.example> - so"),
    ],
)
def test_only_what_discord_reads_as_markup_is_escaped(said: str, escaped: str) -> None:
    assert markdown.escape(said) == escaped


@given(said_texts, st.data())
def test_highlights_are_bold_and_nothing_else_changes(said: str, data: st.DataObject) -> None:
    terms = {token.term for token in ANALYZER.tokens(said)}
    chosen = data.draw(st.sets(st.sampled_from(sorted(terms)))) if terms else set()
    marks = highlights(said, chosen, ANALYZER)
    marked = markdown.marked(said, marks)
    assert "****" not in KEPT.sub("x", marked)
    assert shown(without_bold(marked)) == said


def test_a_highlight_in_bold_leaves_links_alone() -> None:
    said = "Ports at https://ports.example/a grow"
    marks = ((0, 5), (17, 30), (33, 37))
    assert markdown.marked(said, marks) == "**Ports** at <https://ports.example/a> **grow**"


def test_a_number_in_bold_at_the_beginning_is_no_list() -> None:
    assert markdown.marked("1. Ports", ((0, 1),)) == "**1**. Ports"


@given(said_texts | st.text("ab *🔥", min_size=100, max_size=400), st.integers(40, 300), st.data())
def test_an_excerpt_fits_and_is_a_piece_of_the_tweet(
    said: str, budget: int, data: st.DataObject
) -> None:
    tokens = ANALYZER.tokens(said)
    terms = {data.draw(st.sampled_from(tokens)).term} if tokens else set()
    marks = highlights(said, terms, ANALYZER)
    made = markdown.excerpt(said, marks, budget)
    assert markdown.units(markdown.quoted(made)) <= budget
    bare = shown(without_bold(made))
    assert bare == said or bare.removeprefix("…").removesuffix("…") in said


def test_an_excerpt_is_taken_from_around_what_matched() -> None:
    said = "before " * 100 + "harbour " + "after " * 100
    made = markdown.excerpt(said, ((700, 707),), 120)
    assert "**harbour**" in made
    assert (made[0], made[-1]) == ("…", "…")
    assert markdown.excerpt("Ports.", (), 120) == "Ports."


def test_a_quote_is_quoted_on_each_of_its_lines() -> None:
    assert markdown.quoted("a\n\nb") == "> a\n> \n> b"


def test_a_links_address_cannot_end_the_link() -> None:
    made = markdown.link("a]b", "https://x.example/a)(b>c d*e|f`")
    assert made == r"[a\]b](<https://x.example/a%29%28b%3Ec%20d%2Ae%7Cf%60>)"


@given(st.text(max_size=20))
def test_units_are_never_fewer_than_characters(said: str) -> None:
    assert markdown.units(said) == sum(2 if each > "\uffff" else 1 for each in said)


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        ("2025-06-13T10:00:00+00:00", "<t:1749808800:D>"),
        ("2025-06-13T10:00:00", "<t:1749808800:D>"),
        ("2025-06-13", "June 13, 2025"),
        ("2025-06", "June 2025"),
        ("2025", "2025"),
        ("2025-13", "2025\\-13"),
        ("2025-06-13Tea time", "2025\\-06-13"),
        ("*soon*", "\\*soon\\*"),
    ],
)
def test_a_moment_is_written_as_each_readers_discord_does(moment: str, shown: str) -> None:
    assert markdown.day(moment) == shown


def test_a_bare_date_is_written_in_the_reader_s_language() -> None:
    german = languages()["de"]
    assert markdown.unescaped(markdown.day("2025-06-13", german)) == "13. Juni 2025"
    assert markdown.day("2025-06", german) == "Juni 2025"
    assert markdown.day("2025-06-13T10:00:00Z", german) == "<t:1749808800:D>"


@given(st.text(st.sampled_from("ab *_\n-1.\u202e\u2066\u2069\u202c\u200f")))
def test_what_directs_a_text_stays_within_it(text: str) -> None:
    assert loose(markdown.escape(text)) == []
    assert loose(markdown.marked(text, [(0, 1)])) == []
    assert loose(markdown.link(text, "https://x.com/a")) == []
    assert loose(markdown.excerpt(text, [(0, 1)], 60)) == []
    assert loose(ENGLISH("Found in “{words}”, which ends here.", words=text)) == []


def test_a_link_is_safe_to_follow() -> None:
    assert markdown.link("a", "https://x.com@example.org/") == "[a](<https://example.org/>)"
    assert markdown.link("a", "javascript:alert(1)") == "a"
