"""A message as a person sees it: its words, its buttons, its files, and whom it pings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

DEFAULT, REPLY = 0, 19
FORWARD = 1
"""The type of a message reference that has snapshots of the message."""
HAS_SNAPSHOT = 1 << 14
EPHEMERAL = 1 << 6
LOADING = 1 << 7
IS_COMPONENTS_V2 = 1 << 15

ACTION_ROW, BUTTON, STRING_SELECT, TEXT_INPUT = 1, 2, 3, 4
SECTION, TEXT_DISPLAY, THUMBNAIL, MEDIA_GALLERY, FILE, SEPARATOR = 9, 10, 11, 12, 13, 14
CONTAINER, LABEL = 17, 18
SELECTS = (STRING_SELECT, 5, 6, 7, 8)
LINK, PREMIUM = 5, 6

_CODE = re.compile(r"```.*?```|``.*?``|`[^`\n]*`", re.DOTALL)
_USER = re.compile(r"<@!?(\d{15,20})>")
_ROLE = re.compile(r"<@&(\d{15,20})>")
_EVERYONE = re.compile(r"@(everyone|here)")


def walk(components: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """All components in the order they are read, nested ones after what holds them."""
    for component in components:
        yield component
        yield from walk(component.get("components") or ())
        for key in ("accessory", "component"):
            if isinstance(component.get(key), dict):
                yield from walk((component[key],))


@dataclass(frozen=True, slots=True)
class Upload:
    """A file, with its bytes."""

    filename: str
    """Its name, with the ending."""
    content: bytes
    """What is in it."""
    content_type: str = "application/octet-stream"
    """Its media type."""

    @property
    def text(self) -> str:
        """The content as UTF-8."""
        return self.content.decode()


@dataclass(frozen=True, slots=True)
class Button:
    """A button under or within a message."""

    label: str | None
    """The words on it."""
    custom_id: str | None
    """What the bot is told when it is pressed; None for links."""
    url: str | None
    """Where a link button leads."""
    disabled: bool
    """Whether it is greyed out."""
    style: int
    """Its colour, as Discord numbers it."""


@dataclass(frozen=True, slots=True)
class Select:
    """A menu to choose from."""

    custom_id: str
    """What the bot is told when something is chosen."""
    options: tuple[tuple[str, str], ...]
    """Label and value of each line; empty for menus that Discord fills."""
    disabled: bool
    """Whether it is greyed out."""
    placeholder: str | None
    """The words while nothing is chosen."""
    min_values: int
    """The fewest that may be chosen."""
    max_values: int
    """The most that may be chosen."""
    type: int
    """The component's type, 3 for options of the bot's own."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it was at one moment; `LoopbackDiscord.message` gives it anew."""

    raw: Mapping[str, Any]
    """The message object as the API gives it."""
    files: tuple[Upload, ...] = ()
    """The attached files."""
    allowed_mentions: Mapping[str, Any] | None = None
    """Whom the bot allowed to be pinged, as it was sent."""
    shown_to: int | None = None
    """The one user who sees it, if it is ephemeral."""
    edits: int = 0
    """How many times it was edited."""
    guild_id: int | None = field(default=None)
    """The guild it is in, None for direct messages."""

    @property
    def id(self) -> int:
        """Its id."""
        return int(self.raw["id"])

    @property
    def channel_id(self) -> int:
        """The channel or thread it is in."""
        return int(self.raw["channel_id"])

    @property
    def author_id(self) -> int:
        """The user who wrote it."""
        return int(self.raw["author"]["id"])

    @property
    def content(self) -> str:
        """The classic text, empty for Components V2."""
        return str(self.raw["content"])

    @property
    def flags(self) -> int:
        """The message flags."""
        return int(self.raw["flags"])

    @property
    def ephemeral(self) -> bool:
        """Whether only the one who asked sees it."""
        return bool(self.flags & EPHEMERAL)

    @property
    def loading(self) -> bool:
        """Whether it still says that the bot is thinking."""
        return bool(self.flags & LOADING)

    @property
    def components_v2(self) -> bool:
        """Whether it is made of Components V2."""
        return bool(self.flags & IS_COMPONENTS_V2)

    @property
    def reactions(self) -> list[str]:
        """The emoji with which anybody reacted."""
        return [each["emoji"]["name"] for each in self.raw.get("reactions", ())]

    @property
    def embeds(self) -> list[dict[str, Any]]:
        """The embeds, raw."""
        return list(self.raw["embeds"])

    @property
    def components(self) -> list[dict[str, Any]]:
        """The components, raw."""
        return list(self.raw["components"])

    @property
    def text(self) -> str:
        """Content and text displays in the order they are read, one a line."""
        shown = [self.content] if self.content else []
        shown += [str(c["content"]) for c in walk(self.components) if c["type"] == TEXT_DISPLAY]
        return "\n".join(shown)

    @property
    def buttons(self) -> list[Button]:
        """All buttons in the order they are read."""
        return [
            Button(
                label=c.get("label"),
                custom_id=c.get("custom_id"),
                url=c.get("url"),
                disabled=bool(c.get("disabled")),
                style=int(c["style"]),
            )
            for c in walk(self.components)
            if c["type"] == BUTTON
        ]

    @property
    def selects(self) -> list[Select]:
        """All menus in the order they are read."""
        return [select_of(c) for c in walk(self.components) if c["type"] in SELECTS]

    @property
    def pings(self) -> set[int | str]:
        """User and role ids, and "everyone", that its text and allowed mentions ping together.

        What is in code is no mention. Whether the bot may ping everyone in the channel is left
        out, since an administrator can allow it at any time.
        https://discord.com/developers/docs/resources/message#allowed-mentions-object
        """
        return pings(self.text, self.allowed_mentions)


def select_of(component: Mapping[str, Any]) -> Select:
    """The menu that a raw component describes."""
    minimum, maximum = component.get("min_values"), component.get("max_values")
    return Select(
        custom_id=str(component["custom_id"]),
        options=tuple((o["label"], o["value"]) for o in component.get("options") or ()),
        disabled=bool(component.get("disabled")),
        placeholder=component.get("placeholder"),
        min_values=1 if minimum is None else int(minimum),
        max_values=1 if maximum is None else int(maximum),
        type=int(component["type"]),
    )


def pings(text: str, allowed: Mapping[str, Any] | None) -> set[int | str]:
    """Whom a text pings under these allowed mentions; None allows what the text says."""
    text = _CODE.sub(" ", text)
    parse = {"users", "roles", "everyone"} if allowed is None else set(allowed.get("parse") or ())
    found: set[int | str] = set()
    for pattern, kind in ((_USER, "users"), (_ROLE, "roles")):
        mentioned = {int(i) for i in pattern.findall(text)}
        listed = {int(i) for i in (allowed or {}).get(kind) or ()}
        found |= mentioned if kind in parse else mentioned & listed
    if "everyone" in parse and _EVERYONE.search(text):
        found.add("everyone")
    return found
