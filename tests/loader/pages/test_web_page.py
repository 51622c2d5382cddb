"""Web pages as lines of text."""

from __future__ import annotations

import pytest

from bot.loader.pages.web_page import MOST_LINES, PAGE, read


def lines(markup: str) -> list[str]:
    """The lines of a page with `markup`."""
    found, _ = read(f"<html><body>{markup}</body></html>")
    assert [line.number for line in found] == list(range(1, len(found) + 1))
    return [line.text for line in found]


@pytest.mark.parametrize(
    "markup",
    [
        "<!DOCTYPE html>",
        " <html>",
        "<HEAD>",
        "<div a>",
        "<?xml ?>",
        "<!-- a\nb --> <html>",
        "<main>",
    ],
)
def test_a_page_is_known_by_its_beginning(markup: str) -> None:
    assert PAGE.match(markup)


@pytest.mark.parametrize("markup", ["<p>", "a <html>", "<htmlx>", "< html>", "<!-- a --> words"])
def test_other_texts_are_no_pages(markup: str) -> None:
    assert not PAGE.match(markup)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>a\n b</p><p>c</p>", ["a b", "", "c"]),
        ("a<br>b", ["a", "b"]),
        ("<h1>a</h1><h3>b</h3>c", ["# a", "", "### b", "", "c"]),
        ("<ul><li>a<li>b</ul>", ["- a", "", "- b"]),
        ("a<hr>b", ["a", "", "---", "", "b"]),
        (
            "<blockquote>a<br>b<blockquote>c</blockquote></blockquote>d",
            ["> a", "> b", "", "> c", "", ">", "", "d"],
        ),
        ("<b>a</b> <strong>b</strong>", ["**a** **b**"]),
        ("<b><i>a</i></b><b></b><b> </b><b>c<br></b>", ["a c"]),
        ("<a href='https://a.bc/d'>e <b>f</b></a>", ["[e f](https://a.bc/d)"]),
        ("<a href='/d'>e</a><a>f</a>", ["ef"]),
        ("<a href='https://a.bc/d'></a>", []),
        (f"<a href='https://a.bc/d'>{'e' * 301}</a>", ["e" * 301]),
        (
            "<a href='https://a.bc/d'>e<img src='https://a.bc/f.jpg' alt='g\n h'></a>",
            ["e![g h](https://a.bc/f.jpg)"],
        ),
        ("<img src='f.jpg' data-src='https://a.bc/f.jpg'>", ["![](https://a.bc/f.jpg)"]),
        ("<img src='f.jpg' alt='g'>", []),
        ("<nav>a</nav><script>b</script><button>c</button><p hidden>d</p>", []),
        ("<!-- a -->b", ["b"]),
        ("", []),
    ],
)
def test_words_become_markdown(markup: str, text: list[str]) -> None:
    assert lines(markup) == text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("a<article>b</article>", ["b"]),
        ("a<article>b</article><article>c</article>", ["a", "", "b", "", "c"]),
        ("a<main>b</main>", ["b"]),
        ("a<div role=main>b</div>", ["b"]),
        ("a<main>b<article>c</article></main>", ["c"]),
    ],
)
def test_the_main_part_of_a_page_is_read(markup: str, text: list[str]) -> None:
    assert lines(markup) == text


def test_a_page_that_is_too_long_has_no_lines() -> None:
    assert len(lines("a<br>" * MOST_LINES)) == MOST_LINES
    assert lines("a<br>" * (MOST_LINES + 1)) == []
    assert read("") == ([], None)
    assert read("<frameset><frame></frameset>") == ([], None)


@pytest.mark.parametrize(
    ("markup", "url"),
    [
        (
            "<link rel=canonical href='https://x.com/anna/status/17'>",
            "https://x.com/anna/status/17",
        ),
        (
            "<a class=reader-domain href='https://threadreaderapp.com/thread/17.html'>a</a>",
            "https://threadreaderapp.com/thread/17.html",
        ),
        ("<link rel=canonical href='https://a.example/b'>", None),
        ("<a class=reader-domain>a</a>", None),
    ],
)
def test_the_address_of_a_thread_is_kept(markup: str, url: str | None) -> None:
    assert read(f"{markup}<p>a</p>")[1] == url
