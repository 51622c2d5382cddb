"""Reads the tweet that a page embeds: a quotation, `— Name (@handle)` and a dated link."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from bot.loader.pages.html_nodes import STATUS, links_in, moment_in, value, words
from bot.models import Link, Quote

if TYPE_CHECKING:  # slow to import, and only saved pages need it
    from selectolax.lexbor import LexborNode

SIGNED = re.compile(r"[—–-]\s{0,9}(?P<name>[^\n]{1,100}?)\s*+\(@(?P<handle>\w{1,20})\)", re.ASCII)
OF_EMBED = re.compile(r"https://platform\.(?:twitter|x)\.com/embed/")
OF_YOUTUBE = re.compile(r"https?://(?:www\.)?youtube(?:-nocookie)?\.com/embed/([\w-]{1,20})")


def quoted(node: LexborNode) -> Quote | None:
    """Return the tweet that is embedded in `node`, or None if it has no words. Changes `node`."""
    paragraphs = node.css("p")
    for each in paragraphs:
        links_in(each)
    text = "\n\n".join(filter(None, map(words, paragraphs)))
    for each in reversed(paragraphs):
        each.decompose()
    signed = SIGNED.search(words(node))
    link = status_in(node)
    if not text:
        return None
    return Quote(
        text,
        signed["handle"] if signed else None,
        signed["name"] if signed else None,
        moment_in(node.css('a[href*="/status"]')),
        link,
    )


def status_in(node: LexborNode) -> str | None:
    """Return the URL of the last tweet that `node` links to."""
    urls = [value(each, "href") for each in node.css("a")]
    found = next((found for url in reversed(urls) if (found := STATUS.match(url))), None)
    return f"https://x.com/{found['user']}/status/{found['id']}" if found else None


def link_of_frame(node: LexborNode) -> Link | None:
    """Return the link to what a frame shows: a tweet or a video on YouTube."""
    url = value(node, "src") or value(node, "data-src")
    if found := OF_YOUTUBE.match(url):
        return _link(f"https://www.youtube.com/watch?v={found[1]}")
    if OF_EMBED.match(url):
        numbers = parse_qs(urlsplit(url).query).get("id", [""])
        if numbers[0].isdecimal():
            return _link(f"https://x.com/i/status/{numbers[0]}")
    return None


def _link(url: str) -> Link:
    return Link(url.removeprefix("https://").removeprefix("www."), url)


def link_of_status(node: LexborNode) -> Link | None:
    """Return the link to an embedded tweet whose words are not in the page."""
    url = status_in(node)
    return _link(url) if url else None
