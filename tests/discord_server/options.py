"""What Discord's client does with a command that a person types: options, typed and checked.

A mistake here is the test's, so it is an AssertionError that says what the client would show.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .messages import Upload
from .world import Channel, Role

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .chat import Chat

SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE = 1, 2, 3, 4, 5, 6, 7, 8
MENTIONABLE, NUMBER, ATTACHMENT = 9, 10, 11
_PYTHON: dict[int, type | tuple[type, ...]] = {
    STRING: str,
    INTEGER: int,
    BOOLEAN: bool,
    NUMBER: (int, float),
}


def find_command(
    commands: Sequence[Mapping[str, Any]], name: str, kind: int, guild_id: int | None
) -> Mapping[str, Any]:
    """The command that a person in this guild means by a name."""
    # A guild's own command goes before a global one of the same name.
    for scope in (guild_id, None):
        for command in commands:
            where = command.get("guild_id")
            same = command["name"] == name and command["type"] == kind
            if same and (None if where is None else int(where)) == scope:
                return command
    known = ", ".join(sorted(str(command["name"]) for command in commands)) or "none at all"
    raise AssertionError(f"there is no command {name!r} here; the bot has {known}")


def descend(command: Mapping[str, Any], names: Sequence[str]) -> Sequence[Mapping[str, Any]]:
    """The options of a command, or of the subcommand that the names lead to."""
    options: Sequence[Mapping[str, Any]] = command.get("options") or ()
    for name in names:
        found = [o for o in options if o["name"] == name and o["type"] in (SUBCOMMAND, GROUP)]
        if not found:
            raise AssertionError(f"/{command['name']} has no subcommand {name!r}")
        options = found[0].get("options") or ()
    if any(option["type"] in (SUBCOMMAND, GROUP) for option in options):
        raise AssertionError(f"/{command['name']} needs one of its subcommands")
    return options


def nest(
    command: Mapping[str, Any], names: Sequence[str], filled: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The filled options within their group and subcommand."""
    kinds, options = [], command.get("options") or ()
    for name in names:
        option = next(o for o in options if o["name"] == name)
        kinds.append((name, option["type"]))
        options = option.get("options") or ()
    for name, kind in reversed(kinds):
        filled = [{"name": name, "type": kind, "options": filled}]
    return filled


class Filler:
    """Turns Python values into the options and resolved objects of one interaction."""

    def __init__(self, chat: Chat, channel: Channel) -> None:
        self._chat = chat
        self._channel = channel
        self.resolved: dict[str, dict[str, Any]] = {}

    def fill(
        self,
        described: Sequence[Mapping[str, Any]],
        given: Mapping[str, Any],
        focused: str | None = None,
    ) -> list[dict[str, Any]]:
        """All options that were given, in the order that the command has them."""
        names = [option["name"] for option in described]
        for name in given:
            if name not in names:
                raise AssertionError(f"there is no option {name!r} among {names}")
        filled = []
        for option in described:
            name = option["name"]
            if given.get(name) is None:
                if option.get("required") and focused is None:
                    raise AssertionError(f"the option {name!r} is required")
                continue
            at_hand = {"name": name, "type": option["type"]}
            if name == focused:
                # While somebody types, the value is what stands there, whatever its type.
                filled.append(at_hand | {"value": given[name], "focused": True})
            else:
                filled.append(at_hand | {"value": self._value(option, given[name])})
        return filled

    def _value(self, option: Mapping[str, Any], value: Any) -> Any:
        kind, name = option["type"], option["name"]
        if kind in _PYTHON:
            self._check_plain(option, value)
            return value
        if kind == ATTACHMENT and isinstance(value, Upload):
            attachment = self._chat.attach(value, self._channel, ephemeral=True)
            return self._resolve("attachments", attachment)
        if kind == CHANNEL and isinstance(value, Channel):
            permissions = {"permissions": str(value.permissions.value)}
            return self._resolve("channels", value.payload | permissions)
        if kind == ROLE and isinstance(value, Role):
            return self._resolve("roles", value.payload)
        account = getattr(value, "account", None)
        if kind in (USER, MENTIONABLE) and account is not None:
            guild = self._channel.guild
            if guild is not None and account.id in guild.members:
                membership = guild.members[account.id]
                permissions = {"permissions": str(membership.permissions.value)}
                member = membership.payload | permissions
                self.resolved.setdefault("members", {})[str(account.id)] = member
            return self._resolve("users", account.payload)
        raise AssertionError(f"{value!r} does not fit the option {name!r} of type {kind}")

    def _resolve(self, kind: str, payload: dict[str, Any]) -> str:
        number = str(payload["id"])
        self.resolved.setdefault(kind, {})[number] = payload
        return number

    @staticmethod
    def _check_plain(option: Mapping[str, Any], value: Any) -> None:
        kind, name = option["type"], option["name"]
        if not isinstance(value, _PYTHON[kind]) or (isinstance(value, bool) and kind != BOOLEAN):
            raise AssertionError(f"{value!r} does not fit the option {name!r} of type {kind}")
        choices = [choice["value"] for choice in option.get("choices") or ()]
        if choices and value not in choices:
            raise AssertionError(f"{value!r} is not among the choices of {name!r}: {choices}")
        size, low, high = value, option.get("min_value"), option.get("max_value")
        if kind == STRING:
            size, low, high = len(str(value)), option.get("min_length"), option.get("max_length")
            # A required string may not be empty, and 6,000 is the most that a client sends.
            low, high = max(1, low or 0), min(6000, high or 6000)
        if (low is not None and size < low) or (high is not None and size > high):
            raise AssertionError(f"{name!r} must be between {low} and {high}, not {size}")
