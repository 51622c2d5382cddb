"""The gateway: a WebSocket that greets, identifies, resumes and dispatches as Discord's does.

https://discord.com/developers/docs/events/gateway
"""

from __future__ import annotations

import asyncio
import importlib
import json
import secrets
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from aiohttp import WSCloseCode, WSMsgType, web

if TYPE_CHECKING:
    from collections.abc import Callable

    from .world import World

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, RESUME, RECONNECT = 0, 1, 2, 3, 6, 7
REQUEST_MEMBERS, INVALID_SESSION, HELLO, HEARTBEAT_ACK = 8, 9, 10, 11
_VOICE_STATE = 4
GUILDS, GUILD_MEMBERS, PRESENCES = 1 << 0, 1 << 1, 1 << 8
GUILD_MESSAGES, DIRECT_MESSAGES, MESSAGE_CONTENT = 1 << 9, 1 << 12, 1 << 15
PRIVILEGED = GUILD_MEMBERS | PRESENCES | MESSAGE_CONTENT

ROUND_TRIP = 0.05
"""Seconds until a heartbeat is acknowledged. discord.py notes when it sent one only after the event
loop has, in another thread; an answer that is there sooner counts as one to the heartbeat before:
"Can't keep up, websocket is 41.2s behind". No network is as quick as that."""


class _Compressor(Protocol):
    def __call__(self, data: bytes) -> bytes: ...


def _zlib_stream() -> _Compressor:
    stream = zlib.compressobj()
    return lambda data: stream.compress(data) + stream.flush(zlib.Z_SYNC_FLUSH)


def _zstd_stream() -> _Compressor:
    # discord.py asks for this only where one of these two modules is installed.
    try:
        stream = importlib.import_module("compression.zstd").ZstdCompressor()
        mode: int = stream.FLUSH_BLOCK
        return lambda data: bytes(stream.compress(data, mode))
    except ModuleNotFoundError:
        zstandard = importlib.import_module("zstandard")
        made = zstandard.ZstdCompressor().compressobj()
        block = zstandard.COMPRESSOBJ_FLUSH_BLOCK
        return lambda data: bytes(made.compress(data) + made.flush(block))


_STREAMS: dict[str, Callable[[], _Compressor]] = {
    "zlib-stream": _zlib_stream,
    "zstd-stream": _zstd_stream,
}


@dataclass(slots=True, eq=False)
class Session:
    """What the server remembers of one identified client, beyond its connections."""

    id: str
    """The key with which it is resumed."""
    intents: int
    """The events it asked for."""
    sent: list[dict[str, Any]] = field(default_factory=list)
    """Every event, in order of its sequence number, which counts from 1."""
    connection: Connection | None = None
    """The socket it is reached by at the moment."""
    awaited: int = 0
    """The last event that the client has to have seen to be up to date."""
    seen: int = 0
    """The last event that the client said, by a heartbeat, to have seen."""

    def add(self, event: str, data: dict[str, Any]) -> dict[str, Any]:
        """Number an event."""
        message = {"op": DISPATCH, "t": event, "s": len(self.sent) + 1, "d": data}
        self.sent.append(message)
        return message


class Connection:
    """One open WebSocket."""

    def __init__(
        self,
        socket: web.WebSocketResponse,
        compress: str | None,
        transport: asyncio.Transport | None,
    ) -> None:
        self.transport = transport
        self.socket = socket
        self.acknowledges = True
        self.dead = False
        self._compress = _STREAMS[compress]() if compress else None

    async def send(self, message: dict[str, Any]) -> None:
        """Send one gateway message, unless the other side is gone."""
        if self.socket.closed or self.dead:
            return
        text = json.dumps(message)
        try:
            if self._compress is None:
                await self.socket.send_str(text)
            else:
                await self.socket.send_bytes(self._compress(text.encode()))
        except ConnectionError:
            # The client left while this was on its way; it will ask to resume.
            return


