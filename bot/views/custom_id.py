"""What buttons and menus carry in their `custom_id`: all they need to work after a restart.

A custom id has at most 100 characters: https://discord.com/developers/docs/components/reference.
One whose question does not fit ends with a mark, and with a part of it as `carrying` has it.
The first field is the scheme's version; a later one keeps reading the earlier ones. A generation
is carried so that a page can say that the library has been reloaded since.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.views.carrying import LENGTH, MARK

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
UNDO = r"tb1:undo:(?P<generation>\d{1,12})(?::(?P<shelf>[sg]))?"
APPLY, CANCEL = (rf"tb1:{what}:(?P<upload>seeds|[0-9a-f]{{16}})" for what in ("apply", "cancel"))
PICK = r"tb1:pick"
NOT_NOW = "tb1:notnow"
HERE = "tb1:here"
WORD_MENU = "tb1:word"
WORD = rf"{WORD_MENU}(?:{MARK}[\s\S]+)?"


@dataclass(frozen=True, slots=True)
class Asking:
    """A page of an answer, as buttons carry it."""

    question: str
    """What was asked."""
    page: int
    """The page."""
    newest: bool
    """Whether the newest come first."""
    generation: int
    """What was served then."""
    mute: bool = False
    """Whether the question is longer than all of the message can carry."""

    def carried(self, what: str) -> str | None:
        """Do `what` with that page; marked where the whole message is to carry the question."""
        if self.mute:
            return None
        order = "n" if self.newest else "b"
        head = f"tb1:{what}:{self.generation}:{order}:{self.page}:"
        more = len("d") if what == "share" else 0  # so that the menu that it opens holds it, too
        if MARK in self.question or len(head) + len(self.question) + more > LENGTH:
            return f"{head}{MARK}"
        return f"{head}{self.question}"

    def choice(self) -> str:
        """Share a hit of that page, chosen in a form over the message that carries the question."""
        return f"tb1:choice:{self.generation}:{'n' if self.newest else 'b'}:{self.page}"

    def turned(self, *, page: int | None = None, newest: bool | None = None) -> str | None:
        """Show another page in the place of that one, perhaps in the other order."""
        other = replace(
            self,
            page=self.page if page is None else page,
            newest=self.newest if newest is None else newest,
        )
        return other.carried("hits")

    def to_page(self, page: int) -> str | None:
        """Show another page in the place of that one."""
        return self.turned(page=page)


def read(thread: str, position: int) -> str:
    """Open `thread` at the tweet in `position`, in a message of its own."""
    return f"tb1:read:{thread}:{position}"


def page(thread: str, number: int, generation: int) -> str:
    """Turn to a page of `thread`, in the same message."""
    return f"tb1:page:{thread}:{number}:{generation}"


def of_thread(what: str, thread: str) -> str:
    """Do `what` (jump, find, save, post) with `thread`."""
    return f"tb1:{what}:{thread}"


def posting(thread: str, generation: int, place: int, number: int) -> str:
    """Post `thread` from its page `number` on, in the Discord thread `place`; 0 makes one."""
    return f"tb1:posting:{thread}:{generation}:{place}:{number}"


def stop(place: int) -> str:
    """Stop what is being posted in the Discord thread `place`."""
    return f"tb1:stop:{place}"


def ask(question: str) -> str | None:
    """Ask `question` instead; none for one that is too long to carry."""
    return _fitting(f"tb1:ask:{question}")


def undo(generation: int, shelf: str) -> str:
    """Take back the load that made `generation` of the shared shelf (s) or the guild's own (g)."""
    return f"tb1:undo:{generation}:{shelf}"


def decide(what: str, upload: str) -> str:
    """Do `what` (apply, cancel) with an upload that waits, or with the seeds."""
    return f"tb1:{what}:{upload}"


def pick() -> str:
    """Open the thread chosen from a menu."""
    return "tb1:pick"


def _fitting(made: str) -> str | None:
    return made if len(made) <= LENGTH else None
