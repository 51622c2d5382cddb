"""One door for every HTTP request: token, arranged failures, errors, schema, and the record."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import web

from . import schema
from .errors import Refusal, not_found, unauthorized
from .messages import Upload

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

PREFIX = "/api/v10"
STALLED = 30.0
"""Seconds for which nothing comes of a connection that stalls; longer than any test waits."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request, read."""

    path: Mapping[str, str]
    """What stands for the names in the route."""
    query: Mapping[str, str]
    """What follows the question mark."""
    body: Any
    """The JSON sent, alone or as `payload_json`; None if there was none."""
    files: tuple[Upload, ...]
    """The files sent, in order of their numbers."""

    def id(self, name: str) -> int:
        """An id in the route."""
        text = self.path[name]
        if not text.isdecimal():
            raise not_found()
        return int(text)

    @property
    def data(self) -> dict[str, Any]:
        """The body as an object."""
        if self.body is None:
            return {}
        if not isinstance(self.body, dict):
            raise Refusal(400, 50109, "The request body contains invalid JSON.")
        return self.body


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked, and how it went."""

    method: str
    """GET, POST and so on."""
    path: str
    """The path below /api/v10."""
    status: int
    """How it was answered."""
    body: Any
    """The JSON sent."""


@dataclass(slots=True)
class Fault:
    """A failure that a test arranged."""

    method: str
    """The method it waits for."""
    path: re.Pattern[str]
    """The path below /api/v10 it waits for."""
    status: int
    """The status it answers with."""
    retry_after: float
    """Seconds after which to come again."""
    times: int
    """How often it strikes yet."""
    connection: str | None = None
    """What happens to the connection instead: it is `dropped` before the request is handled, or
    afterwards, so that the response is `lost`, or nothing comes of it any more (`stalled`)."""

    def response(self) -> web.Response:
        """The failure as Discord words it."""
        if self.status != 429:
            # Discord's errors behind the API proper are not JSON.
            return web.Response(status=self.status, text="upstream connect error")
        body = {
            "message": "You are being rate limited.",
            "retry_after": self.retry_after,
            "global": False,
        }
        # discord.py takes a 429 without `Via` for a ban by the proxy before Discord.
        headers = {
            "Via": "1.1 google",
            "Retry-After": str(max(1, round(self.retry_after))),
            "X-RateLimit-Scope": "user",
        }
        return reply(429, body, headers)


def reply(status: int, body: Any, headers: Mapping[str, str] | None = None) -> web.Response:
    """A JSON response; with no charset, since discord.py compares the whole header."""
    data = json.dumps(body).encode()
    return web.Response(
        status=status, body=data, content_type="application/json", headers=dict(headers or {})
    )


@dataclass(slots=True)
class Api:
    """The table of routes and what is common to all."""

    token: str
    """The bot's token."""
    check_schema: bool = True
    """Whether bodies are held against Discord's own description; it takes most of the time."""
    violations: list[str] = field(default_factory=list)
    """All that was refused, in words."""
    requests: list[Request] = field(default_factory=list)
    """All that was asked."""
    faults: list[Fault] = field(default_factory=list)
    """Failures yet to come."""

    def route(
        self,
        app: web.Application,
        method: str,
        template: str,
        handler: Callable[[Call], Awaitable[Any]],
        *,
        open_to_all: bool = False,
    ) -> None:
        """Serve a route; `open_to_all` ones carry their own token in the path."""

        async def handle(request: web.Request) -> web.Response:
            return await self._handle(request, handler, open_to_all=open_to_all)

        app.router.add_route(method, PREFIX + template, handle)

    def forget_token(self) -> None:
        """Take the token no more, as after it was reset."""
        self.token = secrets.token_hex()

    async def unserved(self, request: web.Request) -> web.Response:
        """What is asked of a route that nobody serves."""
        self.violations.append(f"{request.method} {request.path}: no such route here")
        return reply(404, not_found().body)

    async def _handle(
        self,
        request: web.Request,
        handler: Callable[[Call], Awaitable[Any]],
        *,
        open_to_all: bool,
    ) -> web.Response:
        path = request.path.removeprefix(PREFIX)
        try:
            body, files = await _read(request)
        except Refusal as refusal:
            self.violations.append(f"{request.method} {_hide(path)}: {refusal}")
            return reply(refusal.status, refusal.body)
        call = Call(request.match_info, request.query, body, files)
        fault = self._fault(request.method, path)
        if fault is None or fault.connection in ("lost", "stalled"):
            response = await self._answer(request, path, call, handler, open_to_all=open_to_all)
        else:
            response = fault.response()
        if fault is not None and fault.connection == "stalled":
            await asyncio.sleep(STALLED)
        elif fault is not None and fault.connection and request.transport:
            request.transport.abort()
        self.requests.append(Request(request.method, path, response.status, body))
        return response

    async def _answer(
        self,
        request: web.Request,
        path: str,
        call: Call,
        handler: Callable[[Call], Awaitable[Any]],
        *,
        open_to_all: bool,
    ) -> web.Response:
        try:
            if not open_to_all and request.headers.get("Authorization") != f"Bot {self.token}":
                raise unauthorized()
            answer = await handler(call)
        except Refusal as refusal:
            self.violations.append(f"{request.method} {_hide(path)}: {refusal}")
            return reply(refusal.status, refusal.body)
        complaint = None
        if self.check_schema:
            complaint = schema.complaint(request.method, path, call.body)
        if complaint is not None:
            self.violations.append(f"{request.method} {_hide(path)}: schema: {complaint}")
        return web.Response(status=204) if answer is None else reply(200, answer)

    def _fault(self, method: str, path: str) -> Fault | None:
        for fault in self.faults:
            if fault.method == method and fault.path.search(path):
                fault.times -= 1
                if fault.times <= 0:
                    self.faults.remove(fault)
                return fault
        return None


def _hide(path: str) -> str:
    return re.sub(r"(/(?:webhooks|interactions)/\d+)/[^/]+", r"\1/…", path)


def _parse(text: str | bytes | bytearray) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise Refusal(400, 50109, "The request body contains invalid JSON.") from error


async def _read(request: web.Request) -> tuple[Any, tuple[Upload, ...]]:
    if request.content_type != "multipart/form-data":
        raw = await request.read()
        return (_parse(raw) if raw else None), ()
    body: Any = None
    files: dict[int, Upload] = {}
    form = await request.post()
    for name, value in form.items():
        number = re.fullmatch(r"files\[(\d+)\]", name)
        if isinstance(value, web.FileField):
            with value.file as opened:
                content = opened.read()
            if number:
                files[int(number[1])] = Upload(value.filename, content, value.content_type)
        elif name == "payload_json":
            body = _parse(value)
    return body, tuple(files[number] for number in sorted(files))
