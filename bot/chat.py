"""Threadbot as a chat in the terminal: the same asking and reading, without Discord."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from typing import TextIO

from bot.errors import ThreadbotError
from bot.language import ENGLISH
from bot.library import Library
from bot.models import Answer, Hit
from bot.views import help_text, terminal, text

HELP = """\
Ask anything: the answer is what the authors wrote.
  3                read on in the answer's third thread
  /thread WORDS    a whole thread, by words of its title, its id or its link
  /more            the answer's next page
  /newest          the last question again, the newest first
  /why             what the scores of the last answer are made of
  /threads         every thread
  /reload          read the folder of seeds again
  /about           what is loaded, and what is stored
  /help            this
  /quit            leave (or Ctrl-D)
"""
PROMPT = "ask> "


async def converse(library: Library, questions: TextIO, out: TextIO) -> None:
    """Answer each line of `questions` on `out`, until there are no more or one says /quit."""
    threads = library.threads()
    out.write(
        f"{text.tweets_in_threads(library.tweets, len(threads), ENGLISH)}. "
        "Ask away; /help tells more.\n"
    )
    with _editing(questions):
        chat = _Chat(library, out)
        while (line := await _line(questions, out)) is not None:
            if line in ("/quit", "/exit"):
                return
            try:
                await chat.answer(line)
            except ThreadbotError as error:
                out.write(f"{error}\n")
            out.flush()


@contextmanager
def _editing(questions: TextIO) -> Iterator[None]:
    """On a terminal: history and editing keys, and the terminal as it was when the chat is left."""
    # Windows has neither module: its console edits lines itself.
    if not questions.isatty() or find_spec("termios") is None:
        yield
        return
    import readline  # noqa: F401  # gives input() its history and editing keys
    import termios

    before = termios.tcgetattr(questions)
    try:
        yield
    finally:
        termios.tcsetattr(questions, termios.TCSADRAIN, before)


async def _line(questions: TextIO, out: TextIO) -> str | None:
    """The next line; read in a thread that nobody waits for, so that Ctrl-C ends the chat."""
    loop = asyncio.get_running_loop()
    read: asyncio.Future[str | None] = loop.create_future()

    def settle(line: str | None) -> None:
        if not read.done():
            read.set_result(line)

    def wait_for_it() -> None:
        line = _next_line(questions, out)
        with suppress(RuntimeError):  # the chat is over, and its loop with it
            loop.call_soon_threadsafe(settle, line)

    threading.Thread(target=wait_for_it, daemon=True).start()
    return await read


def _next_line(questions: TextIO, out: TextIO) -> str | None:
    if questions.isatty():
        try:
            return input(PROMPT).strip()
        except EOFError:
            out.write("\n")
            return None
    line = questions.readline()
    return line.strip() if line else None


class _Chat:
    """What one chat remembers: its last answer."""

    def __init__(self, library: Library, out: TextIO) -> None:
        self._library = library
        self._out = out
        self._last: Answer | None = None

    async def answer(self, line: str) -> None:
        command, _, rest = line.partition(" ")
        if not line or command == "/help":
            self._out.write(HELP)
        elif command == "/about":
            self._out.write(
                "\n".join(help_text.library_lines(self._library.about(), ENGLISH)) + "\n"
            )
        elif command == "/threads":
            terminal.write(terminal.threads_rows(self._library.threads()), self._out)
        elif command in ("/why", "/more", "/newest") and self._last:
            await self._again(self._last, command)
        elif command == "/reload":
            terminal.write(terminal.report_rows(await self._library.reload("chat")), self._out)
        elif command == "/thread":
            await self._thread(rest.strip())
        elif command.startswith("/") and command != "/ask":
            self._out.write(f"There is no {command} here.\n{HELP}")
        elif line.isdecimal() and (hit := self._hit(int(line))):
            await self._show(hit.thread.id, hit.best.position)
        else:
            self._last = await self._library.ask(rest.strip() if command == "/ask" else line)
            terminal.write(terminal.answer_rows(self._last), self._out)

    def _hit(self, number: int) -> Hit | None:
        """The last answer's hit with that number, if it has one."""
        hits = self._last.hits if self._last else ()
        return next((each for each in hits if each.rank == number), None)

    async def _again(self, last: Answer, command: str) -> None:
        """Show the last answer's next page, or explain it, or sort it by date."""
        if command == "/more" and last.page == last.pages:
            self._out.write("That was all.\n")
            return
        self._last = await self._library.ask(
            last.question,
            page=last.page + 1 if command == "/more" else 1 if command == "/newest" else last.page,
            newest=last.newest or command == "/newest",
            explain=command == "/why",
        )
        terminal.write(terminal.answer_rows(self._last), self._out)

    async def _thread(self, reference: str) -> None:
        """The thread named, or the last answer's first."""
        if reference:
            await self._show(reference)
        elif self._last and self._last.hits:
            await self._show(self._last.hits[0].thread.id)
        else:
            self._out.write("Which thread? Say /thread and words of its title; these there are:\n")
            terminal.write(terminal.threads_rows(self._library.threads()), self._out)

    async def _show(self, reference: str, start: int = 1) -> None:
        found = await self._library.thread(reference)
        terminal.write(terminal.thread_rows(found, start), self._out)
