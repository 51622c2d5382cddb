"""Turns the words of a web page into lines of Markdown, for pages whose markup marks no tweets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.loader.attached import web_url
from bot.loader.pages.html_nodes import STATUS, one_line, value
from bot.loader.pages.html_posts import address_of
from bot.loader.pages.thread_reader_html import THREAD
from bot.loader.raw.line import Line
from bot.loader.raw.markup import parsed

if TYPE_CHECKING:  # slow to import, and only saved pages need it
    from selectolax.lexbor import LexborHTMLParser, LexborNode

FORMAT = "web-page"
PAGE = re.compile(
    r"\s*(?:<!--[^>]*-->\s*)?"
    r"<(?:!doctype|html|head|body|div|article|main|section|\?xml)\b",
    re.IGNORECASE,
)
NOT_TEXT = (
    "script, style, noscript, template, nav, aside, form, button, select, textarea, svg, iframe,"
    ' dialog, [hidden], [role="navigation"], [role="banner"], [role="contentinfo"],'
    " .reader-domain, .reader-estimated-time, .reader-toolbar"
)
BLOCKS = frozenset(
    "address article aside blockquote body dd details div dl dt fieldset figcaption figure footer"
    " h1 h2 h3 h4 h5 h6 header hr li main ol p pre section table td th tr ul".split()
)
HEADINGS = {f"h{level}": "#" * level for level in range(1, 7)}
MOST_LINES = 20_000
"""Lines of the longest page that may be a thread."""
LONGEST_LABEL = 300
"""Characters of the longest text of a link; what is longer is a part of the page."""


def read(markup: str) -> tuple[list[Line], str | None]:
    """Return the words of a page as lines of Markdown, and the address of the thread on it.

    A page has no lines if it has no words, or so many that it can be no thread.
    """
    tree = parsed(markup)
    urls = (address_of(tree, markup), value(tree.css_first(".reader-domain"), "href"))
    url = next((url for url in urls if url and (THREAD.match(url) or STATUS.match(url))), None)
    return _lines(tree), url


def _lines(tree: LexborHTMLParser) -> list[Line]:
    root = tree.body
    if root is None:
        return []
    for extra in reversed(root.css(NOT_TEXT)):
        extra.decompose()
    for selector in ("article", '[role="main"]', "main"):
        found = root.css(selector)
        if len(found) == 1:
            root = found[0]
            break
    text = "".join(_markdown(root))
    lines = [" ".join(line.split()) for line in text.split("\n")]
    kept = [line for number, line in enumerate(lines) if line or (number and lines[number - 1])]
    while kept and not kept[-1]:
        kept.pop()
    if len(kept) > MOST_LINES:
        return []
    return [Line(number, line, breaks=False) for number, line in enumerate(kept, start=1)]


def _markdown(root: LexborNode) -> Iterator[str]:
    """Yield the parts of the Markdown of an element."""
    depth = 0
    for node, is_end in _walk(root):
        if node.tag == "-text":
            yield re.sub(r"\s+", " ", node.text_content or "")
        elif node.tag in ("br", "hr") and is_end:
            continue
        elif node.tag == "br":
            yield f"\n{'> ' if depth else ''}"
        elif node.tag == "hr":
            yield "\n\n---\n\n"
        elif node.tag == "img" and not is_end:
            url = next((u for n in ("data-src", "src") if (u := web_url(value(node, n)))), None)
            yield f"![{' '.join(value(node, 'alt').split())}]({url})" if url else ""
        elif node.tag == "a" and not is_end:
            yield _link(node)
        elif node.tag in ("b", "strong"):
            yield "**" if _is_label(node) else ""
        elif node.tag in BLOCKS:
            if node.tag == "blockquote":
                depth += -1 if is_end else 1
            yield f"\n\n{'> ' if depth else ''}"
            if not is_end:
                yield f"{HEADINGS[node.tag]} " if node.tag in HEADINGS else ""
                yield "- " if node.tag == "li" else ""


def _is_label(node: LexborNode) -> bool:
    """Whether an element has a few words and nothing else."""
    inside = node.first_child
    if inside is None or inside.tag != "-text" or inside.next is not None:
        return False
    return bool((inside.text_content or "").strip()[:LONGEST_LABEL])


def _link(node: LexborNode) -> str:
    """Return a link that is replaced by its label, or nothing if its parts are read one by one."""
    label = one_line(node) or ""
    url = web_url(value(node, "href"))
    pictures = node.css("img")
    if url is None or not label or pictures or len(label) > LONGEST_LABEL:
        return ""
    for child in list(node.iter(include_text=True)):
        child.decompose()
    return f"[{label}]({url})"


def _walk(root: LexborNode) -> Iterator[tuple[LexborNode, bool]]:
    """Yield each node, and each element again where it ends."""
    open_: list[tuple[LexborNode, bool]] = [(root, False)]
    while open_:
        node, is_end = open_.pop()
        yield node, is_end
        if not is_end and node.is_element_node:
            open_.append((node, True))
            open_ += [(each, False) for each in list(node.iter(include_text=True))[::-1]]
