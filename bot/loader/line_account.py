"""Records what became of each line or record of a dump, so that nothing is dropped silently."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain

from bot.i18n.messages import Sentence
from bot.loader.raw.line import Line
from bot.loader.raw.pictures import Pictures
from bot.models import AccountKind, AccountLine, Notice, Thread

MOST_REPEATS = 3
"""Notices that say the same and are listed one by one; more become one."""
LONGEST_QUOTE = 200
"""Characters of a line or record that the account quotes."""


class Account:
    """Kept by a parser while it reads a dump.

    Text is accounted for by line, and `close` finds lines that were forgotten. Records are
    accounted for only if `detailed`, because there may be millions.
    """

    def __init__(
        self, file: str, *, detailed: bool = False, pictures: Pictures | None = None
    ) -> None:
        """Start the account of the dump `file`.

        Args:
            file: the dump's name.
            detailed: whether to account for records too; `entries` needs it.
            pictures: the pictures that lie beside the dump.
        """
        self.file = file
        self.pictures = pictures or Pictures()
        self.notices: list[Notice] = []
        self.detailed = detailed
        self.doubt: Sentence | None = None
        """Why the dump hardly is a thread."""
        self._lines: dict[int, AccountLine] = {}
        self._records: list[AccountLine] = []

    def notice(self, line: int | None, message: str, part: str = "") -> None:
        """Add a notice about a line, or about the whole dump."""
        file = f"{self.file}/{part}" if part else self.file
        self.notices.append(Notice(file, line, message))

    def collected(self) -> tuple[Notice, ...]:
        """Return the notices by line; of more than MOST_REPEATS that say the same, one."""
        same: dict[tuple[str, str], list[Notice]] = defaultdict(list)
        for each in self.notices:
            same[each.file, each.message].append(each)
        listed = (
            group if len(group) <= MOST_REPEATS else [_together(group)] for group in same.values()
        )
        return tuple(sorted(chain(*listed), key=lambda notice: notice.line or 0))

    def tweet(self, line: Line, start: int) -> None:
        """Record that `line` is part of the tweet that begins at line `start`."""
        self._lines[line.number] = AccountLine(line.number, "tweet", str(start), line.text)

    def boilerplate(self, line: Line, what: str) -> None:
        """Record that `line` belongs to the page or the file, not to a tweet."""
        self._lines[line.number] = AccountLine(line.number, "boilerplate", what, line.text)

    def left_out(self, line: Line, message: str, *, has_notice: bool = False) -> None:
        """Record that `line` is in no tweet, and add a notice unless a line above `has_notice`."""
        self._lines[line.number] = AccountLine(line.number, "notice", message, line.text)
        if not has_notice:
            self.notice(line.number, message)

    def record(self, line: int, kind: AccountKind, what: str, text: str) -> None:
        """Record what became of the record that starts at `line`."""
        if self.detailed:
            self._records.append(AccountLine(line, kind, what, text[:LONGEST_QUOTE]))

    def close(self, lines: Iterable[Line]) -> None:
        """Add a notice for every line with text that is not accounted for."""
        noticed = {notice.line for notice in self.notices}
        for line in lines:
            if line.text and line.number not in self._lines:
                if line.number in noticed:
                    message = next(n.message for n in self.notices if n.line == line.number)
                    self._lines[line.number] = AccountLine(
                        line.number, "notice", message, line.text
                    )
                else:
                    self.left_out(line, "a line of unknown kind; left out")

    def entries(self, threads: Iterable[Thread]) -> tuple[AccountLine, ...]:
        """Return the account in the dump's order; tweets name their place in `threads`.

        `what` of a tweet is `2.5`: the fifth tweet of the second thread.
        """
        if not self.detailed:
            return ()
        places: dict[str, list[str]] = defaultdict(list)
        for number, thread in enumerate(threads, start=1):
            for position, tweet in enumerate(thread.tweets, start=1):
                places[str(tweet.line)].append(f"{number}.{position}")
        return (
            *_placed(sorted(self._lines.values(), key=_line), places, shared=True),
            *_placed(self._records, places, shared=False),
        )


def _together(notices: Sequence[Notice]) -> Notice:
    """Return one notice for all that say the same, at the first one's line."""
    lines = sorted(each.line for each in notices if each.line)
    where = ", ".join(f"{line}" for line in lines[:MOST_REPEATS])
    times = f"{len(notices):,} times: lines {where} …" if lines else f"{len(notices):,} times"
    message = f"{notices[0].message} ({times})"
    return Notice(notices[0].file, lines[0] if lines else None, message)


def _line(entry: AccountLine) -> int:
    return entry.line


def _placed(
    entries: Sequence[AccountLine], places: dict[str, list[str]], *, shared: bool
) -> list[AccountLine]:
    placed = []
    for each in entries:
        what = each.what
        if each.kind == "tweet":
            found = places.get(what, [])
            # Several records may stand on one line, and each is a tweet of its own.
            what = found[0] if shared and found else found.pop(0) if found else what
        placed.append(AccountLine(each.line, each.kind, what, each.said[:LONGEST_QUOTE]))
    return placed
