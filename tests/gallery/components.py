"""Renders components as HTML in Discord's look; refuses unknown ones. Pure.

https://docs.discord.com/developers/components/reference
"""

from __future__ import annotations

import base64
import mimetypes
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import unquote, urlsplit

from tests.gallery.markdown import CannotShow, Names, html

Component = Mapping[str, Any]
STYLES = {1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link"}
KIB = 1024
MOST_ITEMS = 10
"""Most items of a gallery that Discord accepts."""
OUR_HOSTS = ("127.0.0.1", "localhost")
"""Hosts of attached files."""
ELSEWHERE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="675">'
    '<rect width="1200" height="675" fill="#8fb3c9"/><circle cx="930" cy="160" r="70" '
    'fill="#f5d98a"/><path d="M0 675V480L300 220 560 470 760 320 1200 600v75z" fill="#4d6b57"/>'
    "</svg>"
)
"""Drawn for pictures on other hosts."""


@dataclass(frozen=True, slots=True)
class Known:
    """What components refer to."""

    names: Names
    """The text of each mention, by id."""
    files: Mapping[str, bytes]
    """The message's files, by name."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of component."""

    show: Callable[[Component, Known], str]
    """Its HTML."""
    fields: frozenset[str]
    """The fields that are rendered, or that make no difference to the look."""


def shown(components: Sequence[Component], known: Known) -> str:
    """The HTML of `components`, one below the other."""
    return "".join(_one(each, known) for each in components)


def _one(component: Component, known: Known) -> str:
    kind = KINDS.get(component["type"])
    if kind is None:
        raise CannotShow(f"a component of type {component['type']}")
    said = {key for key, value in component.items() if value not in (None, False)}
    unknown = said - kind.fields - {"type", "id"}
    if unknown:
        raise CannotShow(f"{', '.join(sorted(unknown))} of a component of type {component['type']}")
    return kind.show(component, known)


def _row(component: Component, known: Known) -> str:
    return f'<div class="row">{shown(component["components"], known)}</div>'


def _button(component: Component, _: Known) -> str:
    if component["style"] not in STYLES:
        raise CannotShow(f"a button of style {component['style']}")
    emoji = component.get("emoji") or {}
    if emoji.get("id"):
        raise CannotShow(f"the server's own emoji {emoji['name']}")
    label = " ".join(each for each in (emoji.get("name"), component.get("label")) if each)
    disabled = " disabled" if component.get("disabled") else ""
    leads = " ↗" if component["style"] == 5 else ""  # a link
    style = STYLES[component["style"]]
    return f'<button class="{style}"{disabled}>{escape(label)}{leads}</button>'


def _select(component: Component, _: Known) -> str:
    """A menu, shown open, so that its options are visible."""
    options = component["options"]
    chosen = [each["label"] for each in options if each.get("default")]
    said = ", ".join(chosen) or component.get("placeholder") or "Make a selection"
    disabled = " disabled" if component.get("disabled") else ""
    return (
        f'<div class="menu{disabled}"><div class="chosen">{escape(said)}<span>⌄</span></div>'
        f'<div class="options">{"".join(map(_option, options))}</div></div>'
    )


def _option(option: Component) -> str:
    unknown = option.keys() - {"label", "value", "description", "default"}
    if unknown:
        raise CannotShow(f"{', '.join(sorted(unknown))} of an option")
    said = option.get("description")
    below = f"<small>{escape(said)}</small>" if said else ""
    return f'<div class="option">{escape(option["label"])}{below}</div>'


def _section(component: Component, known: Known) -> str:
    said = shown(component["components"], known)
    beside = _one(component["accessory"], known)
    return f'<div class="section"><div>{said}</div><div class="accessory">{beside}</div></div>'


def _text(component: Component, known: Known) -> str:
    return f'<div class="text">{html(component["content"], known.names)}</div>'


def _thumbnail(component: Component, known: Known) -> str:
    return _picture(component, known)


