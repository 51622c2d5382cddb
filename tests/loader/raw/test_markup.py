"""Markup that is nested too deeply, or broken."""

from __future__ import annotations

import time

import pytest

from bot.loader.raw.markup import DEEPEST, MOST_FORMATTING, parsed, shallow

SIZE = 200_000


@pytest.mark.parametrize(
    "markup",
    [
        "",
        "words < and > more",
        "<p>a<p>b<p>c",
        "<ul>" + "<li>a" * 1_000,
        "<div>" + "<br><img src=a>" * 1_000 + "</div>",
        "<i>a</i>" * 1_000,
        "<b><i>a</b></i>",
        "<div>" * (DEEPEST - 1) + "a",
        "<script>" + "<div>" * 1_000 + "</SCRIPT><p>a",
        "<SCRIPT>" + "<div>" * 1_000,
        "<!-->" + "<!--" + "<div>" * 1_000 + "--!><p>a",
        "<!--" + "<div>" * 1_000,
        "<title>" + "<b>" * 1_000,
        "</div>" * 1_000,
        "<a><div></a></div>" * 1_000,
    ],
)
def test_most_markup_is_unchanged(markup: str) -> None:
    assert shallow(markup) == markup


def test_elements_below_the_deepest_are_closed() -> None:
    whole = "<div>" * DEEPEST
    assert shallow(f"{whole}a<p>b") == f"{whole}a</div><p>b"
    assert shallow(f"{whole}</div><p>b") == f"{whole}</div><p>b"
    assert shallow(f"{whole}<br>b</x>") == f"{whole}<br>b</x>"


def test_formatting_is_closed_sooner() -> None:
    whole = "".join(f"<b c={number}>" for number in range(MOST_FORMATTING))
    assert shallow(f"{whole}<p>a") == f"{whole}</b><p>a"
    assert shallow(f"{whole}</b><p>a") == f"{whole}</b><p>a"
    assert shallow(f"{whole}<div></B>a") == f"{whole}</b><div></B>a"
    spans = "<span>" * MOST_FORMATTING
    assert shallow(f"{spans}<p>a") == f"{spans}<p>a"


def test_what_an_end_leaves_open_is_closed_before_it() -> None:
    assert shallow("<div><table><tr></div>a") == "<div><table><tr></tr></table></div>a"
    assert shallow("<div><b>a</div></b>") == "<div><b>a</b></div></b>"
    assert shallow("<ul><li>a<li>b</ul>") == "<ul><li>a<li>b</li></ul>"
    assert shallow("<p><span><p></p></span>") == "<p><span><p></p></span>"
    assert shallow("<i><div></i>" * 300).count("</div>") == 300 - DEEPEST


@pytest.mark.parametrize(
    "name",
    ["script", "style", "textarea", "title", "xmp", "noembed", "noframes", "iframe"],
)
def test_what_stands_in_raw_text_opens_nothing(name: str) -> None:
    inside = "<div>" * (DEEPEST + 9)
    assert shallow(f"<{name}>{inside}") == f"<{name}>{inside}"
    whole = f"<{name}>{inside}</{name}>"
    assert shallow(f"{whole}{inside}") != f"{whole}{inside}"
    comment = f"<!--{inside}-->"
    assert shallow(f"{comment}{inside}") == f"{comment}{shallow(inside)}"


def test_drawings_have_no_raw_text() -> None:
    inside = "<div>" * DEEPEST
    assert shallow(f"<svg><title>{inside}") != f"<svg><title>{inside}"
    assert shallow(f"<math><style>{inside}") != f"<math><style>{inside}"
    assert shallow(f"<svg></svg><style>{inside}") == f"<svg></svg><style>{inside}"


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * (SIZE // 5),
        "".join(f"<b c={number}><p>" for number in range(SIZE // 14)),
        "".join(f"<i c={number}><div></i>" for number in range(SIZE // 18)),
        "<table><tr><td>" * (SIZE // 15),
    ],
)
def test_parsing_takes_linear_time(markup: str) -> None:
    started = time.process_time()
    assert parsed(markup).body is not None
    assert time.process_time() - started < 3
