"""Answers checks over HTTP: `/healthz` says whether the bot is well, `/metrics` counts.

It listens on this machine alone unless a setting says otherwise. It names no user, no server and no
question.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeAlias

from aiohttp import web

from bot.app.client import Threadbot
from bot.app.metrics import CONTENT_TYPE, exposition
from bot.errors import MetricsMissing

log = logging.getLogger(__name__)

Address: TypeAlias = tuple[str, int]
"""Host and port."""
FRESH = 90.0
"""Seconds since a heartbeat was acknowledged after which the bot is no longer well. Discord asks
for one every 41 seconds."""
NOT_WELL, NOT_INSTALLED = 503, 501


@asynccontextmanager
async def answering_checks(client: Threadbot, address: Address | None) -> AsyncIterator[int | None]:
    """While inside, answer checks of `client` at `address`. Yields the port.

    The bot runs on without them if the address cannot be used.
    """
    if address is None:
        yield None
        return
    runner = web.AppRunner(_application(client), access_log=None)
    await runner.setup()
    try:
        yield await _listening(runner, address)
    finally:
        await runner.cleanup()


async def _listening(runner: web.AppRunner, address: Address) -> int | None:
    """Listen at `address`; return the port, or None if that is not possible."""
    host, port = address
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        log.warning(
            "cannot answer /healthz and /metrics at %s:%d (%s); set THREADBOT_HTTP to another "
            "address, or to off",
            host,
            port,
            error.strerror or error,
        )
        return None
    found: int = runner.addresses[0][1]
    log.info("answering /healthz and /metrics at %s:%d", host, found)
    return found


def _application(client: Threadbot) -> web.Application:
    async def healthz(_: web.Request) -> web.Response:
        facts = health_facts(client)
        return web.json_response(facts, status=200 if facts["ok"] else NOT_WELL)

    async def metrics(_: web.Request) -> web.Response:
        try:
            text = exposition(client)
        except MetricsMissing as error:
            return web.Response(text=f"{error}\n", status=NOT_INSTALLED)
        return web.Response(body=text, headers={"Content-Type": CONTENT_TYPE})

    application = web.Application()
    application.add_routes([web.get("/healthz", healthz), web.get("/metrics", metrics)])
    return application


def health_facts(client: Threadbot) -> dict[str, object]:
    """Return how the bot is: `ok`, and the facts that decide it."""
    health, served = client.health, client.library.about()
    age = health.heartbeat_age
    is_fresh = age is not None and age < FRESH
    return {
        "ok": health.ready and is_fresh and not health.stopping,
        "gateway_ready": health.ready,
        "heartbeat_age_s": _rounded(age),
        "shards": [
            {
                "id": each.id,
                "ready": each.ready,
                "heartbeat_age_s": _rounded(each.heartbeat_age),
                "servers": each.servers,
            }
            for each in health.shards
        ],
        "shard_count": health.shard_count,
        "stopping": health.stopping,
        "generation": served.generation,
        "threads": served.threads,
        "tweets": served.tweets,
        "version": served.version,
    }


def _rounded(age: float | None) -> float | None:
    return None if age is None else round(age, 1)
