"""The text of posts that are HTML."""

from __future__ import annotations

import pytest

from bot.loader.records.html_text import text_and_links
from bot.models import Link


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("", ""),
        ("Low  tide\nnow", "Low tide now"),
        ("<p>Low</p><p>tide<br>now</p>", "Low\n\ntide\nnow"),
        ("<ul><li>a</li><li>b</li></ul>", "- a\n- b"),
        ('Low <img alt=":tide:" src="x">', "Low :tide:"),
        ("<p>&lt;b&gt; &amp;amp;</p>", "<b> &amp;"),
    ],
)
def test_blocks_and_breaks_become_lines(markup: str, text: str) -> None:
    assert text_and_links(markup, is_reply=False) == (text, ())


def test_links_are_as_printed_and_whole() -> None:
    markup = '<p>See <a href="https://a.example/x"><span class="ellipsis">a.ex</span></a> now</p>'
    assert text_and_links(markup, is_reply=False) == (
        "See a.ex… now",
        (Link("a.ex…", "https://a.example/x"),),
    )


def test_a_reply_s_first_mentions_are_no_part_of_its_text() -> None:
    markup = '<p><a class="u-url mention" href="https://m.example/@b">@b</a> Low <a class="mention" href="https://m.example/@c">@c</a></p>'
    assert text_and_links(markup, is_reply=True)[0] == "Low @c"
    assert text_and_links(markup, is_reply=False)[0] == "@b Low @c"


@pytest.mark.parametrize("name", ["ul", "ol"])
def test_a_list_stands_below_a_blank_line(name: str) -> None:
    said, _ = text_and_links(f"a<{name}><li>b</li><li>c</li></{name}>", is_reply=False)
    assert said == "a\n\n- b\n- c"
