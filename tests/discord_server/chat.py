"""The messages and files there are, and how a body becomes a message."""

from __future__ import annotations

import dataclasses
import mimetypes
from typing import TYPE_CHECKING, Any

from .errors import Form, unknown_message
from .gateway import DIRECT_MESSAGES, GUILD_MESSAGES, GUILDS
from .limits import check_message, kept_attachments
from .messages import (
    DEFAULT,
    EPHEMERAL,
    FORWARD,
    HAS_SNAPSHOT,
    IS_COMPONENTS_V2,
    LOADING,
    REPLY,
    Message,
    Upload,
    pings,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .accounts import Account
    from .clock import Clock
    from .gateway import Gateway
    from .world import Channel, World


class Chat:
    """Keeps messages and attachments, and tells the gateway of what everybody sees."""

    def __init__(self, world: World, gateway: Gateway, clock: Clock) -> None:
        self.world = world
        self.gateway = gateway
        self.clock = clock
        self.origin = ""
        self.messages: dict[int, Message] = {}
        self.attachments: dict[int, Upload] = {}

    def attach(self, upload: Upload, channel: Channel, **more: Any) -> dict[str, Any]:
        """Store a file; gives its attachment object, whose URL serves it."""
        number = self.world.snowflakes.next()
        guessed = mimetypes.guess_type(upload.filename)[0] or upload.content_type
        self.attachments[number] = upload
        url = f"{self.origin}/attachments/{channel.id}/{number}/{upload.filename}"
        return {
            "id": str(number),
            "filename": upload.filename,
            "size": len(upload.content),
            "url": url,
            "proxy_url": url,
            "content_type": guessed,
        } | {key: value for key, value in more.items() if value is not None}

    def message(self, message_id: int, channel: Channel | None = None) -> Message:
        """The message of this id, which must be in the channel if one is given."""
        message = self.messages.get(message_id)
        if message is None or (channel is not None and message.channel_id != channel.id):
            raise unknown_message()
        return message

    async def say(
        self, channel: Channel, author: Account, data: Mapping[str, Any], files: Mapping[str, str]
    ) -> Message:
        """A message that a person writes; `files` are descriptions of pictures by their names."""
        told = [{"id": at, "description": text} for at, text in enumerate(files.values())]
        pictures = [Upload(name, b"picture") for name in files]
        data = {**data, "attachments": told}
        message = self._new(channel, author, data, pictures, more=self._reply(channel, data))
        await self._tell("MESSAGE_CREATE", message)
        return message

    async def forward(self, channel: Channel, author: Account, message: Message) -> Message:
        """A message that a person forwards: it has no text of its own, but a snapshot.

        https://docs.discord.com/developers/resources/message#message-snapshot-object
        """
        kept = [
            *("type", "content", "embeds", "attachments", "timestamp", "edited_timestamp"),
            *("flags", "mentions", "mention_roles", "components"),
        ]
        more = {
            "message_reference": {"type": FORWARD, **_place(message)},
            "message_snapshots": [{"message": {key: message.raw[key] for key in kept}}],
        }
        made = self._new(channel, author, {}, (), more=more, flags=HAS_SNAPSHOT)
        await self._tell("MESSAGE_CREATE", made)
        return made

    async def react(self, message: Message, emoji: str) -> None:
        """Put the bot's reaction below a message."""
        there = {each["emoji"]["name"]: each for each in message.raw.get("reactions", ())}
        there[emoji] = {"count": 1, "me": True, "emoji": {"id": None, "name": emoji}}
        raw = {**message.raw, "reactions": list(there.values())}
        self.messages[message.id] = dataclasses.replace(message, raw=raw)

    def _reply(self, channel: Channel, data: Mapping[str, Any]) -> dict[str, Any]:
        """What a message is told to be if it answers another one of its channel."""
        reference = data.get("message_reference")
        if not reference:
            return {}
        found = self.messages.get(int(reference.get("message_id") or 0))
        if found is None or found.channel_id != channel.id or found.shown_to is not None:
            form = Form()
            form.at("message_reference").refuse("REPLIES_UNKNOWN_MESSAGE", "Unknown message")
            form.check()
            raise AssertionError("unreachable")
        bare = {key: each for key, each in found.raw.items() if key != "referenced_message"}
        where = {"type": DEFAULT, **_place(found)}
        return {"type": REPLY, "message_reference": where, "referenced_message": bare}

    async def create(
        self,
        channel: Channel,
        data: Mapping[str, Any],
        files: Sequence[Upload],
        *,
        form: Form | None = None,
        more: Mapping[str, Any] | None = None,
        flags: int = 0,
        shown_to: int | None = None,
        message_id: int | None = None,
    ) -> Message:
        """A message of the bot's, if the body may be one."""
        check_message(form or Form(), data, [file.filename for file in files])
        if data.get("enforce_nonce") and data.get("nonce") is not None:
            for each in self.messages.values():
                if each.raw.get("nonce") == data["nonce"] and each.channel_id == channel.id:
                    return each
        message = self._new(
            channel,
            self.world.bot,
            data,
            files,
            more={**self._reply(channel, data), **(more or {})},
            flags=flags,
            shown_to=shown_to,
            message_id=message_id,
        )
        await self._tell("MESSAGE_CREATE", message)
        return message

    def loading(
        self, channel: Channel, flags: int, more: Mapping[str, Any], shown_to: int | None
    ) -> Message:
        """The place of a deferred reply, where the bot is said to be thinking."""
        return self._new(
            channel,
            self.world.bot,
            {"flags": flags | LOADING},
            (),
            more=more,
            flags=LOADING,
            shown_to=shown_to,
        )

    def _new(
        self,
        channel: Channel,
        author: Account,
        data: Mapping[str, Any],
        files: Sequence[Upload],
        *,
        more: Mapping[str, Any] | None = None,
        flags: int = 0,
        shown_to: int | None = None,
        message_id: int | None = None,
    ) -> Message:
        attachments = self._uploaded(channel, data, files)
        content = str(data.get("content") or "")
        raw: dict[str, Any] = {
            "id": str(message_id or self.world.snowflakes.next()),
            "type": 0,
            "channel_id": str(channel.id),
            "author": author.payload,
            "content": content,
            "timestamp": self.clock.wall().isoformat(),
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": "everyone" in pings(content, data.get("allowed_mentions")),
            "mentions": [],
            "mention_roles": [],
            "attachments": attachments,
            "embeds": data.get("embeds") or [],
            "components": _numbered(data.get("components") or [], attachments),
            "pinned": False,
            "flags": (data.get("flags") or 0) | flags,
            **(more or {}),
        }
        if data.get("nonce") is not None:
            raw["nonce"] = data["nonce"]
        message = Message(
            raw=raw,
            files=tuple(files),
            allowed_mentions=data.get("allowed_mentions"),
            shown_to=shown_to,
            guild_id=channel.guild.id if channel.guild else None,
        )
        self.messages[message.id] = message
        return message

    async def edit(
        self,
        before: Message,
        data: Mapping[str, Any],
        files: Sequence[Upload],
        channel: Channel,
        *,
        form: Form | None = None,
    ) -> Message:
        """The message with what the body changes, if it may be changed so."""
        names = [file.filename for file in files]
        check_message(form or Form(), data, names, before=before)
        kept = [dict(a) for a in kept_attachments(data, before)]
        attachments = kept + self._uploaded(channel, data, files)
        raw = dict(before.raw)
        for key, empty in (("content", ""), ("embeds", [])):
            if key in data:
                raw[key] = data[key] or empty
        if "components" in data:
            raw["components"] = _numbered(data["components"] or [], attachments)
        # Of the flags of a message that exists only these can change, and V2 only be added.
        changing = IS_COMPONENTS_V2 | 1 << 2
        flags = before.flags & ~LOADING
        if data.get("flags") is not None:
            flags = (flags & ~changing) | (data["flags"] & changing)
        if not before.loading:
            raw["edited_timestamp"] = self.clock.wall().isoformat()
        raw |= {"flags": flags, "attachments": attachments}
        by_id = {str(a["id"]): self.attachments[int(a["id"])] for a in attachments}
        message = dataclasses.replace(
            before,
            raw=raw,
            files=tuple(by_id.values()),
            allowed_mentions=data.get("allowed_mentions", before.allowed_mentions),
            edits=before.edits + 1,
        )
        self.messages[message.id] = message
        await self._tell("MESSAGE_UPDATE", message)
        return message

    async def delete(self, message: Message) -> None:
        """Take a message away."""
        del self.messages[message.id]
        await self._tell("MESSAGE_DELETE", message)

    async def _tell(self, event: str, message: Message) -> None:
        if message.shown_to is not None:
            return
        intent = DIRECT_MESSAGES if message.guild_id is None else GUILD_MESSAGES
        where = {} if message.guild_id is None else {"guild_id": str(message.guild_id)}
        if event == "MESSAGE_DELETE":
            data: dict[str, Any] = {"id": message.raw["id"], "channel_id": str(message.channel_id)}
        else:
            data = self._readable(message.raw, direct=message.guild_id is None)
        await self.gateway.dispatch(event, data | where, intent)

    def _readable(self, raw: Mapping[str, Any], *, direct: bool) -> dict[str, Any]:
        """What a bot without the privileged intent may read of a message.

        It reads its own messages, those that mention it, and direct messages. A message that one of
        these answers is looked at for itself: https://docs.discord.com/developers/events/gateway
        """
        data = dict(raw)
        mentioned = f"<@{self.world.bot.id}>" in data["content"]
        if mentioned:
            data["mentions"] = [self.world.bot.payload]
        if data.get("referenced_message"):
            data["referenced_message"] = self._readable(data["referenced_message"], direct=direct)
        if direct or mentioned or data["author"]["id"] == str(self.world.bot.id):
            return data
        hidden = {"content": "", "embeds": [], "attachments": [], "components": []}
        if "message_snapshots" in data:
            snapshots = data["message_snapshots"]
            data["message_snapshots"] = [
                {"message": each["message"] | hidden} for each in snapshots
            ]
        return data | hidden

    async def tell_of_channel(self, event: str, channel: Channel) -> None:
        """Dispatch an event of a channel or thread."""
        await self.gateway.dispatch(event, channel.payload, GUILDS)

    def _uploaded(
        self, channel: Channel, data: Mapping[str, Any], files: Sequence[Upload]
    ) -> list[dict[str, Any]]:
        told = {str(a.get("id")): a for a in data.get("attachments") or ()}
        return [
            self.attach(
                file,
                channel,
                description=told.get(str(index), {}).get("description"),
                **({"ephemeral": True} if (data.get("flags") or 0) & EPHEMERAL else {}),
            )
            for index, file in enumerate(files)
        ]


def _place(message: Message) -> dict[str, Any]:
    """Where a message is, for a reference to it."""
    place = {"message_id": str(message.id), "channel_id": str(message.channel_id)}
    return place | ({"guild_id": str(message.guild_id)} if message.guild_id else {})


def _numbered(
    components: Sequence[Mapping[str, Any]], attachments: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The components as Discord gives them back: numbered, and with the URLs of their media."""
    urls = {f"attachment://{a['filename']}": a for a in attachments}
    taken: set[int] = set()
    last = 0

    def media(item: Mapping[str, Any]) -> dict[str, Any]:
        attachment = urls.get(str(item.get("url")))
        if attachment is None:
            return dict(item)
        url = attachment["url"]
        return {"url": url, "proxy_url": url, "attachment_id": attachment["id"]}

    def copy(component: Mapping[str, Any]) -> dict[str, Any]:
        nonlocal last
        made = {key: value for key, value in component.items() if value is not None}
        if not made.get("id"):
            last += 1
            while last in taken:
                last += 1
            made["id"] = last
        if "components" in made:
            made["components"] = [copy(child) for child in made["components"]]
        if "accessory" in made:
            made["accessory"] = copy(made["accessory"])
        for key in ("media", "file"):
            if key in made:
                made[key] = media(made[key])
        if "items" in made:
            made["items"] = [item | {"media": media(item["media"])} for item in made["items"]]
        return made

    def collect(component: Mapping[str, Any]) -> None:
        if component.get("id"):
            taken.add(int(component["id"]))
        for child in component.get("components") or ():
            collect(child)
        if component.get("accessory"):
            collect(component["accessory"])

    for component in components:
        collect(component)
    return [copy(component) for component in components]
