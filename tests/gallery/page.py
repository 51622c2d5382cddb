"""Renders a screen as one self-contained page of HTML. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path
from typing import Any

from tests.gallery.components import Known, shown
from tests.gallery.look import DESKTOP, Look
from tests.gallery.markdown import CannotShow, html
from tests.gallery.screen import Deed, Post, Screen, Typing

STYLE = Path(__file__).with_name("discord.css")
EPHEMERAL = 1 << 6


def page(screen: Screen, look: Look = DESKTOP) -> str:
    """`screen` as HTML."""
    return _whole(screen.shows, _screen(screen), look)


def strip(screens: Iterable[Screen], look: Look) -> str:
    """`screens` as HTML, one below the other, each with a band of a colour of its own below."""
    bands = "".join(f'{_screen(each)}<div class="band"></div>' for each in screens)
    return _whole("Screens", bands, look)


def _whole(title: str, body: str, look: Look) -> str:
    return (
        f'<!doctype html><html lang="en" class="{look.theme}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(title)}</title>"
        f"<style>{STYLE.read_text(encoding='utf-8')}body {{ width: {look.width}px; }}</style>"
        f"</head><body>{body}</body></html>"
    )


def _screen(screen: Screen) -> str:
    posts = "".join(_post(each, screen.names) for each in screen.posts)
    form = _form(screen.form, screen.names) if screen.form else ""
    typing = _typing(screen.typing) if screen.typing else ""
    return (
        f'<section class="screen"><main><nav>{escape(screen.channel)}</nav>{posts}{typing}</main>'
        f"{form}</section>"
    )


def _post(post: Post, names: Mapping[str, str]) -> str:
    author = post.raw["author"]
    name = author["global_name"] or author["username"].title()
    tag = '<span class="app">APP</span>' if author["bot"] else ""
    private = bool(post.raw["flags"] & EPHEMERAL)
    foot = '<footer>👁 Only you can see this • <a href="#">Dismiss message</a></footer>'
    known = Known(names, post.files)
    if post.raw["embeds"]:
        raise CannotShow("an embed")
    said = html(post.raw["content"], names)
    return (
        f'<article class="{"private" if private else "public"}">'
        f"{_deed(post.deed) if post.deed else ''}{_answered(post.answers, names)}"
        f'<div class="avatar {"bot" if author["bot"] else "person"}">{escape(name[0])}</div>'
        f"<div><header>{escape(name)}{tag}</header>"
        f'<div class="text">{said}</div>{shown(post.raw["components"], known)}'
        f"{foot if private else ''}</div></article>"
    )


def _deed(deed: Deed) -> str:
    options = "".join(
        f'<span class="option">{f"<b>{escape(name)}</b> " if name else ""}{escape(value)}</span>'
        for name, value in deed.options
    )
    return (
        f'<div class="deed"><b>{escape(deed.who)}</b> {escape(deed.did)} '
        f'<span class="what">{escape(deed.what)}</span>{options}</div>'
    )


def _answered(said: str | None, names: Mapping[str, str]) -> str:
    return "" if said is None else f'<div class="deed">{html(said, names)}</div>'


def _form(form: Mapping[str, Any], names: Mapping[str, str]) -> str:
    return (
        f'<div class="shade"><div class="form"><h2>{escape(form["title"])}</h2>'
        f"{shown(form['components'], Known(names, {}))}"
        '<div class="row"><button class="secondary">Cancel</button>'
        '<button class="primary">Submit</button></div></div></div>'
    )


def _typing(typing: Typing) -> str:
    offered = "".join(f'<div class="option">{escape(each)}</div>' for each in typing.offered)
    return (
        f'<div class="typing"><div class="options"><h4>{escape(typing.option)}</h4>{offered}</div>'
        f'<div class="line">/{escape(typing.command)} <span class="option">'
        f"<b>{escape(typing.option)}</b> {escape(typing.text)}</span></div></div>"
    )
