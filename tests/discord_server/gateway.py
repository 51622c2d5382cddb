"""The gateway: a WebSocket that greets, identifies, resumes and dispatches as Discord's does.

https://discord.com/developers/docs/events/gateway
"""

from __future__ import annotations

import asyncio
import importlib
import json
import secrets
import time
import zlib
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from aiohttp import WSCloseCode, WSMsgType, web

from .sharding import (
    MESSAGE_SECONDS,
    MESSAGES,
    Close,
    SessionStarts,
    guild_in,
    guilds_of,
    shard_in,
    shard_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from .world import World

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, RESUME, RECONNECT = 0, 1, 2, 3, 6, 7
REQUEST_MEMBERS, INVALID_SESSION, HELLO, HEARTBEAT_ACK = 8, 9, 10, 11
_VOICE_STATE = 4
GUILDS, GUILD_MEMBERS, PRESENCES = 1 << 0, 1 << 1, 1 << 8
GUILD_MESSAGES, DIRECT_MESSAGES, MESSAGE_CONTENT = 1 << 9, 1 << 12, 1 << 15
PRIVILEGED = GUILD_MEMBERS | PRESENCES | MESSAGE_CONTENT
_ALL_INTENTS = (1 << 26) - 1
_VERSION = "10"

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
    shard: int = 0
    """The shard that it serves."""
    count: int = 1
    """How many shards there are, as the client says."""
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
        self.session: Session | None = None
        self._received: deque[float] = deque(maxlen=MESSAGES + 1)
        self._compress = _STREAMS[compress]() if compress else None

    def count(self) -> None:
        """Count a message of the client.

        Raises:
            Close: these are too many.
        """
        now = time.monotonic()
        self._received.append(now)
        if len(self._received) > MESSAGES and now - self._received[0] < MESSAGE_SECONDS:
            raise Close(4008, "Rate limited.")

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

    def __init__(
        self,
        world: World,
        token: str,
        heartbeat: float,
        *,
        privileged: bool,
        violations: list[str],
        forget_token: Callable[[], None],
    ) -> None:
        self._world = world
        self._token: str | None = token
        self._heartbeat = heartbeat
        self._privileged = privileged
        self._violations = violations
        self._forget_token = forget_token
        self._sessions: dict[str, Session] = {}
        self._newest: dict[tuple[int, int], Session] = {}
        self._connections: set[Connection] = set()
        self._changed = asyncio.Condition()
        self._acknowledging: set[asyncio.Task[None]] = set()
        self.most_silence = 2 * heartbeat + 5.0
        self.starts = SessionStarts()
        self.url = ""
        self.current: Session | None = None
        self.heartbeats = 0
        self.identifies = 0
        self.resumes = 0
        self.compressions: list[str | None] = []
        self.delivered: list[tuple[int, str]] = []

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

    def connected(self, shards: Collection[int] | None = None) -> bool:
        """Whether shards are identified, reachable, and through with what they were told.

        By default all that the newest session says there are.
        """
        if self.current is None:
            return False
        count = self.current.count
        return all(
            self._is_up(self._newest.get((each, count)))
            for each in (range(count) if shards is None else shards)
        )

    @staticmethod
    def _is_up(session: Session | None) -> bool:
        if session is None or session.connection is None:
            return False
        return session.seen >= session.awaited

    def reaches(self, guild_id: int | None) -> bool:
        """Whether a session is told of a guild, or of direct messages."""
        return bool(self._sessions_for(guild_id))

    def _sessions_for(self, guild_id: int | None) -> list[Session]:
        return [
            session
            for (shard, count), session in self._newest.items()
            if shard_of(guild_id, count) == shard
        ]

    async def dispatch(self, event: str, data: dict[str, Any], intent: int = 0) -> bool:
        """Send an event, or keep it for the client's return; False if nobody wants it."""
        wanting = [
            session
            for session in self._sessions_for(guild_in(event, data))
            if not intent or session.intents & intent
        ]
        for session in wanting:
            message = session.add(event, data)
            self.delivered.append((session.shard, event))
            if session.connection is not None:
                await session.connection.send(message)
        return bool(wanting)

    async def drop(self, code: int, *, resumable: bool, shard: int | None = None) -> None:
        """Close connections with this code; forget their sessions unless resumable.

        `shard`: only those of that shard.
        """
        if not resumable:
            for session in list(self._sessions.values()):
                if shard in (None, session.shard):
                    self._forget(session)
        for connection in self._of_shard(shard):
            self._detach(connection)
            if connection.dead and connection.transport:
                connection.transport.abort()
            await connection.socket.close(code=code, message=b"dropped by the test")

    def _forget(self, session: Session) -> None:
        del self._sessions[session.id]
        if self._newest.get((session.shard, session.count)) is session:
            del self._newest[session.shard, session.count]
        if self.current is session:
            self.current = next(iter(self._newest.values()), None)

    def _of_shard(self, shard: int | None) -> list[Connection]:
        return [
            each
            for each in self._connections
            if shard is None or (each.session is not None and each.session.shard == shard)
        ]

    async def ask_to_reconnect(self, shard: int | None = None) -> None:
        """Tell the client to come again, as Discord does before it restarts a node."""
        for connection in self._of_shard(shard):
            self._detach(connection)
            await connection.send({"op": RECONNECT, "d": None})

    def silence(self, *, events: bool, shard: int | None = None) -> None:
        """Acknowledge no heartbeat of today's connections; without `events`, they are dead."""
        for connection in self._of_shard(shard):
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
            if request.query.get("v") != _VERSION:
                raise Close(4012, "Invalid API version.")
            await self._listen(connection)
        except Close as close:
            self._violations.append(f"gateway: {close}")
            await socket.close(code=close.code, message=close.reason.encode())
        finally:
            self._connections.discard(connection)
            self._detach(connection)
            await self.notify()
        return socket

    async def _listen(self, connection: Connection) -> None:
        """Receive what the client sends until one side closes the connection.

        Raises:
            Close: the client sends what it may not.
        """
        while True:
            try:
                message = await connection.socket.receive(timeout=self.most_silence)
            except TimeoutError:
                raise Close(4009, "Session timed out.") from None
            if message.type in (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED):
                return
            if message.type is WSMsgType.ERROR:
                return
            if message.type is not WSMsgType.TEXT:
                raise Close(4002, "Error while decoding payload.")
            connection.count()
            await self._receive(connection, json.loads(message.data))

    async def _receive(self, connection: Connection, message: dict[str, Any]) -> None:
        op, data = message.get("op"), message.get("d")
        if op == HEARTBEAT:
            self.heartbeats += 1
            session = connection.session
            if session and session.connection is connection and isinstance(data, int):
                session.seen = max(session.seen, data)
            acknowledging = asyncio.create_task(self._acknowledge(connection))
            self._acknowledging.add(acknowledging)
            acknowledging.add_done_callback(self._acknowledging.discard)
            await self.notify()
        elif op == IDENTIFY and isinstance(data, dict):
            if connection.session is not None:
                raise Close(4005, "Already authenticated.")
            await self._identify(connection, data)
        elif op == RESUME and isinstance(data, dict):
            await self._resume(connection, data)
        elif connection.session is None:
            raise Close(4003, "Not authenticated.")
        elif op == REQUEST_MEMBERS and isinstance(data, dict):
            await self._members(data)
        elif op not in (PRESENCE, _VOICE_STATE):
            raise Close(4001, "Unknown opcode.")

    async def _acknowledge(self, connection: Connection) -> None:
        await asyncio.sleep(ROUND_TRIP)
        if not connection.acknowledges:
            return
        await connection.send({"op": HEARTBEAT_ACK, "d": None})

    async def _identify(self, connection: Connection, data: dict[str, Any]) -> None:
        if self._token is None or data.get("token") != self._token:
            await connection.socket.close(code=4004, message=b"Authentication failed.")
            return
        intents = int(data.get("intents", 0))
        if intents & ~_ALL_INTENTS:
            raise Close(4013, "Invalid intent(s).")
        if intents & PRIVILEGED and not self._privileged:
            await connection.socket.close(code=4014, message=b"Disallowed intent(s).")
            return
        shard, count = shard_in(data)
        told = guilds_of(shard, count, self._world.guilds, self.starts.guilds_per_shard)
        if not self.starts.remaining:
            await self._reset_token()
            return
        passed = self.starts.begin(shard, count)
        if passed is not None:
            self._violations.append(
                f"gateway: shard {shard} identifies {passed:.2f} s after another of its bucket"
            )
            await connection.send({"op": INVALID_SESSION, "d": False})
            return
        session = Session(secrets.token_hex(16), intents, shard, count)
        self._sessions[session.id] = session
        guilds = [self._world.guilds[each] for each in told] if intents & GUILDS else []
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

    async def _reset_token(self) -> None:
        """Do what Discord does to a bot that begins too many sessions in a day.

        https://docs.discord.com/developers/events/gateway#identifying
        """
        self._violations.append("gateway: all session starts are used up; the token is reset")
        self._token = None
        self._forget_token()
        await self.drop(4004, resumable=False)

    async def _resume(self, connection: Connection, data: dict[str, Any]) -> None:
        if self._token is None or data.get("token") != self._token:
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
        self.current = self._newest[session.shard, session.count] = connection.session = session
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
