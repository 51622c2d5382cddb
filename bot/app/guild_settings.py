"""Settings that a guild's managers change: who sees answers there, and which role may load."""

from __future__ import annotations

import json

from bot.library.library import Library

ROLES = "roles that may load"
"""The key of all guilds' roles; checks need them without a delay, so they are in one value."""


class GuildSettings:
    """Reads and writes the settings of guilds; keeps what it read in memory."""

    def __init__(self, library: Library) -> None:
        """Store the settings with `library`."""
        self._library = library
        self._public: dict[int, bool] = {}
        self._roles: dict[str, int] = {}

    async def load(self) -> None:
        """Read the roles that may load; before that, there are none."""
        self._roles = json.loads(await self._library.setting(ROLES) or "{}")

    async def answers_are_public(self, guild: int | None, *, override: bool | None = None) -> bool:
        """Return whether an answer is for everyone; `override` takes precedence if given.

        Without a guild, in direct messages, there is no default other than private.
        """
        if override is not None or guild is None:
            return bool(override)
        if guild not in self._public:
            self._public[guild] = await self._library.setting(_answers_key(guild)) == "public"
        return self._public[guild]

    async def set_answers_public(self, guild: int, *, public: bool) -> None:
        """Make answers in a guild public or private by default."""
        await self._library.remember(_answers_key(guild), "public" if public else "private")
        self._public[guild] = public

    def loading_role(self, guild: int) -> int | None:
        """Return the id of the role that may load and manage dumps, besides Manage Server."""
        return self._roles.get(str(guild))

    async def set_loading_role(self, guild: int, role: int | None) -> None:
        """Choose the role that may load and manage dumps; None for no role."""
        await self.load()  # another process may have changed those of its servers
        others = {key: value for key, value in self._roles.items() if key != str(guild)}
        self._roles = others if role is None else {**others, str(guild): role}
        await self._library.remember(ROLES, json.dumps(self._roles))


def _answers_key(guild: int) -> str:
    return f"answers in {guild}"