class Gateway:
    """All sessions and connections."""

    def __init__(self, world: World, token: str, heartbeat: float, *, privileged: bool) -> None:
        self._world = world
        self._token = token
        self._heartbeat = heartbeat
        self._privileged = privileged
        self._sessions: dict[str, Session] = {}
        self._connections: set[Connection] = set()
        self._changed = asyncio.Condition()
        self._acknowledging: set[asyncio.Task[None]] = set()
        self.url = ""
        self.current: Session | None = None
        self.heartbeats = 0
        self.identifies = 0
        self.resumes = 0
        self.compressions: list[str | None] = []

    async def wait_for(self, done: Callable[[], bool], seconds: float) -> bool:
        """Wait for a condition on sessions and connections; False if it did not come true."""
        async with self._changed:
            try:
                async with asyncio.timeout(seconds):
                    await self._changed.wait_for(done)
            except TimeoutError:
                return False
        return True

    async def notify(self) -> None:
        """Wake those who wait for a condition."""
        async with self._changed:
            self._changed.notify_all()

    @property
    def connected(self) -> bool:
        """Whether a client is identified, reachable, and through with what it was told."""
        session = self.current
        if session is None or session.connection is None:
            return False
        return session.seen >= session.awaited

    async def dispatch(self, event: str, data: dict[str, Any], intent: int = 0) -> bool:
        """Send an event, or keep it for the client's return; False if nobody wants it."""
        session = self.current
        if session is None or (intent and not session.intents & intent):
            return False
        message = session.add(event, data)
        if session.connection is not None:
            await session.connection.send(message)
        return True

    async def drop(self, code: int, *, resumable: bool) -> None:
        """Close every connection with this code; forget the sessions unless resumable."""
        if not resumable:
            self._sessions.clear()
            self.current = None
        for connection in list(self._connections):
            self._detach(connection)
            if connection.dead and connection.transport:
                connection.transport.abort()
            await connection.socket.close(code=code, message=b"dropped by the test")

    async def ask_to_reconnect(self) -> None:
        """Tell the client to come again, as Discord does before it restarts a node."""
        for connection in list(self._connections):
            self._detach(connection)
            await connection.send({"op": RECONNECT, "d": None})

    def silence(self, *, events: bool) -> None:
        """Acknowledge no heartbeat of today's connections; without `events`, they are dead."""
        for connection in self._connections:
            connection.acknowledges = False
            if not events:
                connection.dead = True
                self._detach(connection)
                if connection.transport:
                    connection.transport.pause_reading()

    async def close(self) -> None:
        """Close every connection for good."""
        for each in self._acknowledging:
            each.cancel()
        await self.drop(WSCloseCode.GOING_AWAY, resumable=False)

    def _detach(self, connection: Connection) -> None:
        for session in self._sessions.values():
            if session.connection is connection:
                session.connection = None

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """The handler of the WebSocket route."""
        compress = request.query.get("compress")
        if compress is not None and compress not in _STREAMS:
            return web.Response(status=400, text=f"unknown compression {compress}")
        self.compressions.append(compress)
        socket = web.WebSocketResponse(compress=False)
        await socket.prepare(request)
        connection = Connection(socket, compress, request.transport)
        self._connections.add(connection)
        try:
            interval = int(self._heartbeat * 1000)
            await connection.send({"op": HELLO, "d": {"heartbeat_interval": interval}})
            async for message in socket:
                if message.type is not WSMsgType.TEXT:
                    await socket.close(code=4002, message=b"Error while decoding payload.")
                    break
                await self._receive(connection, json.loads(message.data))
        finally:
            self._connections.discard(connection)
            self._detach(connection)
            await self.notify()
        return socket

    async def _receive(self, connection: Connection, message: dict[str, Any]) -> None:
        op, data = message.get("op"), message.get("d")
        if op == HEARTBEAT:
            self.heartbeats += 1
            for session in self._sessions.values():
                if session.connection is connection and isinstance(data, int):
                    session.seen = max(session.seen, data)
            acknowledging = asyncio.create_task(self._acknowledge(connection))
            self._acknowledging.add(acknowledging)
            acknowledging.add_done_callback(self._acknowledging.discard)
            await self.notify()
        elif op == IDENTIFY and isinstance(data, dict):
            await self._identify(connection, data)
        elif op == RESUME and isinstance(data, dict):
            await self._resume(connection, data)
        elif op == REQUEST_MEMBERS and isinstance(data, dict):
            await self._members(data)
        elif op not in (PRESENCE, _VOICE_STATE):
            await connection.socket.close(code=4001, message=b"Unknown opcode.")

    async def _acknowledge(self, connection: Connection) -> None:
        await asyncio.sleep(ROUND_TRIP)
        if not connection.acknowledges:
            return
        await connection.send({"op": HEARTBEAT_ACK, "d": None})

    async def _identify(self, connection: Connection, data: dict[str, Any]) -> None:
        if data.get("token") != self._token:
            await connection.socket.close(code=4004, message=b"Authentication failed.")
            return
        intents = int(data.get("intents", 0))
        if intents & PRIVILEGED and not self._privileged:
            await connection.socket.close(code=4014, message=b"Disallowed intent(s).")
            return
        session = Session(secrets.token_hex(16), intents)
        self._sessions[session.id] = session
        guilds = list(self._world.guilds.values()) if intents & GUILDS else []
        session.add(
            "READY",
            {
                "v": 10,
                "user": self._world.bot.payload,
                "guilds": [{"id": str(g.id), "unavailable": True} for g in guilds],
                "session_id": session.id,
                "session_type": "normal",
                "resume_gateway_url": self.url,
                "application": {"id": str(self._world.application_id), "flags": 0},
            }
            | ({"shard": data["shard"]} if "shard" in data else {}),
        )
        for guild in guilds:
            session.add("GUILD_CREATE", guild.payload)
        self.identifies += 1
        await self._catch_up(connection, session, 0)

    async def _resume(self, connection: Connection, data: dict[str, Any]) -> None:
        if data.get("token") != self._token:
            await connection.socket.close(code=4004, message=b"Authentication failed.")
            return
        session = self._sessions.get(str(data.get("session_id")))
        if session is None:
            await connection.send({"op": INVALID_SESSION, "d": False})
            return
        seen = data.get("seq")
        if not isinstance(seen, int) or not 0 <= seen <= len(session.sent):
            await connection.socket.close(code=4007, message=b"Invalid seq.")
            return
        self.resumes += 1
        await self._catch_up(connection, session, seen, resumed=True)

    async def _catch_up(
        self, connection: Connection, session: Session, seen: int, *, resumed: bool = False
    ) -> None:
        # The session gets its connection last, so that what happens meanwhile is sent in order.
        self.current = session
        while seen < len(session.sent):
            await connection.send(session.sent[seen])
            seen += 1
        session.connection = connection
        if resumed:
            await connection.send(session.add("RESUMED", {}))
        session.awaited = len(session.sent)
        # The heartbeat that this asks for tells how far the client has come.
        await connection.send({"op": HEARTBEAT, "d": None})
        await self.notify()

    async def _members(self, data: dict[str, Any]) -> None:
        guild = self._world.guilds.get(int(data["guild_id"]))
        if guild is None:
            return
        wanted = {int(i) for i in data.get("user_ids") or ()}
        members = [
            m.payload | {"user": m.account.payload}
            for m in guild.members.values()
            if m.account.id in wanted or (not wanted and data.get("query") is not None)
        ]
        chunk = {
            "guild_id": str(guild.id),
            "members": members,
            "chunk_index": 0,
            "chunk_count": 1,
            "nonce": data.get("nonce"),
        }
        await self.dispatch("GUILD_MEMBERS_CHUNK", chunk)
