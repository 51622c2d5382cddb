"""The ids that Discord gave the commands, so that messages can name them as links to tap."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from bot.i18n.messages import Language, Sentence
from bot.library.library import Library


class CommandIds:
    """Ids of registered commands by name; stored, because registering is rare."""

    def __init__(self, library: Library) -> None:
        """Store the ids with `library`."""
        self._library = library
        self._ids: dict[str, int] = {}

    @property
    def known(self) -> bool:
        """Whether any id is known."""
        return bool(self._ids)

    async def load(self, application: int) -> None:
        """Read the stored ids of an application's commands, if there are any."""
        stored = await self._library.setting(_key(application))
        if stored is not None:
            self.use(json.loads(stored))

    def use(self, ids: Mapping[str, int]) -> None:
        """Use these ids, and store nothing."""
        self._ids = dict(ids)

    async def save(self, application: int, ids: Mapping[str, int]) -> None:
        """Store the ids of an application's commands, in place of all earlier ones."""
        self.use(ids)
        await self._library.remember(_key(application), json.dumps(self._ids))

    def mention(self, command: Sentence, say: Language) -> str:
        """Return Markdown that names `command`, such as `/library role`.

        Discord shows it as a link that puts the command into the message box. A command without an
        id is shown as code, in the reader's language.

        https://docs.discord.com/developers/reference#message-formatting
        """
        name = command.english.removeprefix("/")
        number = self._ids.get(name.partition(" ")[0])
        return f"</{name}:{number}>" if number else f"`{say.say(command)}`"

    def names(self, say: Language) -> Callable[[Sentence], str]:
        """Return a function that names commands like `mention`, for views."""
        return lambda command: self.mention(command, say)


def _key(application: int) -> str:
    return f"command ids of {application}"
