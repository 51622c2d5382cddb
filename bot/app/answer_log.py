"""Logs each answer with an id: what was used, and how long it took. Never who asked, or what."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import discord

from bot.app.client import Interaction
from bot.app.sharding import shard_of
from bot.logs import ANSWER, FACTS, answering

log = logging.getLogger(__name__)

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")
Respond = Callable[Concatenate[Interaction, Parameters], Awaitable[Result]]
"""Responds to an interaction."""


def logged(
    respond: Callable[Concatenate[Interaction, Parameters], Awaitable[Result]],
) -> Callable[Concatenate[Interaction, Parameters], Awaitable[Result]]:
    """Give what `respond` answers an id, and log it with one line."""

    @wraps(respond)
    async def with_id(
        interaction: Interaction, /, *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> Result:
        if ANSWER.get() is not None:  # it is part of another answer
            return await respond(interaction, *args, **kwargs)
        started = time.monotonic()
        with answering():
            try:
                return await respond(interaction, *args, **kwargs)
            finally:
                took = round((time.monotonic() - started) * 1000)
                facts = {"what": name_of(interaction), "took_ms": took}
                log.info("answered", extra={FACTS: facts | _shard(interaction)})

    return with_id


def _shard(interaction: Interaction) -> dict[str, int]:
    """Return the shard of an interaction, if there are several."""
    count = interaction.client.shard_count or 1
    return {"shard": shard_of(interaction.guild_id, count)} if count > 1 else {}


def name_of(interaction: discord.Interaction[Any]) -> str:
    """Return the kind of the interaction, and its command or the kind of its button.

    A custom id can have the words of a question, which the log must not have.
    """
    data: dict[str, Any] = dict(interaction.data or {})
    name = data.get("name") or ":".join(str(data.get("custom_id", "")).split(":")[:2])
    return f"{interaction.type.name} {name}"
