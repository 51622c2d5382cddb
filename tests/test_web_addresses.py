"""Addresses lead where they seem to lead."""

from __future__ import annotations

import unicodedata
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.web_addresses import safe


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://x.com/anna/status/1?s=20#a", "https://x.com/anna/status/1?s=20#a"),
        ("HTTP://Example.org:8080/Ä", "http://example.org:8080/Ä"),
        ("https://x.com@example.org/a", "https://example.org/a"),
        ("https://x.com:pw@example.org/", "https://example.org/"),
        ("https://example.org\\@x.com/", None),
        ("https://x.com\\.example.org/", None),
        ("https://münchen.de/a", "https://münchen.de/a"),
        ("https://пример.рф/", "https://пример.рф/"),
        ("https://例え.example/", "https://xn--r8jz45g.example/"),
        ("https://аррӏе.com/", "https://xn--80ak6aa92e.com/"),
        ("https://x\u0441om.example/", "https://xn--xom-4ed.example/"),
        ("https://ｘ.com/a", "https://x.com/a"),
        ("https://x.com/a\u202eb\x1b c", "https://x.com/a%E2%80%AEb%1B%20c"),
        ('https://x.com/<b>"', "https://x.com/%3Cb%3E%22"),
        ("https://[2001:db8::1]/a", "https://[2001:db8::1]/a"),
        ("https://x.com:99999/", None),
        ("https://[", None),
        ("https:///a", None),
        ("javascript:alert(1)", None),
        ("data:text/html,a", None),
        ("file:///etc/passwd", None),
        ("at://anna/app.bsky.feed.post/1", None),
        ("example.org/a", None),
        ("", None),
    ],
)
def test_an_address_is_safe_to_show_or_is_none(address: str, shown: str | None) -> None:
    assert safe(address) == shown


@given(
    st.builds(
        "{}://{}{}".format,
        st.sampled_from(["https", "http", "HTTPS", "javascript", "ftp"]),
        st.text(st.sampled_from("axо.@:\\/[]é-9 \u202e\x1b。")) | st.text(),
        st.text(st.sampled_from("/?#a<>\"' \u202e\x1b\x9b\u2028\n")) | st.text(),
    )
    | st.text()
)
@example("https://a//b@c")
@example("https://a:0/")
def test_a_safe_address_has_no_user_and_nothing_unseen(address: str) -> None:
    shown = safe(address)
    if shown is not None:
        parts = urlsplit(shown)
        assert parts.scheme in ("http", "https") or shown == address
        assert parts.username is None
        assert parts.hostname
        assert not any(unicodedata.category(each)[0] in "CZ" for each in shown)
        assert safe(shown) == shown
