"""The chat in the terminal: asking and reading without Discord."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import TextIO

from bot.errors import ThreadbotError, ThreadNotFound, not_shown
from bot.i18n.messages import ENGLISH
from bot.library.library import Library
from bot.library.questions import TWEETS
from bot.models import Answer, Followed, Hit
from bot.reports import LoadReport
from bot.terminal import asking, undoing
from bot.terminal.asking import Asker
from bot.terminal.lines import editing, next_line
from bot.terminal.program import called_as, joined, with_commands
from bot.terminal.thread_reader import ThreadReader
from bot.terminal.usage import nearest
from bot.views import help_text, removal_text, wording
from bot.views.terminal import matches_output, message, output
from bot.views.terminal.answer_output import answer_rows
from bot.views.terminal.next_commands import IN_CHAT, without_threads
from bot.views.terminal.visible import visible

YEAR = 4
"""Digits of a number that may be a question by itself; a shorter one is that of a thread."""
HELP = """\
Type a question to search. Answers quote the authors.
  3                read on in the third thread of the answer
  /all 3           show all matches in the third thread of the answer
  /ask QUESTION    ask what would be taken for a command, such as a number
  /thread WORDS    show a thread, by words from its title, its id or its link
  /next            show the next page of the answer or thread
  /previous        show the page before
  /page 2          show page 2
  /newest          repeat the last question, newest first
  /exact           repeat it as you typed it, without repair
  /why             explain the scores of the last answer
  /threads         list all threads
  /dumps           list the loaded files
  /load            show how to load files
  /forget WORDS    hide a thread, by words from its title, its id or its link; asks first
  /unhide WORDS    show a hidden thread or author again; alone, list what is hidden
  /remove FILE     remove a loaded file, by its name, path or number; asks first
  /undo            undo the last change of the library
  /reload          reload the folder of shared threads
  /about           show what is loaded, and what the bot stores
  /help            show this help
  /quit            leave (or press Ctrl-D)
