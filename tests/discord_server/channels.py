"""The routes of channels, their messages and threads."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import discord

from .errors import (
    Form,
    Refusal,
    closed_direct_messages,
    foreign_message,
    missing_access,
    missing_permissions,
    no_reply_without_history,
    thread_exists,
    unknown_channel,
    unknown_emoji,
    unknown_user,
)
from .limits import check_thread_name
from .world import DM, GUILD_FORUM, PRIVATE_THREAD, PUBLIC_THREAD, Channel

if TYPE_CHECKING:
    from aiohttp import web

    from .api import Api, Call
    from .chat import Chat
    from .messages import Message


class Channels:
    """Serves channels as far as the bot's permissions go."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat

    def register(self, api: Api, app: web.Application) -> None:
        """Serve these routes."""
        one, messages = "/channels/{channel}", "/channels/{channel}/messages"
        message = messages + "/{message}"
        for method, template, handler in (
            ("GET", one, self._get),
            ("PATCH", one, self._change),
            ("POST", one + "/typing", self._type),
            ("GET", messages, self._list),
            ("POST", messages, self._send),
            ("GET", message, self._get_message),
            ("PATCH", message, self._edit),
            ("DELETE", message, self._delete),
            ("PUT", message + "/reactions/{emoji}/@me", self._react),
            ("POST", one + "/threads", self._start_thread),
            ("POST", message + "/threads", self._start_thread_of_message),
            ("PUT", one + "/thread-members/@me", self._join),
            ("PUT", one + "/thread-members/{user}", self._join),
            ("POST", "/users/@me/channels", self._open_direct),
        ):
            api.route(app, method, template, handler)

    def _channel(self, call: Call, needed: discord.Permissions | None = None) -> Channel:
        channel = self._chat.world.channel(call.id("channel"))
        if channel is None:
            raise unknown_channel()
        if not channel.permissions.view_channel:
            raise missing_access()
        if needed is not None and not needed <= channel.permissions:
            raise missing_permissions()
        return channel

    def _to_write(self, call: Call) -> Channel:
        channel = self._channel(call)
        needed = discord.Permissions(attach_files=bool(call.files))
        if channel.thread:
            needed.send_messages_in_threads = True
        else:
            needed.send_messages = True
        return self._channel(call, needed)

    def _message(self, call: Call, channel: Channel) -> Message:
        message = self._chat.message(call.id("message"), channel)
        # What only one user sees is reached by the interaction's token alone.
        if message.shown_to is not None:
            return self._chat.message(0)
        return message

    async def _get(self, call: Call) -> Any:
        return self._channel(call).payload

    async def _change(self, call: Call) -> Any:
        channel = self._channel(call)
        mine = channel.thread and channel.owner_id == self._chat.world.bot.id
        if not mine and not channel.permissions.manage_channels:
            raise missing_permissions()
        form = Form()
        form.at("name").text(call.data.get("name"), 1, 100, required="name" in call.data)
        form.check()
        channel.name = call.data.get("name", channel.name)
        channel.archived = bool(call.data.get("archived", channel.archived))
        channel.locked = bool(call.data.get("locked", channel.locked))
        event = "THREAD_UPDATE" if channel.thread else "CHANNEL_UPDATE"
        await self._chat.tell_of_channel(event, channel)
        return channel.payload

    async def _type(self, call: Call) -> None:
        self._channel(call)

    async def _list(self, call: Call) -> Any:
        channel = self._channel(call, discord.Permissions(read_message_history=True))
        seen = [
            m
            for m in self._chat.messages.values()
            if m.channel_id == channel.id and m.shown_to is None
        ]
        newest = sorted(seen, key=lambda m: m.id, reverse=True)
        before, after = call.query.get("before"), call.query.get("after")
        chosen = [
            m.raw
            for m in newest
            if (before is None or m.id < int(before)) and (after is None or m.id > int(after))
        ]
        return chosen[: int(call.query.get("limit", 50))]

    async def _send(self, call: Call) -> Any:
        channel = self._to_write(call)
        if channel.type == GUILD_FORUM:
            raise Refusal(400, 50008, "Cannot send messages in a non-text channel")
        if channel.recipient is not None and channel.recipient.id in self._chat.world.closed:
            raise closed_direct_messages()
        answers = call.data.get("message_reference") is not None
        if answers and not channel.permissions.read_message_history:
            raise no_reply_without_history()
        return (await self._chat.create(channel, call.data, call.files)).raw

    async def _get_message(self, call: Call) -> Any:
        channel = self._channel(call, discord.Permissions(read_message_history=True))
        return self._message(call, channel).raw

    async def _edit(self, call: Call) -> Any:
        channel = self._channel(call)
        message = self._message(call, channel)
        if message.author_id != self._chat.world.bot.id:
            raise foreign_message()
        return (await self._chat.edit(message, call.data, call.files, channel)).raw

    async def _delete(self, call: Call) -> None:
        channel = self._channel(call)
        message = self._message(call, channel)
        mine = message.author_id == self._chat.world.bot.id
        if not mine and not channel.permissions.manage_messages:
            raise missing_permissions()
        await self._chat.delete(message)

    async def _react(self, call: Call) -> None:
        channel = self._channel(call, discord.Permissions(read_message_history=True))
        message, emoji = self._message(call, channel), call.path["emoji"]
        # Who joins a reaction that is there already needs no permission to add one.
        if emoji not in message.reactions and not channel.permissions.add_reactions:
            raise missing_permissions()
        if not re.fullmatch(r"[^\x00-\x7f]+|\w+:\d+", emoji):
            raise unknown_emoji()
        await self._chat.react(message, emoji)

    async def _start_thread(self, call: Call) -> Any:
        channel = self._channel(call)
        check_thread_name(Form(), call.data)
        if channel.type == GUILD_FORUM:
            return await self._start_post(call)
        # Without a type Discord makes a private thread of it:
        # https://discord.com/developers/docs/resources/channel#start-thread-without-message
        kind = call.data.get("type") or PRIVATE_THREAD
        form = Form()
        form.at("type").choice(kind, (PUBLIC_THREAD, PRIVATE_THREAD))
        form.check()
        public = kind == PUBLIC_THREAD
        needed = discord.Permissions(
            create_public_threads=public, create_private_threads=not public
        )
        return (await self._open_thread(self._channel(call, needed), call, kind)).payload

    async def _start_post(self, call: Call) -> Any:
        forum = self._channel(call, discord.Permissions(send_messages=True))
        first, form = call.data.get("message"), Form("message")
        if not isinstance(first, dict):
            form.refuse("BASE_TYPE_REQUIRED", "This field is required")
            form.check()
        thread = self._chat.world.add_thread(forum, call.data["name"])
        try:
            message = await self._chat.create(
                thread, first or {}, call.files, form=form, message_id=thread.id
            )
        except Refusal:
            if thread.guild is not None:
                del thread.guild.channels[thread.id]
            raise
        thread.applied_tags = [str(tag) for tag in call.data.get("applied_tags") or ()]
        await self._chat.tell_of_channel("THREAD_CREATE", thread)
        return thread.payload | {"message": message.raw}

    async def _start_thread_of_message(self, call: Call) -> Any:
        channel = self._channel(call, discord.Permissions(create_public_threads=True))
        message = self._message(call, channel)
        check_thread_name(Form(), call.data)
        if self._chat.world.channel(message.id) is not None:
            raise thread_exists()
        # A thread has the id of the message that it starts from.
        return (await self._open_thread(channel, call, PUBLIC_THREAD, message.id)).payload

    async def _open_thread(
        self, parent: Channel, call: Call, kind: int, thread_id: int | None = None
    ) -> Channel:
        if parent.type == DM or parent.thread:
            raise Refusal(400, 50024, "Cannot execute action on this channel type")
        thread = self._chat.world.add_thread(
            parent, call.data["name"], kind=kind, thread_id=thread_id
        )
        thread.archive_after = call.data.get("auto_archive_duration") or thread.archive_after
        await self._chat.tell_of_channel("THREAD_CREATE", thread)
        return thread

    async def _join(self, call: Call) -> None:
        self._channel(call)

    async def _open_direct(self, call: Call) -> Any:
        recipient = call.data.get("recipient_id")
        account = self._chat.world.accounts.get(int(recipient or 0))
        if account is None or account.bot:
            raise unknown_user()
        return self._chat.world.direct(account).payload
