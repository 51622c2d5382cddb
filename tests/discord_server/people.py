"""The people who use the bot: what they can do in a guild or a direct message."""

from __future__ import annotations

import copy
import secrets
from typing import TYPE_CHECKING, Any, Self

from .fields import check_chosen, submitted
from .interactions import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    MODAL_SUBMIT,
    Exchange,
    Interaction,
    Modal,
)
from .messages import BUTTON, LINK, SELECTS, Message, walk
from .options import Filler, descend, find_command, nest
from .world import Channel

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import discord

    from .accounts import Account, Membership
    from .server import LoopbackDiscord
    from .world import Guild

CHAT_INPUT, USER_COMMAND, MESSAGE_COMMAND = 1, 2, 3


class Person:
    """Somebody who uses the bot in a channel."""

    def __init__(self, server: LoopbackDiscord, account: Account, channel: Channel) -> None:
        self._server = server
        self.account = account
        self.channel = channel
        self.locale = "en-US"

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.account.name} in {self.channel.name}>"

    @property
    def id(self) -> int:
        """The user's id."""
        return self.account.id

    @property
    def name(self) -> str:
        """The user's name."""
        return self.account.name

    @property
    def mention(self) -> str:
        """The text that pings this user."""
        return f"<@{self.account.id}>"

    def at(self, channel: Channel) -> Self:
        """The same person in another channel or thread."""
        other = copy.copy(self)
        other.channel = channel
        return other

    async def say(
        self,
        content: str,
        *,
        reply_to: Message | None = None,
        embeds: Sequence[Mapping[str, Any]] = (),
        files: Mapping[str, str] | None = None,
    ) -> Message:
        """Write a message in the channel.

        Args:
            content: its text.
            reply_to: the message of the same channel that it answers.
            embeds: the previews of links in it, which Discord adds itself.
            files: descriptions of attached pictures, by file name.
        """
        await self._server.tell()
        data: dict[str, Any] = {"content": content, "embeds": [dict(each) for each in embeds]}
        if reply_to is not None:
            data["message_reference"] = {"message_id": str(self._see(reply_to).id)}
        return await self._server.chat.say(self.channel, self.account, data, files or {})

    async def forward(self, message: Message) -> Message:
        """Forward a message into the channel; a comment would be a message of its own."""
        await self._server.tell()
        seen = self._server.message(message.id)
        if seen.shown_to not in (None, self.id):
            raise AssertionError(f"{self.name} does not see this private message")
        return await self._server.chat.forward(self.channel, self.account, seen)

    async def slash(self, name: str, /, **options: Any) -> Exchange:
        """Use a slash command; `"group sub"` for a subcommand. Waits for the first answer."""
        first, *rest = name.split()
        command = find_command(self._server.commands, first, CHAT_INPUT, self._guild_id)
        filler = Filler(self._server.chat, self.channel)
        filled = nest(command, rest, filler.fill(descend(command, rest), options))
        data = self._command_data(command, filled, filler.resolved)
        return await self._act(COMMAND, data, f"/{name} by {self.name}")

    async def autocomplete(
        self, name: str, /, *, option: str, text: str, **options: Any
    ) -> list[tuple[str, Any]]:
        """The (name, value) pairs that are offered while `text` is typed into an option."""
        first, *rest = name.split()
        command = find_command(self._server.commands, first, CHAT_INPUT, self._guild_id)
        described = descend(command, rest)
        kinds = {o["name"]: o for o in described}
        if not kinds.get(option, {}).get("autocomplete"):
            raise AssertionError(f"the option {option!r} of /{name} does not autocomplete")
        filler = Filler(self._server.chat, self.channel)
        filled = filler.fill(described, options | {option: text}, focused=option)
        data = self._command_data(command, nest(command, rest, filled), {})
        interaction = self._interaction(AUTOCOMPLETE, data, f"typing {text!r} in /{name}")
        interaction.option_type = kinds[option]["type"]
        await self._server.send(interaction)
        return list(interaction.choices or ())

    async def message_command(self, name: str, message: Message) -> Exchange:
        """Use a command of a message's Apps menu."""
        message = self._see(message)
        command = find_command(self._server.commands, name, MESSAGE_COMMAND, self._guild_id)
        resolved = {"messages": {str(message.id): dict(message.raw)}}
        data = self._command_data(command, [], resolved) | {"target_id": str(message.id)}
        return await self._act(COMMAND, data, f"{name} on a message by {self.name}")

    async def user_command(self, name: str, person: Person) -> Exchange:
        """Use a command of a person's Apps menu."""
        command = find_command(self._server.commands, name, USER_COMMAND, self._guild_id)
        resolved = {"users": {str(person.id): person.account.payload}}
        data = self._command_data(command, [], resolved) | {"target_id": str(person.id)}
        return await self._act(COMMAND, data, f"{name} on {person.name} by {self.name}")

    async def press(
        self, message: Message, *, label: str | None = None, custom_id: str | None = None
    ) -> Exchange:
        """Press a button of a message, as the message is now."""
        message = self._see(message)
        wanted = label if custom_id is None else custom_id
        found = [
            c
            for c in walk(message.components)
            if c["type"] == BUTTON
            and (c.get("label") == label if custom_id is None else c.get("custom_id") == custom_id)
        ]
        if len(found) != 1:
            shown = [button.label or button.custom_id for button in message.buttons]
            raise AssertionError(f"{len(found)} buttons {wanted!r} among {shown}")
        (button,) = found
        if button["style"] == LINK:
            raise AssertionError(
                f"{wanted!r} is a link to {button['url']}, which no bot is told of"
            )
        if button.get("disabled"):
            raise AssertionError(f"the button {wanted!r} is disabled")
        data = {"component_type": BUTTON, "custom_id": button["custom_id"], "id": button["id"]}
        return await self._act(
            COMPONENT, data, f"{wanted!r} pressed by {self.name}", source=message
        )

    async def choose(
        self, message: Message, *, values: Iterable[str], custom_id: str | None = None
    ) -> Exchange:
        """Choose in a menu of a message by the values of its options, as the message is now."""
        message = self._see(message)
        menus = [c for c in walk(message.components) if c["type"] in SELECTS]
        found = [c for c in menus if custom_id in (None, c["custom_id"])]
        if len(found) != 1:
            shown = [c["custom_id"] for c in menus]
            raise AssertionError(f"{len(found)} menus {custom_id!r} among {shown}")
        (menu,) = found
        chosen = list(values)
        check_chosen(menu, chosen)
        data = {
            "component_type": menu["type"],
            "custom_id": menu["custom_id"],
            "values": chosen,
            "id": menu["id"],
        }
        return await self._act(COMPONENT, data, f"{chosen} chosen by {self.name}", source=message)

    async def submit(
        self, modal: Modal, values: Mapping[str, str | Sequence[str]] | None = None
    ) -> Exchange:
        """Send a modal off, its fields filled by their custom ids; the others stay as they are."""
        opened = modal.interaction
        if opened.account.id != self.id:
            raise AssertionError(f"{self.name} does not see the modal of {opened.account.name}")
        given = dict(values or {})
        components = [submitted(part, given) for part in modal.raw["components"]]
        if given:
            raise AssertionError(f"the modal {modal.title!r} has no fields {sorted(given)}")
        data = {"custom_id": modal.custom_id, "components": components}
        source = None if opened.source is None else self._server.message(opened.source)
        label = f"modal {modal.title!r} submitted by {self.name}"
        return await self._act(MODAL_SUBMIT, data, label, source=source)

    async def dismiss(self, message: Message) -> None:
        """Take a private message off one's own screen."""
        if not self._see(message).ephemeral:
            raise AssertionError("only private messages can be dismissed")
        await self._server.chat.delete(message)

    def _see(self, message: Message) -> Message:
        current = self._server.message(message.id)
        if current.shown_to not in (None, self.id):
            raise AssertionError(f"{self.name} does not see this private message")
        here = current.guild_id == self._guild_id
        if not here or (self._guild_id is None and current.channel_id != self.channel.id):
            raise AssertionError(f"{self.name} is not where this message is")
        return current

    async def _act(
        self, kind: int, data: dict[str, Any], label: str, source: Message | None = None
    ) -> Exchange:
        interaction = self._interaction(kind, data, label, source)
        await self._server.send(interaction)
        return Exchange(interaction, self._server.chat.messages, self._server.patience)

    def _command_data(
        self,
        command: Mapping[str, Any],
        options: list[dict[str, Any]],
        resolved: dict[str, dict[str, Any]],
    ) -> dict[str, Any]:
        data: dict[str, Any] = {key: command[key] for key in ("id", "name", "type")}
        if command.get("guild_id"):
            data["guild_id"] = command["guild_id"]
        if options:
            data["options"] = options
        if resolved:
            data["resolved"] = resolved
        return data

    @property
    def _guild_id(self) -> int | None:
        return self.channel.guild.id if self.channel.guild else None

    def _interaction(
        self, kind: int, data: dict[str, Any], label: str, source: Message | None = None
    ) -> Interaction:
        world = self._server.world
        channel = self.channel
        if source is not None and source.channel_id != channel.id:
            channel = world.channel(source.channel_id) or channel
        interaction = Interaction(
            id=world.snowflakes.next(),
            token=secrets.token_urlsafe(80),
            kind=kind,
            account=self.account,
            channel=channel,
            created=self._server.clock.now(),
            label=label,
            source=None if source is None else source.id,
        )
        interaction.payload = {
            "id": str(interaction.id),
            "application_id": str(world.application_id),
            "type": kind,
            "data": data,
            "channel_id": str(channel.id),
            "channel": channel.payload | {"permissions": str(self._permissions.value)},
            "token": interaction.token,
            "version": 1,
            "locale": self.locale,
            "app_permissions": str(channel.permissions.value),
            "entitlements": [],
            "entitlement_sku_ids": [],
            "attachment_size_limit": self._server.attachment_size_limit,
            **self._whereabouts(),
        }
        if source is not None:
            interaction.payload["message"] = dict(source.raw)
        return interaction

    @property
    def _permissions(self) -> discord.Permissions:
        raise NotImplementedError

    def _whereabouts(self) -> dict[str, Any]:
        raise NotImplementedError


