"""The custom ids of buttons and menus: all state that they need to work after a restart.

A custom id has at most 100 characters: https://discord.com/developers/docs/components/reference.
If a question does not fit, its custom id ends with a mark and a part of it: `long_questions.py`.
The first field is the version of the scheme; new versions keep reading the old ones. A generation
lets a page say that the library was reloaded since.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from bot.views.discord.long_questions import LENGTH, MARK, gathered

THREAD_ID = r"(?P<thread>[0-9a-f]{12})"
GENERATION = r"(?P<generation>\d{1,15})"
ORDER = r"(?P<order>[bnBN])"
"""Best or newest first; a capital letter asks the question as written, without repairs."""
PAGE_OF_ANSWER = rf"{GENERATION}:{ORDER}:(?P<page>\d{{1,6}})"
ASKING = rf"{PAGE_OF_ANSWER}:(?P<question>[\s\S]+)"
PART = rf"(?:{MARK}[\s\S]+)?"
"""A part of a long question, which the custom id holds for the whole message."""

READ = rf"tb1:read:{THREAD_ID}:(?P<position>\d{{1,6}}){PART}"
PAGE = rf"tb1:page:{THREAD_ID}:(?P<page>\d{{1,6}})(?::{GENERATION})?{PART}"
JUMP, FIND, SAVE, POST = (
    rf"tb1:{what}:{THREAD_ID}{PART}" for what in ("jump", "find", "save", "post")
)
MORE = rf"tb1:more:{THREAD_ID}:(?P<page>\d{{1,6}}){PART}"
"""The menu of what is rarely done with a page of a thread: `sources`, `save`, `post`."""
JUMPED, FOUND = (rf"tb1:{what}:{THREAD_ID}" for what in ("jumped", "found"))
POSTING = rf"tb1:posting:{THREAD_ID}:{GENERATION}:(?P<place>\d{{1,20}}):(?P<page>\d{{1,6}})"
DELETE = r"tb1:delete:(?P<user>\d{1,20})"
STOP = r"tb1:stop:(?P<place>\d{1,20})"
ASK = r"tb1:ask:(?P<question>[\s\S]+)"
HITS, WHY, SOURCES, SHARE, SHARED, BACK = (
    rf"tb1:{what}:{ASKING}" for what in ("hits", "why", "sources", "share", "shared", "back")
)
WITHIN = rf"tb1:within:{THREAD_ID}:{ASKING}"
CHOICE = rf"tb1:choice:{PAGE_OF_ANSWER}"
UNDO = r"tb1:undo:(?P<generation>\d{1,12})(?::(?P<scope>[sg]))?"
APPLY, CANCEL = (rf"tb1:{what}:(?P<upload>seeds|[0-9a-f]{{16}})" for what in ("apply", "cancel"))
END = r"tb1:end:(?P<load>[0-9a-f]{16})"
PICK = r"tb1:pick"
SEAL, AUTHOR = r"(?P<seal>[0-9a-f]{16})", r"(?P<author>[0-9a-f]{16}|-)"
FORGET = rf"tb1:forget:(?P<thread>[0-9a-f]{{12}}|-):{AUTHOR}:{SEAL}"
REMOVE = rf"tb1:remove:(?P<dump>\d{{1,18}}):{SEAL}"
WHICH = rf"tb1:which:{AUTHOR}"
WHICH_DUMP = "tb1:whichdump"
UNHIDE = "tb1:unhide"
KEEP = "tb1:keep"
NOT_NOW = "tb1:notnow"
HERE = "tb1:here"
WORD_MENU = "tb1:word"
WORD = rf"{WORD_MENU}{PART}"
GO_MENU = "tb1:go"
GO = rf"{GO_MENU}{PART}"
GO_VALUE = rf"(?P<what>read|all):{THREAD_ID}:(?P<position>\d{{1,6}}){PART}"
"""A value of the menu that leads into threads: a tweet to read from, or all matches of a thread."""
HOLDERS = ("tb1:read:", "tb1:page:", "tb1:jump:", "tb1:find:", "tb1:save:", "tb1:post:", HERE)
"""How custom ids begin that hold parts of a long question beside their own state."""


@dataclass(frozen=True, slots=True)
class Asking:
    """A page of an answer, as its buttons carry it."""

    question: str
    """The question, as the person asked it."""
    page: int
    """The page's number, from 1."""
    newest: bool
    """Whether the order is newest first."""
    generation: int
    """The generation that answered."""
    mute: bool = False
    """Whether the question is longer than the whole message can carry."""
    exact: bool = False
    """Whether the question is asked as written, without repairs of its spelling."""

    @property
    def order(self) -> str:
        """The letter of the order; a capital one if the question is asked as written."""
        letter = "n" if self.newest else "b"
        return letter.upper() if self.exact else letter

    def carried(self, what: str) -> str | None:
        """The custom id to do `what` with the page; marked if the message carries the question."""
        if self.mute:
            return None
        head = f"tb1:{what}:{self.generation}:{self.order}:{self.page}:"
        more = len("d") if what == "share" else 0  # so that the menu that it opens holds it, too
        if MARK in self.question or len(head) + len(self.question) + more > LENGTH:
            return f"{head}{MARK}"
        return f"{head}{self.question}"

    def within(self, thread: str) -> str | None:
        """The custom id that shows a page of all tweets of `thread` that match the question."""
        return self.carried(f"within:{thread}")

    def choice(self) -> str:
        """The custom id of the form that chooses a tweet of the page to share."""
        return f"tb1:choice:{self.generation}:{self.order}:{self.page}"

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


