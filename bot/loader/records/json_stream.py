"""Streams JSON values from text: one value, an array, JSON Lines, or `window.YTD… =`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from bot.loader.line_account import LONGEST_QUOTE, Account

NOT_JSON = "a record that is not valid JSON"
"""How a notice of a broken record begins."""
ASSIGNMENT = re.compile(r"\s*window\.YTD\.(?P<what>[a-z_]++)[\w.]*+\s*+=\s*")
SPACE = re.compile(r"[\s,]*")
BRACKETS = re.compile(r"(?:[\s,]*+[\[\]])++")
NEXT_RECORD = re.compile(r"^[^\S\n]*(?=[{\[])", re.MULTILINE)
STRING = r"\"(?:[^\"\\]|\\.){0,2000}"
"""The beginning of a string. The text may end in it."""
NEXT = r"\s*(?:,\s*(?:[\"\[{\d-]|true|false|null|$)|\]\s*(?:,|\]\s*(?:[,\]]|$)|$)|$)"
"""What follows a scalar in an array."""
OPENING = re.compile(
    r"\s*(?:window\.YTD\b"
    rf"|(?:\[\s*+)*+\{{\s*(?:\}}|{STRING}(?:\"\s*:|$)|$)"  # an object, and its first key
    rf"|(?:\[\s*+)++(?:{STRING}(?:\"{NEXT}|$)|\]\s*(?:[\],]|$)|$)"
    rf"|\[\s*+(?:\[\s*+)++(?:-?[\d.]+|true|false|null){NEXT})"
)
"""Text may begin with a bracket too: only what JSON can have after it counts."""
SCALAR = r"\s*\"[^\"\\]{0,200}\"\s*:\s*(?:\"[^\"\\]{0,2000}\"|[-\d.]+|null|true|false)"
COLLECTION = re.compile(
    rf"\{{(?:{SCALAR}\s*,){{0,20}}\s*\"(?:orderedItems|items|feed|posts|records)\"\s*:\s*\["
)
"""The beginning of an object with an array of records, which are read one by one."""
KEY = re.compile(r"\"(?P<key>[^\"\\]{0,200})\"\s*:\s*(?P<array>\[)?")
END_OF_COLLECTION = re.compile(rf"\]\s*(?:,{SCALAR}\s*){{0,20}}\}}\s*$")
LOOK_AHEAD = 4096
"""Characters to look at for the next record."""
WINDOW = 16_384
"""Characters to read at a time. `json` counts a window's lines at each error, so it is small."""
LARGEST_RECORD = 10_000_000
"""Characters of the largest record that is read whole; what a larger one holds is read in turn."""
TOO_LARGE = f"longer than {LARGEST_RECORD:,} characters"
MOST_REREAD = 16 * 1024 * 1024
"""Characters of broken records that may be read again, besides REREAD for each that is read once.
A record may be inside another one that is broken, and that one inside another."""
REREAD = 4
DEEPEST = 8_000
"""Characters that are read, at a guess, until a record is nested too deeply."""
DEEPEST_OPEN = 64
"""Records in records that are too large to be read whole."""
MEMBER = re.compile(r"(?P<name>\"(?:[^\"\\]|\\.){0,1000}\")\s*:\s*", re.DOTALL)
FACTS = re.compile(
    r"(?:\"[^\"\\]{0,1000}+\"\s*+:\s*+"
    r"(?:-?(?:0|[1-9]\d{0,300}+)(?:\.\d{1,300}+)?(?:[eE][+-]?\d{1,9}+)?|true|false|null)\s*+,\s*+)++"
)
"""Members of an object that hold no words and no records: numbers and such."""
TOKEN = re.compile(r"\"(?:[^\"\\]++|\\.)*+\"?|[{}\[\]]", re.DOTALL)
BESIDE = ("includes", "errors", "meta")
"""What X's API writes beside the posts; it has posts of other people too."""
NOT_WITH_IT = "what stands beside the posts of a record that is {size}; left out"
WORDS = frozenset(("full_text", "text", "rawContent", "content"))
"""Keys of a post's words."""
NO_END = f"{NOT_JSON} (it has no end); what it holds was read"
GIVEN_UP = f"{NOT_JSON} is inside many others; the rest of the file is left out"


