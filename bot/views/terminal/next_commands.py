"""The commands that an answer offers, as the reader can type them: in a shell, or in the chat."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.models import Answer, Hit

IN_THREADS = re.compile(r"(?<!\S)thread:(?:[\"“][^\"“”]*[\"”]|\S*)", re.IGNORECASE)
"""A filter of a question that names a thread."""


def without_threads(question: str) -> str:
    """Return `question` without the filters that name threads, so that another one can."""
    return " ".join(IN_THREADS.sub(" ", question).split())


class NextCommands(Protocol):
    """Writes the commands that lead on from an answer."""

    def read_on(self, hit: Hit) -> str:
        """Open the thread of `hit` at its best tweet."""
        ...

    def all_in_thread(self, answer: Answer, hit: Hit) -> str:
        """Show all matches in the thread of `hit`."""
        ...

    def as_asked(self, answer: Answer) -> str:
        """Ask the question as it was asked, without repair."""
        ...

    def page(self, answer: Answer, number: int) -> str:
        """Show a page of the answer."""
        ...

    def ask(self, question: str) -> str:
        """Ask another question."""
        ...


@dataclass(frozen=True, slots=True)
class InShell:
    """Commands to paste into a shell."""

    program: tuple[str, ...] = ("threadbot",)
    """The words that start the program."""
    common: tuple[str, ...] = ()
    """Options that every command repeats, such as `--guild 7`."""
    of_ask: tuple[str, ...] = ()
    """Options that further questions repeat, such as `--newest`."""
    limit: tuple[str, ...] = ()
    """The option that sets the number of tweets on a page, if it was given."""
    join: Callable[[Sequence[str]], str] = shlex.join
    """Joins the words of a command, with the shell's quotation marks."""

    def read_on(self, hit: Hit) -> str:
        return self._command(
            "thread", hit.thread.id, *self.common, "--from", str(hit.best.position)
        )

    def all_in_thread(self, answer: Answer, hit: Hit) -> str:
        every = ("--thread", hit.thread.id, "--limit", str(hit.more_in_thread + 1))
        exact = ("--exact",) if answer.exact else ()
        return self._ask(without_threads(answer.question), *self.of_ask, *exact, *every)

    def as_asked(self, answer: Answer) -> str:
        question = answer.asked or answer.question
        return self._ask(question, *self.of_ask, "--exact", *self.limit)

    def page(self, answer: Answer, number: int) -> str:
        exact = ("--exact",) if answer.exact else ()
        page = ("--page", str(number))
        return self._ask(answer.question, *self.of_ask, *exact, *self.limit, *page)

    def ask(self, question: str) -> str:
        return self._ask(question, *self.of_ask, *self.limit)

    def _ask(self, question: str, *options: str) -> str:
        """Ask `question`. Options come first, because `--` ends them."""
        line = " ".join(question.split())
        words = ("--", line) if line.startswith("-") else (line,) if line else ()
        return self._command("ask", *self.common, *options, *words)

    def _command(self, *words: str) -> str:
        return self.join([*self.program, *words])


@dataclass(frozen=True, slots=True)
class InChat:
    """Commands to type in the chat."""

    def read_on(self, hit: Hit) -> str:
        return f"{hit.rank}, or /thread {hit.thread.id} --from {hit.best.position}"

    def all_in_thread(self, answer: Answer, hit: Hit) -> str:
        del answer
        return f"/all {hit.rank}"

    def as_asked(self, answer: Answer) -> str:
        del answer
        return "/exact"

    def page(self, answer: Answer, number: int) -> str:
        return "/next" if number == answer.page + 1 else f"/page {number}"

    def ask(self, question: str) -> str:
        return f"/ask {' '.join(question.split())}"


IN_SHELL = InShell()
IN_CHAT = InChat()