def asking_from(match: re.Match[str], question: str) -> Asking:
    """The page of the answer to `question` that the custom id of `match` describes."""
    return Asking(
        question,
        page=max(int(match["page"]), 1),
        newest=match["order"] in "nN",
        generation=int(match["generation"]),
        exact=match["order"] in "BN",
    )


def asking_of(custom_ids: Iterable[str]) -> Asking | None:
    """The page of an answer that a message shows, or that it leads back to.

    Args:
        custom_ids: the custom ids of the message's components, and the values of its menus.

    Returns:
        None if the message does not lead to an answer, or does not carry its whole question.
    """
    every = list(custom_ids)
    for each in every:
        for kind in (BACK, WHY, SHARE):
            match = re.fullmatch(kind, each)
            if match is None:
                continue
            question = match["question"]
            whole = gathered(every) if question.startswith(MARK) else question
            return None if whole is None else asking_from(match, whole)
    return None


def read(thread: str, position: int) -> str:
    """Open `thread` at the tweet in `position`.

    The message that shows an answer becomes the thread's page; its other buttons say where the
    way back leads (`asking_of`). From other messages, the thread opens in a new message.
    """
    return f"tb1:read:{thread}:{position}"


def go(what: str, thread: str, position: int) -> str:
    """A value of the menu that leads into threads: `read` from a tweet, or `all` matches."""
    return f"{what}:{thread}:{position}"


def page(thread: str, number: int, generation: int) -> str:
    """Turn to a page of `thread`, in the same message."""
    return f"tb1:page:{thread}:{number}:{generation}"


def more(thread: str, number: int) -> str:
    """The menu of what is rarely done with page `number` of `thread`."""
    return f"tb1:more:{thread}:{number}"


def of_thread(what: str, thread: str) -> str:
    """Do `what` (jump, find, save, post) with `thread`."""
    return f"tb1:{what}:{thread}"


def posting(thread: str, generation: int, place: int, number: int) -> str:
    """Post `thread` from page `number` in the Discord thread `place`; 0 creates a thread."""
    return f"tb1:posting:{thread}:{generation}:{place}:{number}"


def delete(user: int) -> str:
    """Delete the message, which `user` asked for."""
    return f"tb1:delete:{user}"


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


def end(load: str) -> str:
    """End the load with that key."""
    return f"tb1:end:{load}"


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
