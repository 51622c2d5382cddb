"""The custom ids of buttons and menus: all state that they need to work after a restart.

A custom id has at most 100 characters: https://discord.com/developers/docs/components/reference.
If a question does not fit, its custom id ends with a mark and a part of it: `long_questions.py`.
The first field is the version of the scheme; new versions keep reading the old ones. A generation
lets a page say that the library was reloaded since.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.views.discord.long_questions import LENGTH, MARK

THREAD_ID = r"(?P<thread>[0-9a-f]{12})"
GENERATION = r"(?P<generation>\d{1,15})"
ASKING = rf"{GENERATION}:(?P<order>[bn]):(?P<page>\d{{1,6}}):(?P<question>[\s\S]+)"

READ = rf"tb1:read:{THREAD_ID}:(?P<position>\d{{1,6}})(?:{MARK}[\s\S]+)?"
PAGE = rf"tb1:page:{THREAD_ID}:(?P<page>\d{{1,6}})(?::{GENERATION})?"
JUMP, JUMPED = (rf"tb1:{what}:{THREAD_ID}" for what in ("jump", "jumped"))
FIND, FOUND = (rf"tb1:{what}:{THREAD_ID}" for what in ("find", "found"))
SAVE, POST = (rf"tb1:{what}:{THREAD_ID}" for what in ("save", "post"))
POSTING = rf"tb1:posting:{THREAD_ID}:{GENERATION}:(?P<place>\d{{1,20}}):(?P<page>\d{{1,6}})"
STOP = r"tb1:stop:(?P<place>\d{1,20})"
ASK = r"tb1:ask:(?P<question>[\s\S]+)"
HITS, WHY, SHARE, SHARED = (rf"tb1:{what}:{ASKING}" for what in ("hits", "why", "share", "shared"))
CHOICE = rf"tb1:choice:{GENERATION}:(?P<order>[bn]):(?P<page>\d{{1,6}})"
UNDO = r"tb1:undo:(?P<generation>\d{1,12})(?::(?P<scope>[sg]))?"
APPLY, CANCEL = (rf"tb1:{what}:(?P<upload>seeds|[0-9a-f]{{16}})" for what in ("apply", "cancel"))
PICK = r"tb1:pick"
SEAL, AUTHOR = r"(?P<seal>[0-9a-f]{16})", r"(?P<author>[0-9a-f]{16}|-)"
FORGET = rf"tb1:forget:(?P<thread>[0-9a-f]{{12}}|-):{AUTHOR}:{SEAL}"
REMOVE = rf"tb1:remove:(?P<dump>\d{{1,18}}):{SEAL}"
WHICH = rf"tb1:which:{AUTHOR}"
WHICH_DUMP = "tb1:whichdump"
KEEP = "tb1:keep"
NOT_NOW = "tb1:notnow"
HERE = "tb1:here"
WORD_MENU = "tb1:word"
WORD = rf"{WORD_MENU}(?:{MARK}[\s\S]+)?"


@dataclass(frozen=True, slots=True)
class Asking:
    """A page of an answer, as its buttons carry it."""

    question: str
    """The question."""
    page: int
    """The page's number, from 1."""
    newest: bool
    """Whether the order is newest first."""
    generation: int
    """The generation that answered."""
    mute: bool = False
    """Whether the question is longer than the whole message can carry."""

    def carried(self, what: str) -> str | None:
        """The custom id to do `what` with the page; marked if the message carries the question."""
        if self.mute:
            return None
        order = "n" if self.newest else "b"
        head = f"tb1:{what}:{self.generation}:{order}:{self.page}:"
        more = len("d") if what == "share" else 0  # so that the menu that it opens holds it, too
        if MARK in self.question or len(head) + len(self.question) + more > LENGTH:
            return f"{head}{MARK}"
        return f"{head}{self.question}"

    def choice(self) -> str:
        """The custom id of the form that chooses a hit of the page to share."""
        return f"tb1:choice:{self.generation}:{'n' if self.newest else 'b'}:{self.page}"

    def turned(self, *, page: int | None = None, newest: bool | None = None) -> str | None:
        """The custom id that turns to another page or the other order."""
        asking = replace(
            self,
            page=self.page if page is None else page,
            newest=self.newest if newest is None else newest,
        )
        return asking.carried("hits")

    def to_page(self, page: int) -> str | None:
        """The custom id that turns to another page."""
        return self.turned(page=page)


def read(thread: str, position: int) -> str:
    """Open `thread` at the tweet in `position`, in a new message."""
    return f"tb1:read:{thread}:{position}"


def page(thread: str, number: int, generation: int) -> str:
    """Turn to a page of `thread`, in the same message."""
    return f"tb1:page:{thread}:{number}:{generation}"


def of_thread(what: str, thread: str) -> str:
    """Do `what` (jump, find, save, post) with `thread`."""
    return f"tb1:{what}:{thread}"


def posting(thread: str, generation: int, place: int, number: int) -> str:
    """Post `thread` from page `number` in the Discord thread `place`; 0 creates a thread."""
    return f"tb1:posting:{thread}:{generation}:{place}:{number}"


def stop(place: int) -> str:
    """Stop posting in the Discord thread `place`."""
    return f"tb1:stop:{place}"


def ask(question: str) -> str | None:
    """Ask `question` instead; None if it is too long for a custom id."""
    return _fitting(f"tb1:ask:{question}")


def undo(generation: int, scope: str) -> str:
    """Undo the load that made `generation` of the shared library (s) or the guild's own (g)."""
    return f"tb1:undo:{generation}:{scope}"


def decide(what: str, upload: str) -> str:
    """Do `what` (apply, cancel) with a pending upload, or with the seeds."""
    return f"tb1:{what}:{upload}"


def forget(thread: str | None, author: str | None, seal: str) -> str:
    """Hide a thread by its id, an author by their key, or both; `seal` of `Removing`."""
    return f"tb1:forget:{thread or '-'}:{author or '-'}:{seal}"


def remove(dump: str, seal: str) -> str:
    """Remove a file by its row; `seal` of `Removing`."""
    return f"tb1:remove:{dump}:{seal}"


def which(author: str | None) -> str:
    """Choose the thread to hide, together with an author if one is given."""
    return f"tb1:which:{author or '-'}"


def pick() -> str:
    """Open the thread that a menu offers."""
    return "tb1:pick"


def _fitting(text: str) -> str | None:
    return text if len(text) <= LENGTH else None
