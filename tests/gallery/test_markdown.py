"""Discord's Markdown, as its clients show it."""

from __future__ import annotations

import re

import pytest

from bot.views.markdown import escape, excerpt, quoted
from tests.gallery.markdown import CannotShow, html

NAMES = {"123456789012345678": "@Ada", "223456789012345678": "# general"}


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("plain & <b>", "plain &amp; &lt;b&gt;"),
        ("**bold** and *one* _two_", "<strong>bold</strong> and <em>one</em> <em>two</em>"),
        ("***both***", "<em><strong>both</strong></em>"),
        ("东**海。**东", "东<strong>海。</strong>东"),
        ("snake_case_name", "snake_case_name"),
        ("__under__ ~~gone~~", "<u>under</u> <s>gone</s>"),
        ("||secret||", '<span class="spoiler">secret</span>'),
        ("`**a**`", "<code>**a**</code>"),
        ("```py\na < b\n```", "<pre>a &lt; b</pre>"),
        (r"\*\*no\*\* \<@1\>", "**no** &lt;@1&gt;"),
        ("a\n\nb", "a\n\nb"),
        ("# One\n### Three\nrest", "<h1>One</h1><h3>Three</h3>rest"),
        ("#hashtag", "#hashtag"),
        ("-# small **print**\nrest", "<small>small <strong>print</strong></small>rest"),
        ("**1. a title**", "<strong>1. a title</strong>"),
        ("> one\n> two\nthree", "<blockquote>one\ntwo</blockquote>three"),
        (">>> one\ntwo", "<blockquote>one\ntwo</blockquote>"),
        ("a > b", "a &gt; b"),
        ("<t:1749772800:d>", '<span class="moment">6/13/2025</span>'),
        ("<t:1749772800>", '<span class="moment">June 13, 2025 at 12:00 AM</span>'),
        ("<@123456789012345678>!", '<span class="mention">@Ada</span>!'),
        ("in <#223456789012345678>", 'in <span class="mention"># general</span>'),
        ("@everyone", '<span class="mention">@everyone</span>'),
        ("</ask:12>", '<span class="mention">/ask</span>'),
        ("</library load:12>", '<span class="mention">/library load</span>'),
    ],
)
def test_markup_is_shown(said: str, shown: str) -> None:
    assert html(said, NAMES) == shown


def test_lists_have_their_numbers() -> None:
    bullets = html("- a\n- *b*\nrest", NAMES)
    assert re.sub(r' style="[^"]*"', "", bullets) == "<ul><li>a</li><li><em>b</em></li></ul>rest"
    assert html("3. c\n4. d", NAMES).startswith('<ol start="3">')


@pytest.mark.parametrize(
    ("said", "leads"),
    [
        ("[Source](<https://e.org/a_b>)", '<a href="https://e.org/a_b">Source</a>'),
        (r"[a \[b\]](<https://e.org>)", '<a href="https://e.org">a [b]</a>'),
        ("<https://e.org/a>", '<a href="https://e.org/a">https://e.org/a</a>'),
        ("see https://e.org/a.", 'see <a href="https://e.org/a">https://e.org/a</a>.'),
    ],
)
def test_links_lead_somewhere(said: str, leads: str) -> None:
    assert html(said, NAMES) == leads


@pytest.mark.parametrize("said", ["<t:1749772800:R>", "<@1>", "<:parrot:123>"])
def test_what_can_not_be_shown_is_refused(said: str) -> None:
    with pytest.raises(CannotShow):
        html(said, NAMES)


def test_what_the_bot_escapes_is_shown_as_it_was() -> None:
    said = "# no *title*, 1. no list\n- nor here\n> @here ||or|| `there` <@1> [a](b)"
    assert html(escape(said), NAMES) == said.replace("<", "&lt;").replace(">", "&gt;")
    quote = quoted(excerpt("Two lines,\n\none blank", ((4, 9),), 100))
    assert html(quote, NAMES) == (
        "<blockquote>Two <strong>lines</strong>,\n\none blank</blockquote>"
    )