def looks_like_json(text: str) -> bool:
    """Whether `text` begins as JSON does that holds records."""
    return OPENING.match(text) is not None


def archive_kind(text: str) -> str | None:
    """Return the kind of an X archive's data file, such as `tweets` or `note_tweet`, or None."""
    found = ASSIGNMENT.match(text)
    return found["what"] if found else None


def records(
    text: Iterable[str], account: Account, part: str = "", *, whole: bool = False
) -> Iterator[tuple[int, Any]]:
    """Yield the values in `text` with their line numbers; the elements of an array one by one.

    A broken value gets a notice; reading continues at the next line that begins a value.

    Args:
        text: the text in pieces that may end anywhere.
        account: receives the notices.
        part: the name of the file in the dump, where it has several.
        whole: whether an object with a list, such as `posts`, is a record itself. Of other objects
            that are larger than LARGEST_RECORD, the values inside come one by one.
    """
    return _Records(text, account, part, whole=whole).read()


def members(text: Iterable[str], account: Account) -> Iterator[tuple[str, int, Any]]:
    """Yield the values of the object in `text`, each with its key and its line number.

    The elements of an array come one by one, so an object of any size can be read.
    """
    return _Records(text, account, "").members()


@dataclass(slots=True)
class _Open:
    """An object or array that is too large to be read whole, while its values are read."""

    line: int
    """Where it begins."""
    is_object: bool
    """Whether it is an object."""
    is_beside: bool
    """Whether it stands beside posts, and is left out."""
    key: str | None = None
    """The key of the object's next value, once it is read."""
    is_post: bool = False
    """Whether it has the words of a post."""


