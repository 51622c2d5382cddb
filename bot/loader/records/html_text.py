"""Reads the text of a post that is HTML, as Mastodon and feeds have it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.loader.entities import unique_links, without_endings
from bot.loader.raw.decode import clean
from bot.loader.raw.markup import parsed as tree_of
from bot.models import Link

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

SPACE = re.compile(r"[ \t\r\n\f]+")


def parsed(markup: str) -> LexborNode | None:
    """Return the body of a post's HTML."""
    return tree_of(markup).body


def text_and_links(markup: str, *, is_reply: bool) -> tuple[str, tuple[Link, ...]]:
    """Return the text of a post's HTML, and its links as printed and whole.

    Leading mentions of a reply, and links at the end, are removed from the text.
    """
    root = parsed(markup)
    return text_and_links_of(root, is_reply=is_reply) if root else ("", ())


def text_and_links_of(root: LexborNode, *, is_reply: bool) -> tuple[str, tuple[Link, ...]]:
    """Do what `text_and_links` does, with HTML that is parsed; this changes it."""
    links: list[Link] = []
    for anchor in root.css("a"):
        kinds = (anchor.attributes.get("class") or "").split()
        href = anchor.attributes.get("href") or ""
        if "mention" not in kinds and "hashtag" not in kinds and href.startswith("http"):
            _drop_hidden(anchor)
            cut = "…" if anchor.css_first(".ellipsis") is not None else ""
            printed = SPACE.sub(" ", anchor.text()).strip() + cut
            links.append(Link(clean(printed), clean(href)))
            anchor.replace_with(printed)
    if is_reply:
        _drop_leading_mentions(root)
    parts: list[str] = []
    for node in root.traverse(include_text=True):
        if node.tag == "-text":
            parts.append(SPACE.sub(" ", node.text_content or ""))
        elif node.tag == "br":
            parts.append("\n")
        elif node.tag in ("p", "ul", "ol", "blockquote", "pre") and parts:
            parts.append("\n\n")
        elif node.tag == "li":
            parts.append("\n- ")
        elif node.tag == "img":
            parts.append(node.attributes.get("alt") or "")
    lines = [line.strip() for line in clean("".join(parts)).split("\n")]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return without_endings(text, {link.printed for link in links}), unique_links(links)


def _drop_hidden(anchor: LexborNode) -> None:
    """Remove the parts of a link's text that Mastodon hides."""
    # Inner nodes first: decomposing a node frees those inside it.
    for each in reversed(anchor.css("span.invisible")):
        each.decompose()


def _drop_leading_mentions(root: LexborNode) -> None:
    """Remove the mentions before the first word."""
    while (mention := _leading_mention(root)) is not None:
        mention.decompose()


def _leading_mention(root: LexborNode) -> LexborNode | None:
    for node in root.traverse(include_text=True):
        if node.tag == "a" and "mention" in (node.attributes.get("class") or "").split():
            return node
        if node.tag == "-text" and node.text_content and node.text_content.strip():
            return None
    return None
