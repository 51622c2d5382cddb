"""Compares request bodies with Discord's own description of its API, where it lies at hand.

https://github.com/discord/discord-api-spec
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from referencing import Registry
from referencing.jsonschema import DRAFT202012

ROOT = Path(__file__).resolve().parents[2]
OPENAPI = ROOT.parent / "shared" / "discord-openapi.json"
_URN = "urn:discord"

# The description joins these bodies as `anyOf`, in which nearly everything fits the loosest
# branch; the kind of answer, or the route, tells which branch is meant.
_CALLBACKS = {
    1: "PongInteractionCallbackRequest",
    4: "CreateMessageInteractionCallbackRequest",
    5: "CreateMessageInteractionCallbackRequest",
    6: "UpdateMessageInteractionCallbackRequest",
    7: "UpdateMessageInteractionCallbackRequest",
    8: "ApplicationCommandAutocompleteCallbackRequest",
    9: "ModalInteractionCallbackRequest",
    12: "LaunchActivityInteractionCallbackRequest",
}
_FOLLOWUP = "IncomingWebhookRequestPartial"
# The webhook route is described with @original apart, and ids with a pattern of their own.
_PARAMETER = re.compile(r"\{[^}]+\}")


def available() -> bool:
    """Whether the description is there."""
    return OPENAPI.is_file()


@cache
def _document() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(OPENAPI.read_text(encoding="utf-8"))
    # Ids may also be sent as integers, as discord.py does in allowed mentions and attachments:
    # https://discord.com/developers/docs/reference#snowflakes-snowflake-id-format
    document["components"]["schemas"]["SnowflakeType"]["type"] = ["string", "integer"]
    return document


@cache
def _registry() -> Registry[Any]:
    resource = DRAFT202012.create_resource(_document())
    empty: Registry[Any] = Registry()
    registry: Registry[Any] = empty.with_resource(_URN, resource)
    return registry


@cache
def _paths() -> tuple[tuple[re.Pattern[str], str], ...]:
    def pattern(template: str) -> re.Pattern[str]:
        parts = [re.escape(part) for part in _PARAMETER.split(template)]
        return re.compile("[^/@]+".join(parts))

    return tuple((pattern(template), template) for template in _document()["paths"])


@cache
def _validator(pointer: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": f"{_URN}#{pointer}"}, registry=_registry())


def _pointer(method: str, path: str, body: object) -> str | None:
    if path.startswith("/interactions/") and isinstance(body, dict):
        name = _CALLBACKS.get(body.get("type", 0))
        return f"/components/schemas/{name}" if name else None
    if method == "POST" and re.fullmatch(r"/webhooks/\d+/[^/]+", path):
        return f"/components/schemas/{_FOLLOWUP}"
    for pattern, template in _paths():
        if pattern.fullmatch(path):
            operation = _document()["paths"][template].get(method.lower(), {})
            if "application/json" not in operation.get("requestBody", {}).get("content", {}):
                return None
            escaped = template.replace("~", "~0").replace("/", "~1").replace("{", "%7B")
            escaped = escaped.replace("}", "%7D")
            media = "application~1json"
            return f"/paths/{escaped}/{method.lower()}/requestBody/content/{media}/schema"
    return None


def complaint(method: str, path: str, body: object) -> str | None:
    """What the description has against a body sent to `path`, or None."""
    if body is None or not available():
        return None
    pointer = _pointer(method, path, body)
    if pointer is None:
        return None
    error = best_match(_validator(pointer).iter_errors(body))
    if error is None:
        return None
    where = ".".join(str(key) for key in error.absolute_path) or "body"
    return f"{where}: {error.message}"