class Member(Person):
    """Somebody in a guild."""

    def __init__(self, server: LoopbackDiscord, membership: Membership, channel: Channel) -> None:
        super().__init__(server, membership.account, channel)
        self.membership = membership

    @property
    def guild(self) -> Guild:
        """The guild."""
        if self.channel.guild is None:
            raise AssertionError(f"{self.name} is in a direct message")
        return self.channel.guild

    @property
    def permissions(self) -> discord.Permissions:
        """What this member may do."""
        return self.membership.permissions

    @property
    def _permissions(self) -> discord.Permissions:
        return self.permissions

    def _whereabouts(self) -> dict[str, Any]:
        guild = str(self.guild.id)
        member = self.membership.payload | {
            "user": self.account.payload,
            "permissions": str(self.permissions.value),
        }
        return {
            "guild_id": guild,
            "guild": {"id": guild, "locale": self.guild.locale, "features": []},
            "guild_locale": self.guild.locale,
            "member": member,
            "context": 0,
            "authorizing_integration_owners": {"0": guild},
        }


class User(Person):
    """Somebody in direct messages with the bot."""

    @property
    def _permissions(self) -> discord.Permissions:
        return self.channel.permissions

    def _whereabouts(self) -> dict[str, Any]:
        # "0" stands for a direct message with an app that guilds have installed.
        return {
            "user": self.account.payload,
            "context": 1,
            "authorizing_integration_owners": {"0": "0"},
        }
