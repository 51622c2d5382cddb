"""Settings that a guild's managers change: whether answers there are public by default."""

from __future__ import annotations

from bot.library.library import Library


class GuildSettings:
    """Reads and writes the settings of guilds; keeps what it read in memory."""

    def __init__(self, library: Library) -> None:
        """Store the settings with `library`."""
        self._library = library
        self._public: dict[int, bool] = {}

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


def _answers_key(guild: int) -> str:
    return f"answers in {guild}"
