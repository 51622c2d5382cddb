"""The rules for components, in messages and in modals.

https://discord.com/developers/docs/components/reference
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from .messages import (
    ACTION_ROW,
    BUTTON,
    CONTAINER,
    FILE,
    LABEL,
    LINK,
    MEDIA_GALLERY,
    PREMIUM,
    SECTION,
    SELECTS,
    SEPARATOR,
    STRING_SELECT,
    TEXT_DISPLAY,
    TEXT_INPUT,
    THUMBNAIL,
    walk,
)

if TYPE_CHECKING:
    from .errors import Form

MOST_ROWS = 5
MOST_COMPONENTS = 40
MOST_TEXT = 4000
MOST_IN_MODAL = 5
_CONTAINED = (ACTION_ROW, SECTION, TEXT_DISPLAY, MEDIA_GALLERY, FILE, SEPARATOR)
_TOP = (*_CONTAINED, CONTAINER)
# File upload, radio group, checkbox group and checkbox may stand in a label, too.
_LABELLED = (*SELECTS, TEXT_INPUT, 19, 21, 22, 23)


def check_message_components(form: Form, components: object, *, v2: bool) -> None:
    """Note everything that a message may not hold."""
    rows = form.listing(components, 0, MOST_COMPONENTS if v2 else MOST_ROWS)
    for index, component in enumerate(rows):
        _check(form.at(index), component, _TOP if v2 else (ACTION_ROW,))
    every = list(walk([c for c in rows if _well_formed(c)]))
    if v2 and len(every) > MOST_COMPONENTS:
        form.refuse(
            "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
            f"The total number of components ({len(every)}) exceeds {MOST_COMPONENTS}",
        )
    shown = sum(len(str(c.get("content") or "")) for c in every if c.get("type") == TEXT_DISPLAY)
    if shown > MOST_TEXT:
        form.refuse(
            "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
            f"Total size of displayable text ({shown}) exceeds maximum size of {MOST_TEXT}",
        )
    _check_unique(form, every)


def _well_formed(component: Mapping[str, Any]) -> bool:
    nested = component.get("components") or ()
    return isinstance(nested, (list, tuple)) and all(
        isinstance(child, Mapping) and _well_formed(child) for child in nested
    )


def _check_unique(form: Form, every: list[Mapping[str, Any]]) -> None:
    for key, code, name in (
        ("custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", "custom id"),
        ("id", "COMPONENT_ID_DUPLICATED", "id"),
    ):
        seen: set[object] = set()
        for component in every:
            value = component.get(key)
            # Discord numbers the components whose id is missing or zero itself.
            if not value:
                continue
            if value in seen:
                form.refuse(code, f"Component {name} cannot be duplicated ({value!r})")
            seen.add(value)


def _check(form: Form, component: Mapping[str, Any], allowed: tuple[int, ...]) -> None:
    kind = component.get("type")
    if kind not in allowed:
        among = ", ".join(map(str, allowed))
        form.at("type").refuse(
            "UNION_TYPE_CHOICES", f'Value of field "type" must be one of ({among}).'
        )
        return
    if kind == ACTION_ROW:
        _check_row(form, component)
    elif kind == SECTION:
        inner = form.at("components")
        for index, child in enumerate(inner.listing(component.get("components"), 1, 3)):
            _check(inner.at(index), child, (TEXT_DISPLAY,))
        _check_accessory(form.at("accessory"), component.get("accessory"))
    elif kind == TEXT_DISPLAY:
        form.at("content").text(component.get("content"), 1, MOST_TEXT)
    elif kind == CONTAINER:
        inner = form.at("components")
        for index, child in enumerate(
            inner.listing(component.get("components"), 1, MOST_COMPONENTS)
        ):
            _check(inner.at(index), child, _CONTAINED)
    elif kind == SEPARATOR:
        if component.get("spacing") is not None:
            form.at("spacing").choice(component["spacing"], (1, 2))
    elif kind == MEDIA_GALLERY:
        inner = form.at("items")
        for index, item in enumerate(inner.listing(component.get("items"), 1, 10)):
            _check_media(inner.at(index, "media"), item.get("media"))
            inner.at(index, "description").text(item.get("description"), 0, 1024, required=False)
    elif kind == FILE:
        _check_media(form.at("file"), component.get("file"), attached=True)
    elif kind == THUMBNAIL:
        _check_media(form.at("media"), component.get("media"))
        form.at("description").text(component.get("description"), 0, 1024, required=False)
    elif kind == BUTTON:
        _check_button(form, component)
    elif kind in SELECTS:
        _check_select(form, component)


def _check_accessory(form: Form, accessory: object) -> None:
    if not isinstance(accessory, Mapping):
        form.refuse("BASE_TYPE_REQUIRED", "This field is required")
        return
    _check(form, accessory, (BUTTON, THUMBNAIL))


def _check_row(form: Form, row: Mapping[str, Any]) -> None:
    inner = form.at("components")
    children = inner.listing(row.get("components"), 1, 5)
    for index, child in enumerate(children):
        _check(inner.at(index), child, (BUTTON, *SELECTS))
    if len(children) > 1 and any(child.get("type") in SELECTS for child in children):
        inner.refuse(
            "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
            "The specified component exceeds the maximum width",
        )


def _check_media(form: Form, media: object, *, attached: bool = False) -> None:
    url = media.get("url") if isinstance(media, Mapping) else None
    if not form.at("url").text(url, 1, 2048):
        return
    schemes = ("attachment",) if attached else ("http", "https", "attachment")
    if urlsplit(str(url)).scheme not in schemes:
        among = ", ".join(schemes)
        form.at("url").refuse("URL_TYPE_INVALID_SCHEME", f"Scheme must be one of ({among}).")


def _check_button(form: Form, button: Mapping[str, Any]) -> None:
    form.at("label").text(button.get("label"), 0, 80, required=False)
    style = button.get("style")
    if not form.at("style").choice(style, (1, 2, 3, 4, LINK, PREMIUM)) or style == PREMIUM:
        return
    if not button.get("label") and not button.get("emoji"):
        form.refuse("BUTTON_COMPONENT_INVALID_LABEL", "A button must have a label or an emoji")
    if style == LINK:
        _check_link(form, button)
        return
    form.at("custom_id").text(button.get("custom_id"), 1, 100)
    if button.get("url"):
        form.refuse(
            "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
            "A custom id and url cannot both be specified",
        )


def _check_link(form: Form, button: Mapping[str, Any]) -> None:
    if button.get("custom_id"):
        form.refuse(
            "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
            "A custom id and url cannot both be specified",
        )
    if not form.at("url").text(button.get("url"), 1, 512):
        return
    parts = urlsplit(str(button["url"]))
    if parts.scheme not in ("http", "https", "discord"):
        form.at("url").refuse(
            "URL_TYPE_INVALID_SCHEME",
            f'Scheme "{parts.scheme}" is not supported. Scheme must be one of '
            "('http', 'https', 'discord').",
        )
    elif not parts.netloc or " " in str(button["url"]):
        form.at("url").refuse("URL_TYPE_INVALID_URL", "Not a well formed URL.")


def _check_select(form: Form, menu: Mapping[str, Any]) -> None:
    form.at("custom_id").text(menu.get("custom_id"), 1, 100)
    form.at("placeholder").text(menu.get("placeholder"), 0, 150, required=False)
    least = 1 if menu.get("min_values") is None else menu["min_values"]
    most = 1 if menu.get("max_values") is None else menu["max_values"]
    if not 0 <= least <= 25:
        form.at("min_values").refuse("NUMBER_TYPE_MAX", "int value should be between 0 and 25.")
    if not 1 <= most <= 25:
        form.at("max_values").refuse("NUMBER_TYPE_MAX", "int value should be between 1 and 25.")
    if menu.get("type") != STRING_SELECT:
        return
    inner = form.at("options")
    options = inner.listing(menu.get("options"), 1, 25)
    seen: set[object] = set()
    for index, option in enumerate(options):
        inner.at(index, "label").text(option.get("label"), 1, 100)
        inner.at(index, "value").text(option.get("value"), 1, 100)
        inner.at(index, "description").text(option.get("description"), 0, 100, required=False)
        if option.get("value") in seen:
            inner.at(index, "value").refuse(
                "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
                "The specified option value is already used",
            )
        seen.add(option.get("value"))
    if most > len(options):
        form.refuse(
            "SELECT_COMPONENT_MAX_VALUES_EXCEEDED", "max_values is more than there are options"
        )
    if sum(bool(option.get("default")) for option in options) > most:
        inner.refuse("SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES", "Too many default values are set")


def check_modal(form: Form, data: object) -> None:
    """Note everything that a modal may not be."""
    if not isinstance(data, Mapping):
        form.refuse("BASE_TYPE_REQUIRED", "This field is required")
        return
    form.at("custom_id").text(data.get("custom_id"), 1, 100)
    form.at("title").text(data.get("title"), 1, 45)
    inner = form.at("components")
    components = inner.listing(data.get("components"), 1, MOST_IN_MODAL)
    for index, component in enumerate(components):
        place = inner.at(index)
        kind = component.get("type")
        if kind == ACTION_ROW:
            nested = place.at("components")
            for at, child in enumerate(nested.listing(component.get("components"), 1, 1)):
                _check_text_input(nested.at(at), child, labelled=False)
        elif kind == LABEL:
            _check_label(place, component)
        else:
            _check(place, component, (ACTION_ROW, LABEL, TEXT_DISPLAY))
    _check_unique(inner, list(walk([c for c in components if _well_formed(c)])))


def _check_label(form: Form, label: Mapping[str, Any]) -> None:
    form.at("label").text(label.get("label"), 1, 45)
    form.at("description").text(label.get("description"), 0, 100, required=False)
    inner, component = form.at("component"), label.get("component")
    if not isinstance(component, Mapping):
        inner.refuse("BASE_TYPE_REQUIRED", "This field is required")
    elif component.get("type") == TEXT_INPUT:
        _check_text_input(inner, component, labelled=True)
    else:
        _check(inner, component, _LABELLED)


def _check_text_input(form: Form, field: Mapping[str, Any], *, labelled: bool) -> None:
    if field.get("type") != TEXT_INPUT:
        form.at("type").refuse(
            "UNION_TYPE_CHOICES", f'Value of field "type" must be one of ({TEXT_INPUT},).'
        )
        return
    form.at("custom_id").text(field.get("custom_id"), 1, 100)
    form.at("style").choice(field.get("style"), (1, 2))
    # In a label the label's own text takes this one's place.
    form.at("label").text(field.get("label"), 1, 45, required=not labelled)
    form.at("placeholder").text(field.get("placeholder"), 0, 100, required=False)
    form.at("value").text(field.get("value"), 0, 4000, required=False)
    least, most = field.get("min_length") or 0, field.get("max_length") or 4000
    if not 0 <= least <= 4000:
        form.at("min_length").refuse("NUMBER_TYPE_MAX", "int value should be within 0 and 4000.")
    if not 1 <= most <= 4000 or most < least:
        form.at("max_length").refuse(
            "NUMBER_TYPE_MAX", "int value should be within min_length and 4000."
        )
