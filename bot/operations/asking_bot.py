"""Asks the running bot how it is, at its address for checks."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any

from bot.errors import BotUnreachable

SECONDS = 5.0
"""How long to wait for the bot."""
MOST = 1 << 20
"""Bytes of an answer, at most."""
ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1", "*": "127.0.0.1"}  # noqa: S104  # not bound here
"""Addresses on which a bot listens for everybody, and where it is reached from this machine."""
OK = 200


@dataclass(frozen=True, slots=True)
class Health:
    """What the running bot says of itself."""

    is_well: bool
    """Whether it is well."""
    facts: dict[str, Any]
    """Each fact by its name."""


def health(address: tuple[str, int], seconds: float = SECONDS) -> Health:
    """Ask the bot at `address`.

    Raises:
        BotUnreachable: nothing answers there, or something that is no bot.
    """
    host, port = address
    connection = HTTPConnection(ANYWHERE.get(host, host), port, timeout=seconds)
    try:
        connection.request("GET", "/healthz")
        response = connection.getresponse()
        facts = json.loads(response.read(MOST))
        if not isinstance(facts, dict) or "ok" not in facts:
            raise ValueError("the answer is not of a bot")
    except (OSError, HTTPException, ValueError) as error:
        raise BotUnreachable(f"{host}:{port}", str(error) or type(error).__name__) from error
    finally:
        connection.close()
    return Health(response.status == OK and facts["ok"] is True, facts)