"""
PROMPT = "ask> "
ALIASES = {"/more": "/next", "/prev": "/previous", "/back": "/previous", "/exit": "/quit"}
"""Other names of commands."""
LEAVING = ("q", "quit", "exit")
"""What leaves the chat without a slash."""
ON_ANSWERS = {
    "/why": "explains its scores",
    "/newest": "repeats it, newest first",
    "/exact": "repeats it as you typed it",
}
"""Commands that need an answer, and what they do with it."""
ALONE = (
    *("/next", "/previous", "/newest", "/why", "/threads", "/dumps"),
    *("/undo", "/reload", "/about", "/help"),
)
"""Commands that no words may follow."""
FROM_TWEET = re.compile(r"(?P<reference>.*\S)\s+--from[ =](?P<start>[0-9]+)")
IN_SHELL = re.compile(r"`threadbot (?P<command>[a-z]+)(?P<rest>[^`]*)`")
"""A command in a message, as it is typed in a shell."""
OTHERS = 5
"""Other threads with the same words in their title that are listed below a thread."""


async def converse(library: Library, questions: TextIO, out: TextIO) -> None:
    """Answer each line of `questions` on `out`, until the end or /quit."""
    chat = _Chat(library, questions, out)
    size = wording.tweets_in_threads(library.tweets, len(library.threads()), ENGLISH)
    chat.say(f"{size}. Type a question, or /help.")
    with editing(questions):
        while (line := await next_line(questions, out, PROMPT)) is not None:
            if line.lower() in LEAVING or _command(line)[0] == "/quit":
                return
            try:
                await chat.answer(line)
            except ThreadbotError as error:
                message.write(chat.as_typed_here(str(error)), out)
            out.flush()


def _command(line: str) -> tuple[str, str]:
    """The command of a line, in lower case and by its usual name, and the words after it."""
    command, _, rest = line.partition(" ")
    name = command.lower()
    return ALIASES.get(name, name), rest.strip()


class _Chat:
    """One chat; remembers its last answer and the thread that is open."""

    def __init__(self, library: Library, questions: TextIO, out: TextIO) -> None:
        self._library = library
        self._questions = questions
        self._out = out
        self._last: Answer | None = None
        self._limit = TWEETS
        """Tweets on a page of the last answer."""
        self._reader: ThreadReader | None = None
        """The open thread, unless an answer was shown after it."""
        self._commands: dict[str, Callable[[str], Awaitable[None]]] = {
            "/ask": self._ask,
            "/all": self._all,
            "/thread": self._thread,
            "/next": self._next,
            "/previous": self._previous,
            "/page": self._page,
            "/newest": self._newest,
            "/exact": self._exact,
            "/why": self._why,
            "/threads": self._threads,
            "/dumps": self._dumps,
            "/load": self._load,
            "/forget": self._forget,
            "/unhide": self._unhide,
            "/remove": self._remove,
            "/undo": self._undo,
            "/reload": self._reload,
            "/about": self._about,
            "/help": self._help,
        }

    def say(self, *lines: str) -> None:
        """Print lines."""
        output.write([output.text_row(each) for each in lines], self._out)

    def as_typed_here(self, message: str) -> str:
        """Return a message with the chat's commands for those of a shell, where it has them."""

        def in_chat(found: re.Match[str]) -> str:
            name = f"/{found['command']}"
            return f"{name}{found['rest']}" if name in self._commands else found[0]

        return IN_SHELL.sub(in_chat, message)

    async def answer(self, line: str) -> None:
        """Carry out a command, open a hit by its number, or answer a question."""
        name, rest = _command(line)
        if not line:
            await self._help("")
        elif name in ON_ANSWERS and not self._last and not rest:
            self.say(f"Ask a question first. Then {name} {ON_ANSWERS[name]}.")
        elif name in ALONE and rest:
            self.say(f"{name} takes no words after it, so nothing was done.")
        elif name in self._commands:
            await self._commands[name](rest)
        elif re.fullmatch(r"/\w*", name):
            near = nearest(name, [*self._commands, *ALIASES, "/quit"])
            self.say(f"{name}: did you mean {near}?" if near else f"{name}: no command. See /help.")
        elif line.isdecimal() and (hit := self._hit(int(line))):
            await self._open(hit.thread.id, hit.best.position)
        elif line.isdecimal() and self._last and self._last.hits and len(line) < YEAR:
            first, last = self._last.hits[0].rank, self._last.hits[-1].rank
            self.say(f"This page has the threads {first} to {last}. To search: /ask {line}")
        else:
            await self._ask(line)

    def _hit(self, number: int) -> Hit | None:
        """The hit of the last answer with that number, if any."""
        hits = self._last.hits if self._last else ()
        return next((each for each in hits if each.rank == number), None)

    # Questions

    async def _ask(self, question: str) -> None:
        if question:
            read = await self._library.read(question)
            if isinstance(read, Followed):
                await self._follow(question, read)
            else:
                self._show(await self._library.ask(read.text, hints=read.hints))
        else:
            self.say("Type a question after /ask.")

    async def _all(self, number: str) -> None:
        """Show all matches in a thread of the last answer."""
        hit = self._hit(int(number)) if number.isdecimal() else None
        last = self._last
        if last is None or not last.hits:
            self.say("Ask a question first. Then /all 1 shows all matches in its first thread.")
        elif hit is None:
            first, final = last.hits[0].rank, last.hits[-1].rank
            threads = f"threads {first} to {final}" if first < final else f"thread {first}"
            self.say(f"Type the number of a thread, such as /all {first}. This page has {threads}.")
        else:
            question = f"{without_threads(last.question)} thread:{hit.thread.id}".strip()
            limit = hit.more_in_thread + 1
            newest, exact = last.newest, last.exact
            found = await self._library.ask(question, limit, newest=newest, exact=exact)
            self._show(found, limit)

    async def _exact(self, question: str) -> None:
        last = self._last
        words = question or (last.asked or last.question if last else "")
        self._show(await self._library.ask(words, exact=True))

    async def _newest(self, rest: str) -> None:
        del rest
        await self._again(1, newest=True)

    async def _why(self, rest: str) -> None:
        del rest
        await self._again(self._last.page if self._last else 1, explain=True)

    async def _again(self, page: int, *, newest: bool = False, explain: bool = False) -> None:
        """Repeat the last question."""
        if self._last:
            last = self._last
            self._show(
                await self._library.ask(
                    last.asked or last.question,
                    self._limit,
                    page=page,
                    newest=last.newest or newest,
                    explain=explain,
                    exact=last.exact,
                ),
                self._limit,
            )

    def _show(self, answer: Answer, limit: int = TWEETS) -> None:
        self._last, self._limit, self._reader = answer, limit, None
        output.write(answer_rows(answer, IN_CHAT), self._out)

    # Threads

    async def _thread(self, reference: str) -> None:
        """Show the thread that `reference` names, or the first one of the last answer."""
        begun = FROM_TWEET.fullmatch(reference)
        if begun:
            await self._open(begun["reference"], max(int(begun["start"]), 1))
        elif reference:
            await self._named(reference)
        elif self._last and self._last.hits:
            await self._open(self._last.hits[0].thread.id)
        else:
            self.say("Which thread? Type /thread and words from its title. All threads:")
            await self._threads("")

    async def _follow(self, question: str, linked: Followed) -> None:
        """Show the tweet that a question links to, or threads by its author if it is not loaded."""
        location = linked.location
        if location is None:
            output.write(matches_output.not_loaded_rows(linked), self._out)
            raise not_shown(question, is_hidden=linked.is_hidden)
        await self._open(location.thread_id, marked=location.position)

    async def _named(self, reference: str) -> None:
        """Show the thread that words, an id or a link name."""
        location = await self._library.locate(reference)
        if location:
            await self._open(location.thread_id, marked=location.position)
        else:
            await self._open(reference)

    async def _open(self, reference: str, start: int = 1, *, marked: int | None = None) -> None:
        try:
            matches = await self._library.thread_matches(reference, OTHERS)
        except ThreadNotFound as error:
            raise with_commands(error, [f"/thread {each}" for each in error.starting]) from error
        thread = await self._library.thread(matches.best.id)
        start = marked or start
        if start > len(thread.tweets):
            self.say(f"--from {start}: the thread has only {len(thread.tweets)} tweets.")
            return
        self._reader = ThreadReader(thread, start, self._out, marked=marked)
        self._show_page(self._reader)
        output.write(matches_output.matches_rows(matches), self._out)

    def _show_page(self, reader: ThreadReader) -> None:
        reader.show(head=True)
        ways = [
            *(["/next"] if reader.page < reader.pages else []),
            *(["/previous"] if reader.page > 1 else []),
        ]
        if ways:
            foot = f"{reader.place()}: {' or '.join(ways)}"
            output.write([output.BLANK, output.text_row(foot, "quiet")], self._out)

    async def _threads(self, rest: str) -> None:
        del rest
        output.write(output.threads_rows(self._library.threads()), self._out)

    async def _dumps(self, rest: str) -> None:
        del rest
        dumps = await self._library.dumps()
        output.write(output.dumps_rows(dumps, output.width(self._out)), self._out)

    async def _load(self, rest: str) -> None:
        command = joined([*called_as(), "load", rest or "FILE"])
        self.say(f"Files are loaded in a shell. The chat then finds them, too: {command}")

    # Pages, of the thread that is open or of the last answer

    async def _next(self, rest: str) -> None:
        del rest
        await self._turn(lambda page: page + 1)

    async def _previous(self, rest: str) -> None:
        del rest
        await self._turn(lambda page: page - 1)

    async def _page(self, number: str) -> None:
        if number.isdecimal():
            await self._turn(lambda _: int(number))
        else:
            self.say("Type the number of a page, such as /page 2.")

    async def _turn(self, to: Callable[[int], int]) -> None:
        """Show another page, whose number is `to` of the number of this one."""
        shown = self._reader or self._last
        if shown is None:
            self.say("Ask a question or open a thread first. Then you can turn its pages.")
            return
        number = to(shown.page)
        if not 1 <= number <= shown.pages:
            self.say(_no_page(number, shown.page, shown.pages))
        elif self._reader:
            self._reader.page = number
            self._show_page(self._reader)
        else:
            await self._again(number)

    # The library

    async def _forget(self, words: str) -> None:
        if words:
            asker = Asker(self._answer_to, self._out)
            self._gone(await asking.forget(self._library, asker, thread=words))
        else:
            self.say("Which thread? Type /forget and words from its title.")

    async def _unhide(self, words: str) -> None:
        if words:
            self._gone(await asking.unhide(self._library, "chat", words))
        else:
            hidden = await self._library.removal.hidden()
            self.say(*removal_text.listed_hidden(hidden, "/unhide ID"))

    async def _remove(self, name: str) -> None:
        if name:
            asker = Asker(self._answer_to, self._out)
            self._gone(await asking.remove(self._library, asker, name))
        else:
            self.say("Which file? Type /remove and its name.")

    async def _answer_to(self, prompt: str) -> str:
        """Ask for a line. Without a terminal the prompt is printed."""
        if not self._questions.isatty():
            self.say(prompt)
        return await next_line(self._questions, self._out, visible(prompt)) or ""

    def _gone(self, report: LoadReport | None) -> None:
        if report:
            output.write(output.report_rows(report), self._out)
            self.say("To undo this: /undo")

    async def _undo(self, rest: str) -> None:
        del rest
        report, undone = await undoing.undo(self._library, "chat")
        output.write(undoing.undone_rows(report, undone, undoing.in_chat(undone)), self._out)

    async def _reload(self, rest: str) -> None:
        del rest
        output.write(output.report_rows(await self._library.reload("chat")), self._out)

    async def _about(self, rest: str) -> None:
        del rest
        self.say(*help_text.library_lines(self._library.about(), ENGLISH))

    async def _help(self, rest: str) -> None:
        del rest
        first, *commands = HELP.splitlines()
        self.say(first)
        output.write(_command_rows(commands), self._out)


def _command_rows(lines: Sequence[str]) -> list[output.Row]:
    """Lines of the help, with what a command does beside or below it."""
    return [
        output.Row(2, (output.Span(each[19:]),), output.Span(each[2:19], "title")) for each in lines
    ]


def _no_page(number: int, page: int, pages: int) -> str:
    """Say why there is no page of that number."""
    if pages == 1:
        return "There is only this page."
    if abs(number - page) == 1:
        return f"No more pages. This is page {page} of {pages}."
    return f"There are {pages} pages. Type /page 1 to /page {pages}."
