"""The routes of the bot itself, its commands, its guilds, and of files."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from aiohttp import web

from .api import STALLED
from .errors import (
    missing_access,
    missing_permissions,
    unknown_guild,
    unknown_member,
    unknown_user,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from .api import Api, Call
    from .chat import Chat
    from .commands import CommandBook
    from .world import Guild, World


BOT_ADD = 28
OTHER_SIZES: dict[str, Callable[[bytes], bytes]] = {
    "shorter": lambda content: content[:-1],
    "longer": lambda content: content + bytes(8 << 20),
}
"""Files that come whole, but are not as long as was said."""
_OTHER_LISTS = (
    "application_commands",
    "auto_moderation_rules",
    "guild_scheduled_events",
    "integrations",
    "threads",
    "webhooks",
)


class Application:
    """Tells the bot who it is and takes its commands."""

    def __init__(self, chat: Chat, book: CommandBook) -> None:
        self._chat = chat
        self._book = book
        self.gateway_url = ""
        self.files_fail: int | str | None = None

    @property
    def _world(self) -> World:
        return self._chat.world

    def register(self, api: Api, app: web.Application) -> None:
        """Serve these routes."""
        commands = "/applications/{application}/commands"
        of_guild = "/applications/{application}/guilds/{guild}/commands"
        for method, template, handler in (
            ("GET", "/users/@me", self._me),
            ("GET", "/users/{user}", self._user),
            ("GET", "/applications/@me", self._application),
            ("GET", "/oauth2/applications/@me", self._application),
            ("GET", "/gateway/bot", self._gateway_bot),
            ("GET", "/guilds/{guild}", self._guild),
            ("GET", "/guilds/{guild}/channels", self._guild_channels),
            ("GET", "/guilds/{guild}/audit-logs", self._audit_log),
            ("GET", "/guilds/{guild}/members/{user}", self._member),
        ):
            api.route(app, method, template, handler)
        api.route(app, "GET", "/gateway", self._gateway, open_to_all=True)
        for template in (commands, of_guild):
            api.route(app, "GET", template, self._list)
            api.route(app, "PUT", template, self._replace)
            api.route(app, "POST", template, self._add)
            api.route(app, "GET", template + "/{command}", self._get)
            api.route(app, "PATCH", template + "/{command}", self._edit)
            api.route(app, "DELETE", template + "/{command}", self._remove)
        app.router.add_get("/attachments/{channel}/{attachment}/{name}", self._file)
        app.router.add_route("*", "/{rest:.*}", api.unserved)

    async def _me(self, _: Call) -> Any:
        return self._world.bot.payload | {"verified": True, "mfa_enabled": True, "flags": 0}

    async def _user(self, call: Call) -> Any:
        account = self._world.accounts.get(call.id("user"))
        if account is None:
            raise unknown_user()
        return account.payload

    async def _application(self, _: Call) -> Any:
        return {
            "id": str(self._world.application_id),
            "name": self._world.bot.name,
            "description": "",
            "icon": None,
            "bot_public": True,
            "bot_require_code_grant": False,
            "owner": self._world.owner.payload,
            "team": None,
            "verify_key": "0" * 64,
            "flags": 0,
            "summary": "",
            "bot": self._world.bot.payload,
            "approximate_guild_count": len(self._world.guilds),
            "interactions_endpoint_url": None,
            "integration_types_config": {str(n): {} for n in self._world.integration_types},
        }

    async def _gateway(self, _: Call) -> Any:
        return {"url": self.gateway_url}

    async def _gateway_bot(self, _: Call) -> Any:
        return {"url": self.gateway_url} | self._chat.gateway.starts.payload

    def _guild_of(self, call: Call) -> Guild:
        guild = self._world.guilds.get(call.id("guild"))
        if guild is None:
            raise unknown_guild()
        return guild

    async def _guild(self, call: Call) -> Any:
        left_out = ("channels", "threads", "members", "presences", "voice_states")
        payload = self._guild_of(call).payload
        return {key: value for key, value in payload.items() if key not in left_out}

    async def _guild_channels(self, call: Call) -> Any:
        return [c.payload for c in self._guild_of(call).channels.values() if not c.thread]

    async def _audit_log(self, call: Call) -> Any:
        guild = self._guild_of(call)
        if not guild.bot_permissions.view_audit_log:
            raise missing_permissions()
        entries = (
            [
                {
                    "id": str(self._world.snowflakes.next()),
                    "user_id": str(guild.added_by.id),
                    "target_id": str(self._world.bot.id),
                    "action_type": BOT_ADD,
                }
            ]
            if guild.added_by
            else []
        )
        users = [guild.added_by.payload, self._world.bot.payload] if guild.added_by else []
        empty: dict[str, Any] = {key: [] for key in _OTHER_LISTS}
        return {"audit_log_entries": entries, "users": users} | empty

    async def _member(self, call: Call) -> Any:
        guild, number = self._guild_of(call), call.id("user")
        if number == self._world.bot.id:
            return guild.bot_member
        if number not in guild.members:
            raise unknown_member()
        member = guild.members[number]
        return member.payload | {"user": member.account.payload}

    def _scope(self, call: Call) -> int | None:
        # Discord lets a bot reach its own application only, and guilds that invited it.
        if call.id("application") != self._world.application_id:
            raise missing_access()
        if "guild" not in call.path:
            return None
        if call.id("guild") not in self._world.guilds:
            raise missing_access()
        return call.id("guild")

    async def _list(self, call: Call) -> Any:
        return self._book.of(self._scope(call))

    async def _replace(self, call: Call) -> Any:
        made = self._book.replace(self._scope(call), call.body)
        await self._chat.gateway.notify()
        return made

    async def _add(self, call: Call) -> Any:
        made = self._book.put(self._scope(call), call.data)
        await self._chat.gateway.notify()
        return made

    async def _get(self, call: Call) -> Any:
        return self._book.get(self._scope(call), call.id("command"))

    async def _edit(self, call: Call) -> Any:
        return self._book.edit(self._scope(call), call.id("command"), call.data)

    async def _remove(self, call: Call) -> None:
        self._book.remove(self._scope(call), call.id("command"))

    async def _file(self, request: web.Request) -> web.StreamResponse:
        number = request.match_info["attachment"]
        upload = self._chat.attachments.get(int(number)) if number.isdecimal() else None
        if upload is None or upload.filename != request.match_info["name"]:
            return web.Response(status=404, text="This content is no longer available.")
        if isinstance(self.files_fail, int):
            return web.Response(status=self.files_fail, text="upstream connect error")
        if isinstance(self.files_fail, str) and self.files_fail in OTHER_SIZES:
            return web.Response(body=OTHER_SIZES[self.files_fail](upload.content))
        if self.files_fail is not None:
            return await self._broken(request, upload.content, stalled=self.files_fail == "stalled")
        return web.Response(body=upload.content, content_type="application/octet-stream")

    @staticmethod
    async def _broken(request: web.Request, content: bytes, *, stalled: bool) -> web.StreamResponse:
        """Send half of a file, then nothing."""
        response = web.StreamResponse()
        response.content_length = len(content)
        await response.prepare(request)
        await response.write(content[: len(content) // 2])
        if stalled:
            await asyncio.sleep(STALLED)
        if request.transport:
            request.transport.abort()
        return response
