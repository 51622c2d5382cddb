"""How Discord says no: the refusal with its status, code and nested field errors.

Codes: https://discord.com/developers/docs/topics/opcodes-and-status-codes#json
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


class Refusal(Exception):
    """A request that Discord answers with an error body."""

    def __init__(
        self, status: int, code: int, message: str, errors: dict[str, Any] | None = None
    ) -> None:
        super().__init__(status, code, message)
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors

    @property
    def body(self) -> dict[str, Any]:
        """The JSON that the client receives."""
        body: dict[str, Any] = {"message": self.message, "code": self.code}
        if self.errors is not None:
            body["errors"] = self.errors
        return body

    def __str__(self) -> str:
        details = "; ".join(f"{path}: {text}" for path, text in _flat(self.errors or {}))
        return f"{self.status} {self.code} {self.message}" + (f" ({details})" if details else "")


def _flat(errors: dict[str, Any], path: str = "") -> Iterator[tuple[str, str]]:
    for key, value in errors.items():
        if key == "_errors":
            for error in value:
                yield path or "body", f"{error['message']} [{error['code']}]"
        else:
            yield from _flat(value, f"{path}.{key}" if path else key)


class Form:
    """Collects what is wrong with a body, each problem at the path of its field."""

    def __init__(self, *path: str | int, errors: dict[str, Any] | None = None) -> None:
        self._path = tuple(str(key) for key in path)
        self._errors: dict[str, Any] = {} if errors is None else errors

    def at(self, *keys: str | int) -> Form:
        """The same form, looking at a field further in."""
        return Form(*self._path, *keys, errors=self._errors)

    def refuse(self, code: str, message: str) -> None:
        """Note a problem of this field."""
        node = self._errors
        for key in self._path:
            node = node.setdefault(key, {})
        node.setdefault("_errors", []).append({"code": code, "message": message})

    def text(self, value: object, low: int, high: int, *, required: bool = True) -> bool:
        """Whether the value is a string of `low` to `high` characters; notes it if not."""
        if value is None or (value == "" and low > 0 and required):
            if required:
                self.refuse("BASE_TYPE_REQUIRED", "This field is required")
            return not required
        if not isinstance(value, str):
            self.refuse("STRING_TYPE_CONVERT", f"Could not interpret {value!r} as string.")
            return False
        if not low <= len(value) <= high:
            code, message = (
                ("BASE_TYPE_MAX_LENGTH", f"Must be {high} or fewer in length.")
                if low == 0
                else ("BASE_TYPE_BAD_LENGTH", f"Must be between {low} and {high} in length.")
            )
            self.refuse(code, message)
            return False
        return True

    def listing(self, value: object, low: int, high: int) -> list[dict[str, Any]]:
        """The value as a list of objects; notes a wrong type or size and gives what is usable."""
        if value is None:
            value = []
        if not isinstance(value, list):
            self.refuse("LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            return []
        if not low <= len(value) <= high:
            self.refuse("BASE_TYPE_BAD_LENGTH", f"Must be between {low} and {high} in length.")
        for index, item in enumerate(value):
            if not isinstance(item, dict):
                self.at(index).refuse(
                    "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType"
                )
        return [item for item in value if isinstance(item, dict)]

    def choice(self, value: object, allowed: tuple[int, ...]) -> bool:
        """Whether the value is one of those allowed; notes it if not."""
        if value in allowed and not isinstance(value, bool):
            return True
        among = ", ".join(map(str, allowed))
        self.refuse("BASE_TYPE_CHOICES", f"Value must be one of {{{among}}}.")
        return False

    def check(self) -> None:
        """Refuse the body if anything was noted."""
        if self._errors:
            raise Refusal(400, 50035, "Invalid Form Body", self._errors)


def unauthorized() -> Refusal:
    """The token is not this bot's."""
    return Refusal(401, 0, "401: Unauthorized")


def not_found() -> Refusal:
    """No such route."""
    return Refusal(404, 0, "404: Not Found")


def unknown_channel() -> Refusal:
    """No such channel."""
    return Refusal(404, 10003, "Unknown Channel")


def unknown_guild() -> Refusal:
    """No such guild."""
    return Refusal(404, 10004, "Unknown Guild")


def unknown_member() -> Refusal:
    """No such member of the guild."""
    return Refusal(404, 10007, "Unknown Member")


def unknown_message() -> Refusal:
    """No such message, or deleted."""
    return Refusal(404, 10008, "Unknown Message")


def unknown_user() -> Refusal:
    """No such user."""
    return Refusal(404, 10013, "Unknown User")


def unknown_emoji() -> Refusal:
    """No such emoji."""
    return Refusal(400, 10014, "Unknown Emoji")


def closed_direct_messages() -> Refusal:
    """The user takes no direct messages from this bot."""
    return Refusal(403, 50007, "Cannot send messages to this user")


def no_reply_without_history() -> Refusal:
    """The bot may not read what was said before."""
    return Refusal(400, 160002, "You cannot reply without permission to read message history")


def unknown_webhook() -> Refusal:
    """No interaction has this token, or it was not acknowledged yet."""
    return Refusal(404, 10015, "Unknown Webhook")


def unknown_interaction() -> Refusal:
    """No such interaction, or its three seconds are over."""
    return Refusal(404, 10062, "Unknown interaction")


def unknown_command() -> Refusal:
    """No such application command."""
    return Refusal(404, 10063, "Unknown application command")


def already_acknowledged() -> Refusal:
    """The interaction had its first answer."""
    return Refusal(400, 40060, "Interaction has already been acknowledged.")


def missing_access() -> Refusal:
    """The bot does not see the channel."""
    return Refusal(403, 50001, "Missing Access")


def foreign_message() -> Refusal:
    """Only the author may edit a message."""
    return Refusal(403, 50005, "Cannot edit a message authored by another user")


def empty_message() -> Refusal:
    """Nothing to show."""
    return Refusal(400, 50006, "Cannot send an empty message")


def missing_permissions() -> Refusal:
    """The bot sees the channel, but may not do this in it."""
    return Refusal(403, 50013, "Missing Permissions")


def expired_token() -> Refusal:
    """The interaction's fifteen minutes are over.

    Discord's answer is a 401, see https://github.com/discord/discord-api-docs/issues/6851
    """
    return Refusal(401, 50027, "Invalid Webhook Token")


def thread_exists() -> Refusal:
    """A message can start one thread only."""
    return Refusal(400, 160004, "A thread has already been created for this message")