def _gallery(component: Component, known: Known) -> str:
    items = component["items"]
    if not 1 <= len(items) <= MOST_ITEMS:
        raise CannotShow(f"a gallery of {len(items)} items")
    for each in items:
        unknown = each.keys() - {"media", "description", "spoiler"}
        if unknown:
            raise CannotShow(f"{', '.join(sorted(unknown))} of an item of a gallery")
    shown = "".join(_picture(each, known) for each in items)
    return f'<div class="pictures number{len(items)}">{shown}</div>'


def _picture(item: Component, known: Known) -> str:
    """A picture, with the badge of its description if it has one."""
    said = item.get("description")
    badge = '<span class="alt">ALT</span>' if said else ""
    hidden = " hidden-picture" if item.get("spoiler") else ""
    return (
        f'<figure class="picture{hidden}"><img alt="{escape(said or "")}" '
        f'src="{_address(item["media"], known)}">{badge}</figure>'
    )


def _address(media: Component, known: Known) -> str:
    """The picture as data; one on another host is drawn as a landscape, as no host is asked."""
    address = urlsplit(media["url"])
    if address.scheme != "attachment" and address.hostname not in OUR_HOSTS:
        return f"data:image/svg+xml;base64,{base64.b64encode(ELSEWHERE.encode()).decode()}"
    name, content = _file(media, known)
    kind = mimetypes.guess_type(name)[0]
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def _attached(component: Component, known: Known) -> str:
    name, content = _file(component["file"], known)
    size = len(content)
    said = f"{size} bytes" if size < KIB else f"{size / KIB:.2f} KB"
    return (
        f'<div class="file"><span>🗎</span><div><a href="#">{escape(name)}</a>'
        f"<small>{said}</small></div></div>"
    )


def _file(media: Component, known: Known) -> tuple[str, bytes]:
    """The name and content of the attached file that `media` refers to."""
    name = unquote(urlsplit(media["url"]).path.rsplit("/", 1)[-1] or urlsplit(media["url"]).netloc)
    if name not in known.files:
        raise CannotShow(f"the file {media['url']}, which is not attached")
    return name, known.files[name]


def _separator(component: Component, _: Known) -> str:
    line = "line" if component.get("divider", True) else "space"
    return f'<div class="{line} spacing{component.get("spacing", 1)}"></div>'


def _container(component: Component, known: Known) -> str:
    colour = component.get("accent_color")
    style = "" if colour is None else f' style="border-left:4px solid #{colour:06x}"'
    hidden = " hidden-container" if component.get("spoiler") else ""
    return f'<div class="container{hidden}"{style}>{shown(component["components"], known)}</div>'


def _label(component: Component, known: Known) -> str:
    inner = component["component"]
    star = '<b class="required">*</b>' if inner.get("required", True) else ""
    said = component.get("description")
    below = f"<small>{escape(said)}</small>" if said else ""
    return f'<div class="label">{escape(component["label"])}{star}{below}{_one(inner, known)}</div>'


def _input(component: Component, _: Known) -> str:
    said = component.get("value") or ""
    hint = escape(component.get("placeholder") or "")
    inner = escape(said) if said else f"<i>{hint}</i>"
    return f'<div class="input style{component["style"]}">{inner}</div>'


def _kind(show: Callable[[Component, Known], str], fields: str) -> Kind:
    return Kind(show, frozenset(fields.split()))


KINDS = {
    1: _kind(_row, "components"),
    2: _kind(_button, "style label custom_id url disabled emoji"),
    3: _kind(_select, "custom_id options placeholder disabled min_values max_values required"),
    4: _kind(_input, "custom_id style value placeholder required min_length max_length"),
    9: _kind(_section, "components accessory"),
    10: _kind(_text, "content"),
    11: _kind(_thumbnail, "media description spoiler"),
    12: _kind(_gallery, "items"),
    13: _kind(_attached, "file name size spoiler"),
    14: _kind(_separator, "divider spacing"),
    17: _kind(_container, "components accent_color spoiler"),
    18: _kind(_label, "label description component"),
}
"""Types of components, by Discord's number for them."""
