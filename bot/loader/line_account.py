"""Records what became of each line or record of a dump, so that nothing is dropped silently."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from bot.i18n.messages import Sentence
from bot.loader.raw.line import Line
from bot.loader.raw.pictures import Pictures
from bot.models import AccountKind, AccountLine, Notice, Thread

MOST_REPEATS = 3
"""Notices that say the same and are listed one by one; more become one."""
LONGEST_QUOTE = 200
"""Characters of a line or record that the account quotes."""
MOST_KINDS = 1_000
"""Notices that say different things; all further ones say OTHER."""
OTHER = f"more notices, different from the first {MOST_KINDS:,}"
MOST_RECORDS = 200_000
"""Lines or records that are accounted for one by one."""
MOST_PLACES = 500_000
"""Notices that say the same and whose lines are kept; more are counted."""
WHOLE = 0
"""Stands for the line of a notice about the whole dump."""


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
        self.noticed = 0
        """How many notices there are."""
        self.detailed = detailed
        self.doubt: Sentence | None = None
        """Why the dump hardly is a thread."""
        self._notices: dict[tuple[str, str], array[int]] = {}
        self._more: Counter[tuple[str, str]] = Counter()
        self._accounted = bytearray()
        self._lines: dict[int, AccountLine] = {}
        self._records: list[AccountLine] = []
        self._unlisted = 0

    def notice(self, line: int | None, message: str, part: str = "") -> None:
        """Add a notice about a line, or about the whole dump."""
        self.noticed += 1
        key = (f"{self.file}/{part}" if part else self.file, message)
        if key not in self._notices and len(self._notices) >= MOST_KINDS:
            key = (self.file, OTHER)
        places = self._notices.get(key)
        if places is None:
            places = self._notices[key] = array("q")
        if len(places) < MOST_PLACES:
            places.append(line or WHOLE)
        else:
            self._more[key] += 1

    @property
    def notices(self) -> list[Notice]:
        """Return all notices, at most MOST_PLACES that say the same; these follow each other."""
        return [each for key in self._notices for each in self._alike(*key)]

    def collected(self) -> tuple[Notice, ...]:
        """Return the notices by line; of more than MOST_REPEATS that say the same, one."""
        listed = (
            self._alike(*key)
            if len(lines) <= MOST_REPEATS
            else [_together(*key, lines, self._more[key])]
            for key, lines in self._notices.items()
        )
        return tuple(sorted(chain(*listed), key=lambda notice: notice.line or 0))

    def _alike(self, file: str, message: str) -> Iterator[Notice]:
        return (Notice(file, each or None, message) for each in self._notices[file, message])

    def tweet(self, line: Line, start: int) -> None:
        """Record that `line` is part of the tweet that begins at line `start`."""
        self._account_for(line, "tweet", str(start) if self.detailed else "")

    def boilerplate(self, line: Line, what: str) -> None:
        """Record that `line` belongs to the page or the file, not to a tweet."""
        self._account_for(line, "boilerplate", what)

    def left_out(self, line: Line, message: str, *, has_notice: bool = False) -> None:
        """Record that `line` is in no tweet, and add a notice unless a line above `has_notice`."""
        self._account_for(line, "notice", message)
        if not has_notice:
            self.notice(line.number, message)

    def _account_for(self, line: Line, kind: AccountKind, what: str) -> None:
        missing = line.number + 1 - len(self._accounted)
        if missing > 0:
            self._accounted.extend(bytes(missing))
        is_new = not self._accounted[line.number]
        self._accounted[line.number] = True
        if self.detailed:
            if len(self._lines) < MOST_RECORDS or line.number in self._lines:
                self._lines[line.number] = AccountLine(line.number, kind, what, line.text)
            else:
                self._unlisted += is_new

    def record(self, line: int, kind: AccountKind, what: str, text: str) -> None:
        """Record what became of the record that starts at `line`."""
        if self.room:
            self._records.append(AccountLine(line, kind, what, text[:LONGEST_QUOTE]))
        else:
            self._unlisted += 1

    @property
    def room(self) -> int:
        """How many more records are accounted for one by one."""
        return MOST_RECORDS - len(self._records) if self.detailed else 0

    def skip(self, records: int) -> None:
        """Count records for which there is no room."""
        self._unlisted += records

    def close(self, lines: Iterable[Line]) -> None:
        """Add a notice for every line with text that is not accounted for."""
        noticed: dict[int, str] = {}
        for (_, message), places in self._notices.items():
            for place in places:
                noticed.setdefault(place, message)
        for line in lines:
            number = line.number
            is_known = number < len(self._accounted) and self._accounted[number]
            if line.text and not is_known:
                if line.number in noticed:
                    self._account_for(line, "notice", noticed[line.number])
                else:
                    self.left_out(line, "a line of unknown kind; left out")

    def entries(self, threads: Iterable[Thread]) -> tuple[AccountLine, ...]:
        """Return the account in the dump's order; tweets name their place in `threads`.

        `what` of a tweet is `2.5`: the fifth tweet of the second thread.
        """
        if not self.detailed:
            return ()
        places = self._places(threads)
        return (
            *_placed(sorted(self._lines.values(), key=_line), places, shared=True),
            *_placed(self._records, places, shared=False),
            *self._not_listed(),
        )

    def _places(self, threads: Iterable[Thread]) -> dict[str, list[str]]:
        """Return the places in `threads` of the tweets that are named here, by their lines."""
        wanted = Counter(each.what for each in self._records if each.kind == "tweet")
        wanted |= Counter({each.what for each in self._lines.values() if each.kind == "tweet"})
        places: dict[str, list[str]] = defaultdict(list)
        left = wanted.total()
        for number, thread in enumerate(threads, start=1):
            if not left:
                break  # there may be millions, which are built on access
            for position, tweet in enumerate(thread.tweets, start=1):
                line = str(tweet.line)
                if wanted[line] > 0:
                    wanted[line] -= 1
                    places[line].append(f"{number}.{position}")
                    left -= 1
        return places

    def _not_listed(self) -> Iterator[AccountLine]:
        """Yield a line that says how many records the account does not list, if there are any."""
        if self._unlisted:
            kind = "records" if self._records else "lines"
            what = f"{self._unlisted:,} more {kind} are not listed here"
            last = self._records[-1].line if self._records else max(self._lines)
            yield AccountLine(last, "notice", what, "")


def _together(file: str, message: str, lines: Sequence[int], more: int) -> Notice:
    """Return one notice for all that say the same, at the first one's line.

    Args:
        file: the dump's name.
        message: what they say.
        lines: where they are.
        more: how many there are besides.
    """
    count = len(lines) + more
    known = sorted(each for each in lines if each)
    where = ", ".join(f"{line}" for line in known[:MOST_REPEATS])
    times = f"{count:,} times: lines {where} …" if known else f"{count:,} times"
    return Notice(file, known[0] if known else None, f"{message} ({times})")


def _line(entry: AccountLine) -> int:
    return entry.line


def _placed(
    entries: Sequence[AccountLine], places: dict[str, list[str]], *, shared: bool
) -> Iterator[AccountLine]:
    """Yield `entries`; the tweets name their places.

    Args:
        entries: lines or records.
        places: the places of the tweets that begin at each line.
        shared: whether all entries for a line are of one tweet. Of several records on one line each
            is a tweet of its own.
    """
    following = {line: iter(found) for line, found in places.items()}
    for each in entries:
        what = each.what
        if each.kind == "tweet":
            found = iter(places.get(what, ())) if shared else following.get(what, iter(()))
            what = next(found, what)
        yield AccountLine(each.line, each.kind, what, each.said[:LONGEST_QUOTE])
