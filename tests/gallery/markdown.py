"""Renders Discord's Markdown as HTML, with the rules of Discord's clients. Pure.

It is no CommonMark: quotes end with their lines, bold may touch any letter, every line break stays.
The clients' parser tries rules in turn where it stands, and so does this one:
https://github.com/discord/SimpleAST and https://support.discord.com/hc/en-us/articles/210298617
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape

Names = Mapping[str, str]
"""The text of each mention, by id."""


class CannotShow(LookupError):
    """The bot sent something that the gallery cannot render yet."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A piece of markup."""

    pattern: re.Pattern[str]
    """Matches the markup at the parser's position."""
    show: Callable[[re.Match[str], Names], str]
    """Its HTML."""
    begins_line: bool = False
    """Whether it only counts at the beginning of a line."""


def html(said: str, names: Names, *, inline: bool = False) -> str:
    """`said` as HTML for an element that keeps white space; `names` are those of mentions.

    What is `inline` has no headings, lists or quotes.
    """
    made: list[str] = []
    at = 0
    while at < len(said):
        fresh = not inline and (at == 0 or said[at - 1] == "\n")
        rest = said[at:]
        for rule in RULES:
            found = rule.pattern.match(rest) if fresh or not rule.begins_line else None
            if found:
                made.append(rule.show(found, names))
                at += found.end()
                break
    return "".join(made)


def moment(seconds: int, style: str) -> str:
    """A timestamp as Discord in American English writes it, in UTC."""
    at = datetime.fromtimestamp(seconds, UTC)
    clock = f"{at:%I:%M %p}".lstrip("0")
    long = f"{at:%B} {at.day}, {at.year}"
    written = {
        "t": clock,
        "T": f"{at:%I:%M:%S %p}".lstrip("0"),
        "d": f"{at.month}/{at.day}/{at.year}",
        "D": long,
        "f": f"{long} at {clock}",
        "F": f"{at:%A}, {long} at {clock}",
    }
    if style not in written:
        raise CannotShow(f"the timestamp style {style!r}, whose words change with the hour")
    return written[style]


def _within(tag: str, *, inline: bool = True) -> Callable[[re.Match[str], Names], str]:
    """Render what the markup contains, in an element."""

    def show(found: re.Match[str], names: Names) -> str:
        return f"<{tag}>{html(found[1], names, inline=inline)}</{tag.split()[0]}>"

    return show


def _quote(found: re.Match[str], names: Names) -> str:
    said = re.sub(r"^ *> ?", "", found[0].removesuffix("\n"), flags=re.MULTILINE)
    return f"<blockquote>{html(said, names)}</blockquote>"


def _heading(found: re.Match[str], names: Names) -> str:
    level = len(found[1])
    return f"<h{level}>{html(found[2], names, inline=True)}</h{level}>"


def _list(found: re.Match[str], names: Names) -> str:
    items = re.findall(r"^( *)([-*]|\d+\.) +(.*)$", found[0], re.MULTILINE)
    tag = "ul" if items[0][1] in "-*" else "ol"
    start = "" if tag == "ul" else f' start="{int(items[0][1][:-1])}"'
    shown = [
        f'<li style="margin-left:{len(indent) // 2}em">{html(said, names, inline=True)}</li>'
        for indent, _, said in items
    ]
    return f"<{tag}{start}>{''.join(shown)}</{tag}>"


def _link(found: re.Match[str], names: Names) -> str:
    return f'<a href="{escape(found[2])}">{html(found[1], names, inline=True)}</a>'


def _address(found: re.Match[str], _: Names) -> str:
    return f'<a href="{escape(found[1])}">{escape(found[1])}</a>'


def _mention(found: re.Match[str], names: Names) -> str:
    if found[1] not in names:
        raise CannotShow(f"a mention of {found[1]}, whom nobody here knows")
    return f'<span class="mention">{escape(names[found[1]])}</span>'


def _at_all(found: re.Match[str], _: Names) -> str:
    return f'<span class="mention">{escape(found[0])}</span>'


def _command(found: re.Match[str], _: Names) -> str:
    return f'<span class="mention">/{escape(found[1])}</span>'


def _moment(found: re.Match[str], _: Names) -> str:
    return f'<span class="moment">{moment(int(found[1]), found[2] or "f")}</span>'


def _emoji(found: re.Match[str], _: Names) -> str:
    raise CannotShow(f"the server's own emoji {found[0]}")


def _code(found: re.Match[str], _: Names) -> str:
    return f"<code>{escape(found[2].strip())}</code>"


def _block(found: re.Match[str], _: Names) -> str:
    return f"<pre>{escape(found[1])}</pre>"


def _plain(found: re.Match[str], _: Names) -> str:
    return escape(found[0], quote=False)


def _escaped(found: re.Match[str], _: Names) -> str:
    return escape(found[1], quote=False)


def _rule(
    pattern: str, show: Callable[[re.Match[str], Names], str], *, begins_line: bool = False
) -> Rule:
    return Rule(re.compile(pattern), show, begins_line)


RULES = (
    _rule(r" *>>> ?([\s\S]+)", _within("blockquote", inline=False), begins_line=True),
    _rule(r" *> [^\n]*(?:\n *> [^\n]*)*\n?", _quote, begins_line=True),
    _rule(r" *(#{1,3}) +([^\n]+?)(?:\n|$)", _heading, begins_line=True),
    _rule(r" *-# +([^\n]+)(?:\n|$)", _within("small"), begins_line=True),
    _rule(r"(?: *(?:[-*]|\d+\.) +[^\n]+(?:\n|$))+", _list, begins_line=True),
    _rule(r"```(?:[\w+#.-]+\n)?\n*([^\n][\s\S]*?)\n*```\n?", _block),
    _rule(r"\\([^0-9A-Za-z\s])", _escaped),
    _rule(r"<(https?://[^\s>]+)>", _address),
    _rule(r"<t:(-?\d{1,17})(?::(\w))?>", _moment),
    _rule(r"<(?:@[!&]?|#)(\d+)>", _mention),
    _rule(r"</([\w -]+):\d+>", _command),
    _rule(r"<a?:\w+:\d+>", _emoji),
    _rule(r"@(?:everyone|here)\b", _at_all),
    _rule(r"(https?://[^\s<]+[^<.,:;\"'\])\s])", _address),
    _rule(
        r"\[((?:\\[\s\S]|[^\[\]\\])+)\]\(\s*<?(https?://(?:\([^)\s]*\)|[^\s\\()<>])*)>?\s*\)", _link
    ),
    _rule(r"\b_((?:__|\\[\s\S]|[^\\_])+?)_\b", _within("em")),
    _rule(r"\*(?=\S)((?:\*\*|\\[\s\S]|\s+(?:[^*\s]|\*\*)|[^\s*\\])+?)\*(?!\*)", _within("em")),
    _rule(r"\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)", _within("strong")),
    _rule(r"__((?:\\[\s\S]|[^\\])+?)__(?!_)", _within("u")),
    _rule(r"~~([\s\S]+?)~~", _within("s")),
    _rule(r"\|\|([\s\S]+?)\|\|", _within('span class="spoiler"')),
    _rule(r"(`+)([\s\S]*?[^`])\1(?!`)", _code),
    _rule(r"\n", _plain),
    _rule(r"[\s\S]+?(?=[^0-9A-Za-z\s\u00c0-\uffff]|\n|\w+:\S|$)", _plain),
)
"""The rules, tried in this order; the last one matches anything."""
