"""Each type of component, and what is done about unknown ones."""

from __future__ import annotations

from typing import Any

import pytest

from tests.gallery.components import KINDS, Known, shown
from tests.gallery.markdown import CannotShow

KNOWN = Known({}, {"a b.txt": b"x" * 2048, "dot.png": b"\x89PNG"})

TEXT = {"type": 10, "content": "**Hello**"}
BUTTON = {"type": 2, "style": 2, "label": "Go <on>", "custom_id": "go"}
MENU = {
    "type": 3,
    "custom_id": "menu",
    "placeholder": "Choose",
    "options": [{"label": "One", "value": "1", "description": "the first"}],
}
LINE = {"type": 4, "custom_id": "said", "style": 1, "placeholder": "a word", "required": True}
PICTURE = {"media": {"url": "http://127.0.0.1/1/dot.png"}, "description": "a dot"}
ELSEWHERE = {"media": {"url": "https://pbs.example/1.jpg"}}
FILE = {"type": 13, "file": {"url": "attachment://a%20b.txt"}}
EXAMPLES: list[tuple[dict[str, Any], str]] = [
    ({"type": 1, "components": [BUTTON]}, '<div class="row"><button'),
    (BUTTON, '<button class="secondary">Go &lt;on&gt;</button>'),
    (BUTTON | {"style": 1, "disabled": True}, '<button class="primary" disabled>'),
    (BUTTON | {"style": 4, "emoji": {"name": "✋", "id": None}}, 'class="danger">✋ Go'),
    ({"type": 2, "style": 5, "label": "Out", "url": "https://e.org"}, "Out ↗"),
    (MENU, "Choose<"),
    (MENU, "One<small>the first</small>"),
    (MENU | {"options": [{"label": "Two", "value": "2", "default": True}]}, "Two<span>"),
    (LINE, '<div class="input style1"><i>a word</i></div>'),
    (LINE | {"value": "seven"}, ">seven<"),
    ({"type": 9, "components": [TEXT], "accessory": BUTTON}, '<div class="accessory"><button'),
    (TEXT, '<div class="text"><strong>Hello</strong></div>'),
    ({"type": 9, "components": [TEXT], "accessory": {"type": 11, **PICTURE}}, 'alt="a dot"'),
    ({"type": 12, "items": [PICTURE]}, 'src="data:image/png;base64,iVBORw=='),
    ({"type": 12, "items": [PICTURE]}, '<span class="alt">ALT</span>'),
    ({"type": 12, "items": [ELSEWHERE] * 3}, 'number3"><figure class="picture"><img alt="" '),
    ({"type": 12, "items": [ELSEWHERE]}, "data:image/svg+xml;base64,"),
    ({"type": 12, "items": [PICTURE | {"spoiler": True}]}, "hidden-picture"),
    (FILE, "a b.txt</a><small>2.00 KB</small>"),
    ({"type": 14, "spacing": 2}, '<div class="line spacing2">'),
    ({"type": 14, "divider": False}, '<div class="space spacing1">'),
    ({"type": 17, "components": [TEXT], "accent_color": 255}, "solid #0000ff"),
    ({"type": 17, "components": [TEXT], "spoiler": True}, "container hidden-container"),
    ({"type": 18, "label": "Words", "component": LINE}, 'Words<b class="required">*</b>'),
]


@pytest.mark.parametrize(("component", "seen"), EXAMPLES)
def test_it_is_shown(component: dict[str, Any], seen: str) -> None:
    assert seen in shown([component], KNOWN)


def test_every_type_has_an_example() -> None:
    assert {each["type"] for each, _ in EXAMPLES} | {11} == set(KINDS)


@pytest.mark.parametrize(
    "component",
    [
        {"type": 99},
        BUTTON | {"style": 6},
        BUTTON | {"blinks": True},
        BUTTON | {"emoji": {"name": "parrot", "id": "12"}},
        MENU | {"options": [{"label": "One", "value": "1", "emoji": {"name": "✋"}}]},
        {"type": 17, "components": [{"type": 99}]},
        {"type": 13, "file": {"url": "attachment://elsewhere.txt"}},
        {"type": 12, "items": [{"media": {"url": "attachment://missing.png"}}]},
        {"type": 12, "items": [PICTURE] * 11},
    ],
)
def test_what_is_not_known_is_refused(component: dict[str, Any]) -> None:
    with pytest.raises(CannotShow):
        shown([component], KNOWN)