class _Records:
    """Reads the records of a text through a window that moves along its pieces."""

    def __init__(
        self, text: Iterable[str], account: Account, part: str, *, whole: bool = False
    ) -> None:
        self._pieces: Iterator[str] = (each for piece in text for each in _windows(piece))
        self._account = account
        self._part = part
        self._text = ""
        self._at = 0
        self._line = 1
        self._ended = False
        self._whole = whole
        self._in_collection = False
        self._passed = 0
        self._reread = 0
        self._opened: list[_Open] = []
        self._to_open: set[int] = set()
        """Where in the text objects and arrays begin that are to be opened."""

    def read(self) -> Iterator[tuple[int, Any]]:
        decoder = json.JSONDecoder()
        while True:
            if not (self._whole or self._in_collection or self._opened or self._to_open):
                yield from self._in_a_row(decoder)
            if not self._find_start():
                return
            if (value := self._value(decoder)) is None:
                continue
            if not self._opened or self._is_wanted(value[1]):
                yield value

    def _in_a_row(self, decoder: json.JSONDecoder) -> Iterator[tuple[int, Any]]:
        """Yield the objects that follow here, as far as they are whole and nothing else comes."""
        text = self._text
        limit = len(text) - LOOK_AHEAD
        while True:
            space = SPACE.match(text, self._at)
            at = space.end() if space else self._at
            if at > limit or not text.startswith("{", at) or COLLECTION.match(text, at):
                return
            try:
                value, end = decoder.raw_decode(text, at)
            except (RecursionError, ValueError):
                return
            line = self._line + text.count("\n", self._at, at)
            self._line = line + text.count("\n", at, end)
            self._passed += end - self._at
            self._at = end
            yield line, value

    def _is_wanted(self, value: object) -> bool:
        """Whether a value inside an opened record may be a record itself."""
        above = self._opened[-1]
        key, above.key = above.key, None
        if above.is_beside or not isinstance(value, dict | list):
            return False
        if key in BESIDE:
            self._leave_out_beside()
            return False
        return True

    def _leave_out_beside(self) -> None:
        self._account.notice(self._line, NOT_WITH_IT.format(size=TOO_LARGE), self._part)

    def members(self) -> Iterator[tuple[str, int, Any]]:
        decoder = json.JSONDecoder()
        key, in_array = "", False
        while self._find_value():
            character = self._text[self._at]
            found = KEY.match(self._text, self._at) if not key else None
            if found:
                key, in_array = found["key"], found["array"] is not None
                self._go_to(found.end())
            elif character == "]" or (not key and character in "{}"):
                key = "" if character == "]" else key
                self._go_to(self._at + 1)
            elif (value := self._value(decoder)) is not None:
                yield key, value[0], value[1]
                key = key if in_array else ""

    def _find_value(self) -> bool:
        """Go to the next character that is neither space nor comma."""
        while True:
            if len(self._text) - self._at < LOOK_AHEAD:
                self._more(LOOK_AHEAD)
            space = SPACE.match(self._text, self._at)
            self._go_to(space.end() if space else self._at)
            if self._at < len(self._text):
                return True
            if self._ended:
                return False

    def _value(self, decoder: json.JSONDecoder) -> tuple[int, Any] | None:
        """Read the value at this place, with its line; None if it is broken or goes on."""
        line = self._line
        try:
            value, end = decoder.raw_decode(self._text, self._at)
        except RecursionError as error:
            self._skip(line, str(error), DEEPEST)
        except ValueError as error:
            if not self._may_be_cut(error) or not self._more(self._wanted()):
                end = error.pos if isinstance(error, json.JSONDecodeError) else self._at
                is_too_large = len(self._text) - self._at > LARGEST_RECORD and not self._ended
                if is_too_large and not self._whole and self._may_open():
                    return None
                reason = TOO_LARGE if is_too_large else _reason(error, self._text, self._at, line)
                self._skip(line, reason, end - self._at)
        else:
            self._go_to(end)
            return line, value
        return None

    def _find_start(self) -> bool:
        """Go to the start of the next record, past commas, brackets and assignments."""
        while True:
            if (self._opened or self._to_open) and self._find_inside():
                return True
            if len(self._text) - self._at < LOOK_AHEAD:
                self._more(LOOK_AHEAD)
            before = self._at
            space = SPACE.match(self._text, self._at)
            at = space.end() if space else self._at
            is_apart = self._whole or self._in_collection
            collection = None if is_apart else COLLECTION.match(self._text, at)
            if not collection and self._text.startswith("{", at):  # most often
                self._go_to(at)
                if len(self._text) - at >= LOOK_AHEAD or self._ended:
                    return True
                continue
            assignment = ASSIGNMENT.match(self._text, at)
            closing = END_OF_COLLECTION.match(self._text, at) if self._in_collection else None
            if assignment:
                at = assignment.end()
            elif collection:
                at = collection.end()
                self._in_collection = True
            elif closing:
                at = closing.end()
            elif brackets := BRACKETS.match(self._text, at):
                at = at + 1 if self._in_collection else brackets.end()
            self._go_to(at)
            if at == before:
                return at < len(self._text)

    def _may_open(self) -> bool:
        """Have the record that begins here opened, and those in it that are too large as well.

        Whatever goes on behind the window and begins in its first half is opened, so each part of
        the text is looked at twice at most.
        """
        open_: list[int] = []
        for found in TOKEN.finditer(self._text, self._at):
            at = found.start()
            if self._text[at] in "{[":
                open_.append(at)
            elif self._text[at] in "}]" and open_:
                open_.pop()
            if not open_ or len(open_) > DEEPEST:
                return False
        half = self._at + (len(self._text) - self._at) // 2
        large = [at for at in open_ if at < half]
        if not large or len(self._opened) + len(large) > DEEPEST_OPEN:
            return False
        self._to_open.update(self._passed + at - self._at for at in large)
        rest = self._text[self._at :]
        self._pieces = chain(_windows(rest), self._pieces)
        self._text, self._at = "", 0
        return True

    def _find_inside(self) -> bool:
        """Go to the next value in the records that are opened; False if there is none."""
        while self._find_value():
            above = self._opened[-1] if self._opened else None
            character = self._text[self._at]
            if self._passed in self._to_open:
                self._open(above, is_object=character == "{")
            elif above is None:
                return False
            elif character in "]}":
                self._close()
            elif above.is_object and above.key is None:
                if facts := FACTS.match(self._text, self._at):
                    self._go_to(facts.end())  # there may be millions
                    continue
                if not (found := MEMBER.match(self._text, self._at)):
                    return True  # which is an error when it is read
                above.key = found["name"][1:-1]
                self._go_to(found.end())
                above.is_post |= above.key in WORDS and self._text.startswith('"', self._at)
            else:
                return True
        if self._opened:
            self._account.notice(self._opened[0].line, NO_END, self._part)
            self._opened.clear()
        return False

    def _open(self, above: _Open | None, *, is_object: bool) -> None:
        self._to_open.discard(self._passed)
        is_beside = above is not None and (above.is_beside or above.key in BESIDE)
        if above is not None:
            if is_beside and not above.is_beside:
                self._leave_out_beside()
            above.key = None
        self._opened.append(_Open(self._line, is_object, is_beside))
        self._go_to(self._at + 1)

    def _close(self) -> None:
        closed = self._opened.pop()
        if closed.is_post and not closed.is_beside:
            message = f"{NOT_JSON} ({TOO_LARGE}); left out"
            self._account.notice(closed.line, message, self._part)
        self._go_to(self._at + 1)

    def _wanted(self) -> int:
        """Return how much more of a record to read: as much again, up to the largest one."""
        here = len(self._text) - self._at
        return min(here, LARGEST_RECORD + WINDOW - here)

    def _may_be_cut(self, error: ValueError) -> bool:
        """Whether the record may continue after the window."""
        return (
            not self._ended
            and len(self._text) - self._at <= LARGEST_RECORD
            and isinstance(error, json.JSONDecodeError)
            and (error.pos >= len(self._text) - 16 or error.msg.startswith("Unterminated string"))
        )

    def _skip(self, line: int, error: str, read: int) -> None:
        """Add a notice about a broken record, and go to the next line that begins one.

        Args:
            line: the record's line.
            error: what is wrong with it.
            read: how many characters of it were read.
        """
        self._reread += read
        is_beside = any(each.is_beside or each.key in BESIDE for each in self._opened)
        self._opened.clear()
        self._to_open.clear()
        if is_beside or self._reread > MOST_REREAD + REREAD * self._passed:
            self._account.notice(line, GIVEN_UP, self._part)
            self._text, self._at, self._ended = "", 0, True
            return
        message = f"{NOT_JSON} ({error}); left out"
        quote = self._text[self._at : self._at + LONGEST_QUOTE]
        self._account.notice(line, message, self._part)
        self._account.record(line, "notice", message, quote)
        at = self._at + 1
        while not (following := NEXT_RECORD.search(self._text, at)):
            # The window's last line may go on in the next piece.
            newline = self._text.rfind("\n", at)
            self._go_to(newline if newline >= 0 else max(len(self._text) - 1, self._at))
            if not self._more(LOOK_AHEAD):
                self._go_to(len(self._text))
                return
            at = 1
        self._go_to(following.end())

    def _go_to(self, at: int) -> None:
        self._passed += at - self._at
        self._line += self._text.count("\n", self._at, at)
        self._at = at

    def _more(self, wanted: int) -> bool:
        """Read at least `wanted` more characters, if there are; drop those before the window."""
        if self._ended:
            return False
        pieces = [self._text[self._at :]]
        got = 0
        for piece in self._pieces:
            pieces.append(piece)
            got += len(piece)
            if got >= wanted:
                break
        else:
            self._ended = True
        self._text = "".join(pieces)
        self._at = 0
        return got > 0


def _windows(text: str) -> Iterator[str]:
    """Yield `text` in pieces that are small enough."""
    return (text[at : at + WINDOW] for at in range(0, len(text), WINDOW))


def _reason(error: ValueError, text: str, start: int, line: int) -> str:
    """Return what is wrong with the value that begins at `start` of `text`, in line `line`.

    An error's own position is one in the window, not in the file.
    """
    if not isinstance(error, json.JSONDecodeError):
        return str(error)
    what = error.msg.removesuffix(" at")
    below = text.count("\n", start, error.pos)
    return f"{what} in line {line + below}" if below else what
