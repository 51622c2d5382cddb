"""Makes web addresses safe to show and to follow: they lead where they seem to lead. Pure.

A browser takes `https://x.com@example.org/` to example.org, and a host may mix letters of scripts
that look alike. So a shown address has no user, and a host of mixed scripts is written in Punycode.
https://www.unicode.org/reports/tr39/
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, urlsplit

import regex

PLAIN = re.compile(
    r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)*(?::\d{1,4})?(?:[/?#][!#-;=?-\[\]_a-z~]*)?", re.IGNORECASE
)
"""An address with nothing to change, as nearly all are."""
HOST = regex.compile(r"[\p{L}\p{M}\p{N}-]+(?:\.[\p{L}\p{M}\p{N}-]+)*\.?|\[[0-9a-fA-F:.]+\]")
UNSEEN = regex.compile(r"[\p{C}\p{Z}\\<>\"`|^{}]+")
"""What an address must not have as it is: characters that nobody sees, or that may end it."""
LETTER = regex.compile(r"\p{L}")
TOGETHER = {"Hiragana": "Han", "Katakana": "Han"}
"""Scripts that are written together."""
SCRIPTS = ("Latin", "Greek", "Cyrillic", "Armenian", "Hebrew", "Arabic", "Devanagari", "Thai",
           "Georgian", "Hangul", "Han", "Hiragana", "Katakana")  # fmt: skip
SCRIPT = regex.compile("|".join(rf"(?P<{name}>\p{{Script={name}}})" for name in SCRIPTS))


def safe(address: str) -> str | None:
    """Return `address` as it may be shown and followed; None if it is no address on the web."""
    if PLAIN.fullmatch(address):
        return address
    try:
        parts = urlsplit(address.strip())
        host, port = parts.hostname, parts.port
    except ValueError:  # such as https://[, or a port that is none
        return None
    is_web = parts.scheme.lower() in ("http", "https")
    if not is_web or not host or "\\" in parts.netloc:  # browsers take a backslash for a slash
        return None
    host = unicodedata.normalize("NFKC", f"[{host}]" if ":" in host else host).lower()
    if not HOST.fullmatch(host):
        return None
    shown = host if host.isascii() or _is_of_one_script(host) else _punycode(host)
    rest = parts._replace(scheme="", netloc="").geturl()
    if rest.startswith("//"):  # a path that would be read as a host
        rest = f"/{rest.lstrip('/')}"
    rest = UNSEEN.sub(lambda found: quote(found[0], safe=""), rest)
    return f"{parts.scheme.lower()}://{shown}{f':{port}' if port is not None else ''}{rest}"


def _is_of_one_script(host: str) -> bool:
    """Whether all letters of `host` are of one script, of those that are known here."""
    scripts = set()
    for letter in LETTER.findall(host):
        found = SCRIPT.match(letter)
        name = found.lastgroup if found else None
        scripts.add(TOGETHER.get(name or "", name))
    return len(scripts) == 1 and None not in scripts


def _punycode(host: str) -> str:
    return ".".join(
        each if each.isascii() else f"xn--{each.encode('punycode').decode('ascii')}"
        for each in host.split(".")
    )
