"""The parts of a library that cannot be reached, and what an answer says of them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.errors import PartUnreachable
from bot.i18n.messages import Listed, Sentence, counted
from bot.library.snapshot.served import Served
from bot.library.spread.part import Part
from bot.library.spread.snapshot import SpreadSnapshot

NAMED = 5
"""Files that an answer names."""


@dataclass(slots=True)
class Missing:
    """Parts that did not answer a question in time."""

    parts: list[Part] = field(default_factory=list)
    """The parts."""

    def __bool__(self) -> bool:
        """Whether there are any."""
        return bool(self.parts)

    def add(self, error: PartUnreachable, snapshot: Served) -> None:
        """Add a part of `snapshot`.

        Raises:
            PartUnreachable: no other part is left, so there is no answer.
        """
        parts = snapshot.parts if isinstance(snapshot, SpreadSnapshot) else ()
        lost = [each for each in parts if each is error.part]
        if not lost or len(parts) == 1:
            raise error
        self.parts += lost

    @property
    def tweets(self) -> int:
        """How many tweets they have."""
        return sum(each.facts.documents for each in self.parts)

    @property
    def dumps(self) -> frozenset[int]:
        """The rows of the dumps that have versions of their threads."""
        return frozenset(row for each in self.parts for row in each.dumps)

    def hint(self, files: Sequence[str]) -> Sentence:
        """Return what an answer says of them; `files` are the names of their dumps."""
        shown = [*files[:NAMED], *(["…"] if len(files) > NAMED else [])]
        if not shown:
            return counted(
                self.tweets,
                "{count} tweet was not searched: this part of the library cannot be reached right "
                "now.",
                "{count} tweets were not searched: this part of the library cannot be reached "
                "right now.",
            )
        return counted(
            self.tweets,
            "{count} tweet was not searched, from {files}: this part of the library cannot be "
            "reached right now.",
            "{count} tweets were not searched, from {files}: this part of the library cannot be "
            "reached right now.",
            files=Listed(shown, "and"),
        )


def without_missing(snapshot: Served, missing: Missing) -> Served:
    """Return `snapshot` without the parts that are missing."""
    if isinstance(snapshot, SpreadSnapshot) and missing:
        return snapshot.without(missing.parts)
    return snapshot
