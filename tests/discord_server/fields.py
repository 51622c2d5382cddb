"""What Discord's client does with the fields and menus that a person fills in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .messages import LABEL, TEXT_INPUT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def check_chosen(menu: Mapping[str, Any], chosen: Sequence[str]) -> None:
    """Say what hinders a person from choosing these values in a menu."""
    if menu.get("disabled"):
        raise AssertionError(f"the menu {menu['custom_id']!r} is disabled")
    offered = [option["value"] for option in menu.get("options") or ()]
    if offered and not set(chosen) <= set(offered):
        raise AssertionError(f"{chosen} are not all among {offered}")
    least = 1 if menu.get("min_values") is None else menu["min_values"]
    most = 1 if menu.get("max_values") is None else menu["max_values"]
    if not least <= len(chosen) <= most:
        raise AssertionError(f"{len(chosen)} chosen, between {least} and {most} may be")


def submitted(part: Mapping[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """A part of a modal as it is submitted; takes what it uses out of `given`."""
    sent: dict[str, Any] = {"type": part["type"], "id": part.get("id") or 0}
    if part["type"] == LABEL:
        return sent | {"component": submitted(part["component"], given)}
    if "components" in part:
        return sent | {"components": [submitted(child, given) for child in part["components"]]}
    if "custom_id" not in part:
        return sent
    custom_id = part["custom_id"]
    sent["custom_id"] = custom_id
    if part["type"] == TEXT_INPUT:
        value = str(given.pop(custom_id, part.get("value") or ""))
        least, most = part.get("min_length") or 0, part.get("max_length") or 4000
        if part.get("required") is not False:
            least = max(1, least)
        if (value or least) and not least <= len(value) <= most:
            raise AssertionError(
                f"the field {custom_id!r} takes {least} to {most} characters, not {len(value)}"
            )
        return sent | {"value": value}
    defaults = [o["value"] for o in part.get("options") or () if o.get("default")]
    chosen = given.pop(custom_id, defaults)
    chosen = [chosen] if isinstance(chosen, str) else list(chosen)
    if chosen or part.get("required") is not False:
        check_chosen(part, chosen)
    return sent | {"values": chosen}
