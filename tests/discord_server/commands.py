"""The rules for application commands, and the book in which the bot's are kept.

https://discord.com/developers/docs/interactions/application-commands
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import discord
import regex

from .errors import Form, Refusal, unknown_command
from .options import ATTACHMENT, BOOLEAN, CHANNEL, GROUP, INTEGER, NUMBER, STRING, SUBCOMMAND

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from .world import World

CHAT_INPUT = 1
MOST_OPTIONS = 25
MOST_CHARACTERS = 8000
_MOST = {CHAT_INPUT: 100, 2: 15, 3: 15}
_NAME = regex.compile(r"[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}")
_LOCALES = frozenset(each.value for each in discord.Locale)
_TYPES = tuple(range(SUBCOMMAND, ATTACHMENT + 1))


def _check_name(form: Form, name: object) -> None:
    if not form.text(name, 1, 32):
        return
    if not _NAME.fullmatch(str(name)) or name != str(name).lower():
        form.refuse("APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")


def _check_description(form: Form, description: object) -> None:
    form.text(description, 1, 100)


def _check_menu_name(form: Form, name: object) -> None:
    form.text(name, 1, 32)


def _check_texts(
    form: Form, part: Mapping[str, Any], rules: Mapping[str, Callable[[Form, object], None]]
) -> None:
    """Note what the texts of a command or an option may not be, in each language."""
    for key, check in rules.items():
        check(form.at(key), part.get(key))
        for locale, text in (part.get(f"{key}_localizations") or {}).items():
            place = form.at(f"{key}_localizations", locale)
            if locale not in _LOCALES:
                place.refuse("ENUM_TYPE_COERCE", f"Value {locale!r} is not a valid locale.")
            check(place, text)


_TEXTS = {"name": _check_name, "description": _check_description}


def check_command(form: Form, command: Mapping[str, Any]) -> None:
    """Note everything that a command may not be."""
    kind = command.get("type") or CHAT_INPUT
    form.at("type").choice(kind, (1, 2, 3, 4))
    if kind == CHAT_INPUT:
        _check_texts(form, command, _TEXTS)
        _check_options(form.at("options"), command.get("options"), depth=0)
    else:
        _check_texts(form, command, {"name": _check_menu_name})
        for key in ("description", "options"):
            if command.get(key):
                form.at(key).refuse(
                    "APPLICATION_COMMAND_FIELD_UNUSED", "Only slash commands may have this"
                )
    if sum(map(len, _texts(command))) > MOST_CHARACTERS:
        form.refuse(
            "APPLICATION_COMMAND_TOO_LARGE", f"Command exceeds maximum size ({MOST_CHARACTERS})"
        )


def _texts(part: Mapping[str, Any]) -> Iterator[str]:
    for key in ("name", "description", "value"):
        if isinstance(part.get(key), str):
            yield part[key]
    for key in ("options", "choices"):
        for child in part.get(key) or ():
            yield from _texts(child)


def _check_options(form: Form, options: object, depth: int) -> None:
    listed = form.listing(options, 0, MOST_OPTIONS)
    optional = False
    for index, option in enumerate(listed):
        place = form.at(index)
        _check_texts(place, option, _TEXTS)
        allowed = _TYPES if depth == 0 else _TYPES[0:1] + _TYPES[2:] if depth == 1 else _TYPES[2:]
        kind = option.get("type")
        if not place.at("type").choice(kind, allowed):
            continue
        if kind in (SUBCOMMAND, GROUP):
            _check_options(place.at("options"), option.get("options"), 2 if kind == 1 else 1)
            continue
        if option.get("required") and optional:
            place.refuse(
                "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                "Required options must be placed before non-required options",
            )
        optional = optional or not option.get("required")
        _check_values(place, option)
    _check_same(form, listed)


def _check_same(form: Form, options: Sequence[Mapping[str, Any]]) -> None:
    named = [("", option.get("name")) for option in options]
    for option in options:
        named += (option.get("name_localizations") or {}).items()
    for (_, name), count in Counter(named).items():
        if count > 1:
            form.refuse(
                "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATED",
                f"Option name {name!r} is used more than once",
            )
    parts = [option.get("type") in (SUBCOMMAND, GROUP) for option in options]
    if any(parts) and not all(parts):
        form.refuse(
            "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
            "Sub-command and sub-command group option types are mutually exclusive "
            "to all other types",
        )


def _check_values(form: Form, option: Mapping[str, Any]) -> None:
    kind, choices = option.get("type"), option.get("choices")
    inner = form.at("choices")
    for index, choice in enumerate(inner.listing(choices, 0, 25)):
        inner.at(index, "name").text(choice.get("name"), 1, 100)
        if kind == STRING:
            inner.at(index, "value").text(choice.get("value"), 1, 100)
    if choices and kind not in (STRING, INTEGER, NUMBER):
        inner.refuse("APPLICATION_COMMAND_FIELD_UNUSED", "This type of option takes no choices")
    if option.get("autocomplete") and (choices or kind not in (STRING, INTEGER, NUMBER)):
        form.at("autocomplete").refuse(
            "APPLICATION_COMMAND_AUTOCOMPLETE_INVALID",
            "Autocomplete is for strings and numbers without choices",
        )
    for key, least in (("min_length", 0), ("max_length", 1)):
        value = option.get(key)
        if value is not None and (kind != STRING or not least <= value <= 6000):
            form.at(key).refuse(
                "NUMBER_TYPE_MAX", f"Must be a number from {least} to 6000, of a string option."
            )
    if kind == BOOLEAN and option.get("min_value") is not None:
        form.at("min_value").refuse("APPLICATION_COMMAND_FIELD_UNUSED", "Not for booleans")
    if option.get("channel_types") and kind != CHANNEL:
        form.at("channel_types").refuse("APPLICATION_COMMAND_FIELD_UNUSED", "Only for channels")


class CommandBook:
    """The bot's commands, global ones and each guild's own."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._commands: dict[int | None, list[dict[str, Any]]] = {}
        self.syncs = 0

    @property
    def all(self) -> list[dict[str, Any]]:
        """Every command, as Discord gives it back."""
        return [command for listed in self._commands.values() for command in listed]

    def of(self, guild_id: int | None) -> list[dict[str, Any]]:
        """The commands of a guild, or the global ones."""
        return self._commands.get(guild_id, [])

    def get(self, guild_id: int | None, command_id: int) -> dict[str, Any]:
        """One command."""
        for command in self.of(guild_id):
            if command["id"] == str(command_id):
                return command
        raise unknown_command()

    def replace(self, guild_id: int | None, commands: Any) -> list[dict[str, Any]]:
        """Put these in the place of all earlier ones."""
        form = Form()
        listed = form.listing(commands, 0, sum(_MOST.values()))
        for index, command in enumerate(listed):
            check_command(form.at(index), command)
            self._check_installs(form.at(index, "integration_types"), command)
        form.check()
        self._check_number(listed)
        earlier = {(c["type"], c["name"]): c for c in self.of(guild_id)}
        self._commands[guild_id] = [
            self._made(guild_id, c, earlier.get((c.get("type") or CHAT_INPUT, c["name"])))
            for c in listed
        ]
        self.syncs += 1
        return self._commands[guild_id]

    def put(self, guild_id: int | None, command: Mapping[str, Any]) -> dict[str, Any]:
        """Add one, or put it in the place of one of the same name."""
        form = Form()
        check_command(form, command)
        self._check_installs(form.at("integration_types"), command)
        form.check()
        key = (command.get("type") or CHAT_INPUT, command["name"])
        earlier = next((c for c in self.of(guild_id) if (c["type"], c["name"]) == key), None)
        made = self._made(guild_id, command, earlier)
        others = [c for c in self.of(guild_id) if c is not earlier]
        self._check_number([*others, made])
        self._commands[guild_id] = [*others, made]
        self.syncs += 1
        return made

    def edit(
        self, guild_id: int | None, command_id: int, change: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Change one."""
        earlier = self.get(guild_id, command_id)
        changed = earlier | dict(change) | {"type": earlier["type"]}
        form = Form()
        check_command(form, changed)
        self._check_installs(form.at("integration_types"), changed)
        form.check()
        made = self._made(guild_id, changed, earlier)
        listed = self._commands[guild_id]
        listed[listed.index(earlier)] = made
        self.syncs += 1
        return made

    def _check_installs(self, form: Form, command: Mapping[str, Any]) -> None:
        # Discord's documentation has the rule, but not the words of the refusal.
        for index, kind in enumerate(command.get("integration_types") or [0]):
            if kind not in self._world.integration_types:
                form.at(index).refuse(
                    "APPLICATION_COMMAND_INTEGRATION_TYPE_UNSUPPORTED",
                    "The application does not support this installation context.",
                )

    def remove(self, guild_id: int | None, command_id: int) -> None:
        """Take one away."""
        self._commands[guild_id].remove(self.get(guild_id, command_id))

    def _made(
        self, guild_id: int | None, command: Mapping[str, Any], earlier: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        permissions = command.get("default_member_permissions")
        made: dict[str, Any] = {
            "id": earlier["id"] if earlier else str(self._world.snowflakes.next()),
            "application_id": str(self._world.application_id),
            "version": str(self._world.snowflakes.next()),
            "type": command.get("type") or CHAT_INPUT,
            "name": command["name"],
            "name_localizations": command.get("name_localizations"),
            "description": command.get("description") or "",
            "description_localizations": command.get("description_localizations"),
            "options": command.get("options") or [],
            "default_member_permissions": None if permissions is None else str(permissions),
            "dm_permission": 1 in (command.get("contexts") or [1]),
            "nsfw": bool(command.get("nsfw")),
            "integration_types": command.get("integration_types") or [0],
            "contexts": command.get("contexts"),
        }
        return made if guild_id is None else made | {"guild_id": str(guild_id)}

    @staticmethod
    def _check_number(commands: Sequence[Mapping[str, Any]]) -> None:
        keys = Counter((c.get("type") or CHAT_INPUT, c["name"]) for c in commands)
        for (_, name), count in keys.items():
            if count > 1:
                form = Form()
                form.refuse(
                    "APPLICATION_COMMANDS_DUPLICATE_NAME",
                    f"Application command names must be unique ({name})",
                )
                form.check()
        for kind, count in Counter(kind for kind, _ in keys).items():
            if count > _MOST.get(kind, 1):
                raise Refusal(
                    400, 30032, f"Maximum number of application commands reached ({count})"
                )
