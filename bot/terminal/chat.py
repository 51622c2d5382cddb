"""The chat in the terminal: asking and reading without Discord."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from importlib.util import find_spec
from typing import TextIO

from bot.errors import NOT_LOADED, ThreadbotError
from bot.i18n.messages import ENGLISH
from bot.library.library import Library
from bot.models import Answer, Hit
from bot.views import help_text, wording
from bot.views.terminal import output

HELP = """\
Type a question to search. Answers quote the authors.
  3                read on in the third thread of the answer
  /thread WORDS    show a whole thread, by words from its title, its id or its link
  /more            show the next page of the answer
  /newest          repeat the last question, newest first
  /why             explain the scores of the last answer
  /threads         list all threads
  /reload          reload the folder of shared threads
  /about           show what is loaded, and what the bot stores
  /help            show this help
  /quit            leave (or press Ctrl-D)
"""
PROMPT = "ask> "


async def converse(library: Library, questions: TextIO, out: TextIO) -> None:
    """Answer each line of `questions` on `out`, until the end or /quit."""
    threads = library.threads()
    out.write(
        f"{wording.tweets_in_threads(library.tweets, len(threads), ENGLISH)}. "
        "Type a question, or /help.\n"
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
    """Read the next line in a daemon thread, so that Ctrl-C ends the chat."""
    loop = asyncio.get_running_loop()
    read: asyncio.Future[str | None] = loop.create_future()

    def settle(line: str | None) -> None:
        if not read.done():
            read.set_result(line)

    def wait_for_it() -> None:
        line = _next_line(questions, out)
        with suppress(RuntimeError):  # the chat has ended, and its event loop too
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
    """One chat; remembers its last answer."""

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
            output.write(output.threads_rows(self._library.threads()), self._out)
        elif command in ("/why", "/more", "/newest") and self._last:
            await self._again(self._last, command)
        elif command == "/reload":
            output.write(output.report_rows(await self._library.reload("chat")), self._out)
        elif command == "/thread":
            await self._thread(rest.strip())
        elif command.startswith("/") and command != "/ask":
            self._out.write(f"Unknown command: {command}\n{HELP}")
        elif line.isdecimal() and (hit := self._hit(int(line))):
            await self._show(hit.thread.id, hit.best.position)
        else:
            await self._ask(rest.strip() if command == "/ask" else line)

    async def _ask(self, question: str) -> None:
        """Answer a question; show the tweet that it links to in its thread."""
        followed = await self._library.follow(question)
        if followed and (followed.location or not followed.rest):
            await self._show(question)
            return
        answer = await self._library.ask(followed.rest if followed else question)
        self._last = replace(answer, hints=(NOT_LOADED, *answer.hints)) if followed else answer
        output.write(output.answer_rows(self._last), self._out)

    def _hit(self, number: int) -> Hit | None:
        """The hit of the last answer with that number, if any."""
        hits = self._last.hits if self._last else ()
        return next((each for each in hits if each.rank == number), None)

    async def _again(self, last: Answer, command: str) -> None:
        """Show the next page of the last answer, explain it, or sort it by date."""
        if command == "/more" and last.page == last.pages:
            self._out.write("No more pages.\n")
            return
        self._last = await self._library.ask(
            last.question,
            page=last.page + 1 if command == "/more" else 1 if command == "/newest" else last.page,
            newest=last.newest or command == "/newest",
            explain=command == "/why",
        )
        output.write(output.answer_rows(self._last), self._out)

    async def _thread(self, reference: str) -> None:
        """Show the thread that `reference` names, or the first one of the last answer."""
        if reference:
            await self._show(reference)
        elif self._last and self._last.hits:
            await self._show(self._last.hits[0].thread.id)
        else:
            self._out.write("Which thread? Type /thread and words from its title. All threads:\n")
            output.write(output.threads_rows(self._library.threads()), self._out)

    async def _show(self, reference: str, start: int = 1) -> None:
        location = await self._library.locate(reference)
        found = await self._library.thread(location.thread_id if location else reference)
        marked = location.position if location else None
        output.write(output.thread_rows(found, start, marked=marked), self._out)
