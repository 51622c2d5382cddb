"""What a person did, what the bot answered, and the exchange that a test looks at."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .messages import TEXT_DISPLAY, TEXT_INPUT, Message, Select, select_of, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .accounts import Account
    from .world import Channel

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5
KINDS = {
    COMMAND: "a command",
    COMPONENT: "a component",
    AUTOCOMPLETE: "an autocomplete",
    MODAL_SUBMIT: "a submitted modal",
}
REPLY, DEFERRED_REPLY, DEFERRED_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
ANSWER_SECONDS = 3.0
TOKEN_SECONDS = 15 * 60.0


@dataclass(slots=True, eq=False)
class Interaction:
    """One interaction as the server keeps it."""

    id: int
    """Its id."""
    token: str
    """The key to its answers."""
    kind: int
    """Command, component, autocomplete or modal."""
    account: Account
    """Who acted."""
    channel: Channel
    """Where."""
    created: float
    """When, by the server's clock."""
    label: str
    """What was done, in words for error messages."""
    source: int | None = None
    """The message whose component, or whose component's modal, it was."""
    option_type: int = 3
    """The type of the option that is completed."""
    payload: dict[str, Any] = field(default_factory=dict)
    """What the gateway sent."""
    acknowledged: float | None = None
    """When the first answer came."""
    response: int | None = None
    """The type of the first answer."""
    original: int | None = None
    """The message that @original means."""
    followups: list[int] = field(default_factory=list)
    """Messages sent after the first answer."""
    deferred: bool = False
    """Whether the first answer was to wait."""
    settled: bool = False
    """Whether what was waited for came."""
    modal: Mapping[str, Any] | None = None
    """The modal that was opened."""
    choices: list[tuple[str, Any]] | None = None
    """What was offered for completion."""
    refused: list[str] = field(default_factory=list)
    """What was refused of its answers."""
    too_late: bool = False
    """Whether the first answer came after the three seconds."""
    history: list[Message] = field(default_factory=list)
    """Each state that the original message was in."""
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def changed(self) -> None:
        """Wake whoever waits for an answer."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def until(self, done: Callable[[], bool], seconds: float) -> bool:
        """Wait for a condition on the answers; False if it did not come true in time."""
        deadline = time.monotonic() + seconds
        while not done():
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            try:
                await asyncio.wait_for(self._changed.wait(), left)
            except TimeoutError:
                return done()
        return True


@dataclass(frozen=True, slots=True)
class TextInput:
    """A line or box to write in."""

    custom_id: str
    """What the bot knows it by."""
    label: str
    """The words over it."""
    value: str
    """What it holds at first."""
    required: bool
    """Whether it may not stay empty."""
    min_length: int
    """The fewest characters."""
    max_length: int
    """The most characters."""


@dataclass(frozen=True, slots=True)
class Modal:
    """A form that the bot opened before a person."""

    raw: Mapping[str, Any]
    """The modal as it was sent."""
    interaction: Interaction
    """What opened it."""

    @property
    def title(self) -> str:
        """The words over it."""
        return str(self.raw["title"])

    @property
    def custom_id(self) -> str:
        """What the bot knows it by."""
        return str(self.raw["custom_id"])

    @property
    def text(self) -> str:
        """Its text displays, one a line."""
        parts = [c for c in walk(self.raw["components"]) if c["type"] == TEXT_DISPLAY]
        return "\n".join(str(part["content"]) for part in parts)

    @property
    def inputs(self) -> list[TextInput]:
        """Its text inputs, from the top."""
        return [
            TextInput(
                custom_id=part["custom_id"],
                label=holder.get("label") or part.get("label") or "",
                value=part.get("value") or "",
                required=part.get("required") is not False,
                min_length=part.get("min_length") or 0,
                max_length=part.get("max_length") or 4000,
            )
            for holder in self.raw["components"]
            for part in walk((holder,))
            if part["type"] == TEXT_INPUT
        ]

    @property
    def selects(self) -> list[Select]:
        """Its menus, from the top."""
        menus = (3, 5, 6, 7, 8)
        return [select_of(c) for c in walk(self.raw["components"]) if c["type"] in menus]


class Exchange:
    """An interaction and all that the bot answered to it."""

    def __init__(
        self, interaction: Interaction, messages: Mapping[int, Message], patience: float
    ) -> None:
        self._interaction = interaction
        self._messages = messages
        self._patience = patience

    def __repr__(self) -> str:
        return f"<Exchange {self._interaction.label}: {self._state()}>"

    def _state(self) -> str:
        i = self._interaction
        if i.response is None:
            state = "no answer"
        else:
            state = f"answered with type {i.response} after {self.acknowledged_after:.3f} s"
        refused = "".join(f"; refused: {line}" for line in i.refused)
        return state + refused

    @property
    def interaction_id(self) -> int:
        """The interaction's id."""
        return self._interaction.id

    @property
    def payload(self) -> dict[str, Any]:
        """The INTERACTION_CREATE event that the bot received."""
        return self._interaction.payload

    @property
    def acknowledged_after(self) -> float:
        """Seconds until the first answer, by the server's clock."""
        if self._interaction.acknowledged is None:
            raise AssertionError(f"{self._interaction.label}: {self._state()}")
        return self._interaction.acknowledged - self._interaction.created

    @property
    def deferred(self) -> bool:
        """Whether the first answer only promised one."""
        return self._interaction.deferred

    @property
    def updated(self) -> bool:
        """Whether the message that was acted on was itself changed."""
        i = self._interaction
        return i.response == UPDATE or (i.response == DEFERRED_UPDATE and i.settled)

    @property
    def ephemeral(self) -> bool:
        """Whether only the one who acted sees the answer."""
        original = self.original
        return original is not None and original.ephemeral

    @property
    def original(self) -> Message | None:
        """The answering, or updated, message as it is now; None if there is none."""
        number = self._interaction.original
        return None if number is None else self._messages.get(number)

    @property
    def messages(self) -> list[Message]:
        """The reply, or updated message, and the follow-ups, as they are now; not the deleted."""
        i = self._interaction
        numbers = ([] if i.original is None else [i.original]) + i.followups
        found = [self._messages[n] for n in dict.fromkeys(numbers) if n in self._messages]
        return [message for message in found if not message.loading]

    @property
    def followups(self) -> list[Message]:
        """What was sent after the first answer, as it is now."""
        return [self._messages[n] for n in self._interaction.followups if n in self._messages]

    @property
    def history(self) -> list[Message]:
        """Each state that the reply was in, the newest last."""
        return list(self._interaction.history)

    @property
    def modal(self) -> Modal | None:
        """The modal that was opened, if it was."""
        raw = self._interaction.modal
        return None if raw is None else Modal(raw, self._interaction)

    @property
    def refused(self) -> list[str]:
        """What was refused of the answers to this interaction."""
        return list(self._interaction.refused)

    async def reply(
        self, *, until: Callable[[Message], bool] | None = None, within: float | None = None
    ) -> Message:
        """The answering message; after a deferral, what took its place.

        With `until`, the first state of it, from now on, for which that is true: for progress.
        """
        i = self._interaction

        def found() -> Message | None:
            if i.deferred and not i.settled:
                return None
            shown = self.messages
            if i.response == DEFERRED_UPDATE and not i.settled:
                shown = self.followups
            return next((m for m in shown if until is None or until(m)), None)

        if self.modal is not None:
            raise AssertionError(f"{i.label}: answered with a modal, not a message")
        seconds = self._patience if within is None else within
        await i.until(lambda: found() is not None, seconds)
        message = found()
        if message is None:
            shown = "; ".join(repr(m.text) for m in self.messages) or "no message"
            raise AssertionError(f"{i.label}: waited {seconds} s; {self._state()}; {shown}")
        return message

    async def followup(self, number: int = 1, *, within: float | None = None) -> Message:
        """The follow-up message of this number, waited for."""
        seconds = self._patience if within is None else within
        if not await self._interaction.until(lambda: len(self.followups) >= number, seconds):
            raise AssertionError(
                f"{self._interaction.label}: {len(self.followups)} follow-ups after {seconds} s"
            )
        return self.followups[number - 1]
