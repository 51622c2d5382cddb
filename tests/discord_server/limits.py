"""The rules for what a message, an autocomplete answer or a thread may be.

https://discord.com/developers/docs/resources/message#create-message-limitations
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from .components import check_message_components
from .errors import Form, empty_message
from .messages import EPHEMERAL, IS_COMPONENTS_V2, walk

if TYPE_CHECKING:
    from .messages import Message

MOST_CONTENT = 2000
MOST_EMBEDDED_TEXT = 6000
MOST_CHOICES = 25
SUPPRESS_EMBEDS, SUPPRESS_NOTIFICATIONS, VOICE_MESSAGE = 1 << 2, 1 << 12, 1 << 13
_SETTABLE = SUPPRESS_EMBEDS | EPHEMERAL | SUPPRESS_NOTIFICATIONS | VOICE_MESSAGE | IS_COMPONENTS_V2
# Fields of a message that Components V2 put out of use.
_LEGACY = ("content", "embeds", "poll", "sticker_ids")


def check_message(
    form: Form,
    data: Mapping[str, Any],
    filenames: Sequence[str] = (),
    *,
    before: Message | None = None,
) -> None:
    """Refuse a body that may not become a message, or may not edit the one from `before`."""
    flags = data.get("flags") or 0
    v2 = bool(flags & IS_COMPONENTS_V2) or (before is not None and before.components_v2)
    _check_flags(form.at("flags"), data, before)
    form.at("content").text(data.get("content"), 0, MOST_CONTENT, required=False)
    _check_embeds(form.at("embeds"), data.get("embeds"))
    _check_mentions(form.at("allowed_mentions"), data.get("allowed_mentions"))
    _check_attachments(form.at("attachments"), data, filenames, before)
    if v2:
        _check_legacy(form, data, before)
    check_message_components(form.at("components"), data.get("components"), v2=v2)
    form.check()
    _check_references(form.at("components"), data, filenames, before)
    form.check()
    _check_shown(data, filenames, before)


def check_deferral(form: Form, data: object) -> None:
    """Refuse a deferred reply that carries more than the ephemeral flag."""
    carried = dict(data) if isinstance(data, Mapping) else {}
    flags = carried.pop("flags", 0) or 0
    if flags & ~EPHEMERAL:
        form.at("flags").refuse(
            "BASE_TYPE_CHOICES", f"Only the flag {EPHEMERAL} (ephemeral) may be deferred."
        )
    for key, value in carried.items():
        if value not in (None, False, [], {}, "") and key != "allowed_mentions":
            form.at(key).refuse("DEFERRED_FIELD_UNUSED", "A deferred reply cannot carry this.")
    form.check()


def check_choices(form: Form, data: object, option_type: int) -> list[tuple[str, Any]]:
    """The choices of an autocomplete answer as (name, value); refuses what may not be one."""
    choices = data.get("choices") if isinstance(data, Mapping) else None
    inner = form.at("choices")
    if choices is None:
        inner.refuse("BASE_TYPE_REQUIRED", "This field is required")
    listed = inner.listing(choices, 0, MOST_CHOICES)
    for index, choice in enumerate(listed):
        inner.at(index, "name").text(choice.get("name"), 1, 100)
        value, place = choice.get("value"), inner.at(index, "value")
        if option_type == 3:
            place.text(value, 1, 100)
        elif not isinstance(value, (int, float) if option_type == 10 else int):
            place.refuse("NUMBER_TYPE_COERCE", f"Value {value!r} is not a number.")
        elif not math.isfinite(value) or abs(value) > 2**53:
            place.refuse("NUMBER_TYPE_MAX", "Value must be within 2^53.")
    form.check()
    return [(choice["name"], choice["value"]) for choice in listed]


def check_thread_name(form: Form, data: Mapping[str, Any]) -> None:
    """Refuse what may not name or set up a thread."""
    form.at("name").text(data.get("name"), 1, 100)
    if data.get("auto_archive_duration") is not None:
        form.at("auto_archive_duration").choice(
            data["auto_archive_duration"], (60, 1440, 4320, 10080)
        )
    form.check()


def _check_flags(form: Form, data: Mapping[str, Any], before: Message | None) -> None:
    flags = data.get("flags")
    if flags is None:
        return
    if not isinstance(flags, int):
        form.refuse("NUMBER_TYPE_COERCE", f"Value {flags!r} is not an integer.")
    elif flags & ~_SETTABLE:
        form.refuse("BASE_TYPE_CHOICES", f"Flags {flags & ~_SETTABLE} cannot be set.")
    elif before is not None and before.components_v2 and not flags & IS_COMPONENTS_V2:
        form.refuse(
            "MESSAGE_CANNOT_REMOVE_COMPONENTS_V2_FLAG",
            "MessageFlags.IS_COMPONENTS_V2 cannot be removed once it is set",
        )


def _check_legacy(form: Form, data: Mapping[str, Any], before: Message | None) -> None:
    for key in _LEGACY:
        kept = before.raw.get(key) if before is not None and key not in data else None
        if data.get(key) or kept:
            form.at(key).refuse(
                "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                f"The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2",
            )


def _check_embeds(form: Form, embeds: object) -> None:
    total = 0
    for index, embed in enumerate(form.listing(embeds, 0, 10)):
        place = form.at(index)
        texts = [
            (place.at("title"), embed.get("title"), 256),
            (place.at("description"), embed.get("description"), 4096),
            (place.at("footer", "text"), (embed.get("footer") or {}).get("text"), 2048),
            (place.at("author", "name"), (embed.get("author") or {}).get("name"), 256),
        ]
        fields = place.at("fields").listing(embed.get("fields"), 0, 25)
        for at, part in enumerate(fields):
            for key, most in (("name", 256), ("value", 1024)):
                place.at("fields", at, key).text(part.get(key), 1, most)
                total += len(str(part.get(key) or ""))
        for where, text, most in texts:
            where.text(text, 0, most, required=False)
            total += len(str(text or ""))
    if total > MOST_EMBEDDED_TEXT:
        form.refuse(
            "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {MOST_EMBEDDED_TEXT}"
        )


def _check_mentions(form: Form, allowed: object) -> None:
    if not isinstance(allowed, Mapping):
        return
    parse = allowed.get("parse") or ()
    for kind in parse:
        if kind not in ("users", "roles", "everyone"):
            form.at("parse").refuse(
                "BASE_TYPE_CHOICES", "Value must be one of ('users', 'roles', 'everyone')."
            )
    for kind in ("users", "roles"):
        if len(allowed.get(kind) or ()) > 100:
            form.at(kind).refuse("BASE_TYPE_MAX_LENGTH", "Must be 100 or fewer in length.")
        if kind in parse and allowed.get(kind):
            form.refuse(
                "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
                f'parse:["{kind}"] and {kind}: [ids...] are mutually exclusive.',
            )


def _check_attachments(
    form: Form, data: Mapping[str, Any], filenames: Sequence[str], before: Message | None
) -> None:
    if len(filenames) > 10:
        form.refuse("BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.")
    kept = {str(a["id"]) for a in before.raw["attachments"]} if before is not None else set()
    for index, attachment in enumerate(form.listing(data.get("attachments"), 0, 10)):
        given = str(attachment.get("id"))
        uploaded = given.isdecimal() and int(given) < len(filenames)
        if not uploaded and given not in kept:
            form.at(index, "id").refuse(
                "ATTACHMENT_NOT_FOUND", f"The attachment with ID {given} was not found."
            )
        form.at(index, "description").text(attachment.get("description"), 0, 1024, required=False)


def kept_attachments(data: Mapping[str, Any], before: Message | None) -> list[Mapping[str, Any]]:
    """The earlier attachments that an edit leaves in place."""
    if before is None:
        return []
    earlier: list[Mapping[str, Any]] = list(before.raw["attachments"])
    if data.get("attachments") is None:
        return earlier
    named = {str(a.get("id")) for a in data["attachments"]}
    return [a for a in earlier if str(a["id"]) in named]


def _check_references(
    form: Form, data: Mapping[str, Any], filenames: Sequence[str], before: Message | None
) -> None:
    known = {*filenames, *(a["filename"] for a in kept_attachments(data, before))}
    for component in walk(data.get("components") or ()):
        items = [item.get("media") for item in component.get("items") or ()]
        for media in (component.get("media"), component.get("file"), *items):
            scheme, _, name = str((media or {}).get("url", "")).partition("://")
            if scheme == "attachment" and name not in known:
                form.refuse(
                    "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND",
                    f'Referenced attachment "{name}" not found',
                )


def _check_shown(data: Mapping[str, Any], filenames: Sequence[str], before: Message | None) -> None:
    if filenames or kept_attachments(data, before):
        return
    for key in ("content", "embeds", "components", "poll", "sticker_ids"):
        kept = before.raw.get(key) if before is not None and key not in data else None
        shown = data.get(key) or kept
        if shown.strip() if isinstance(shown, str) else shown:
            return
    raise empty_message()
