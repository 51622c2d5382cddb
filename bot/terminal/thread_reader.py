"""Shows a thread page by page, as much as the screen holds."""

from __future__ import annotations

from functools import partial
from typing import TextIO

from bot.models import Thread
from bot.terminal.lines import editing, next_line
from bot.views.terminal import output
from bot.views.terminal.thread_output import head_rows, thread_pages, tweet_rows

PLAIN_ROOM = 24
"""Lines on a page where there is no screen."""
MARGIN = 8
"""Lines of a screen that a page leaves for the thread's head, the prompt and the last command."""
LEAST = 6
"""Lines on a page of the smallest screen."""

ON = ("", "n", "next", "f")
BACK = ("p", "b", "back", "prev", "previous")
KEYS = "Enter or n: next page; p or b: the page before; q: stop."
"""The keys that turn pages, and what is said of them."""


class ThreadReader:
    """A thread, its pages, and which one is open."""

    def __init__(
        self, thread: Thread, start: int, out: TextIO, *, marked: int | None = None
    ) -> None:
        """Open `thread` at tweet `start`, with a mark before the tweet at `marked`."""
        on_screen = out.isatty()
        height = partial(output.height, stream=out) if on_screen else len
        room = max(output.screen(out) - MARGIN, LEAST) if on_screen else PLAIN_ROOM
        self.thread = thread
        self._out = out
        self._marked = marked
        self._pages = thread_pages(thread, start, height, room)
        self.page = next(
            number for number, each in enumerate(self._pages, start=1) if start in each
        )
        """The number of the open page, from 1."""

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return len(self._pages)

    def place(self) -> str:
        """Which part of the thread is open: `Page 2 of 3, tweets 8 to 14 of 19`."""
        tweets = self._pages[self.page - 1]
        which = f"tweets {tweets[0]} to {tweets[-1]}" if len(tweets) > 1 else f"tweet {tweets[0]}"
        return f"Page {self.page} of {self.pages}, {which} of {len(self.thread.tweets)}"

    def show(self, *, head: bool) -> None:
        """Print the open page; with `head`, below the thread's title."""
        tweets = self._pages[self.page - 1]
        rows = head_rows(self.thread, tweets[0]) if head else []
        rows += [row for each in tweets for row in tweet_rows(self.thread, each, self._marked)]
        output.write(rows, self._out)


async def read_through(
    thread: Thread, start: int, keys: TextIO, out: TextIO, *, marked: int | None = None
) -> None:
    """Print a thread from tweet `start`; stop after each page until a key from `keys`."""
    reader = ThreadReader(thread, start, out, marked=marked)
    reader.show(head=True)
    with editing(keys):
        while reader.page < reader.pages:
            out.flush()
            line = await next_line(keys, out, f"{reader.place()} (Enter: next page, q: stop) ")
            key = "q" if line is None else line.lower()
            if key in ("q", "quit", "exit"):
                return
            if key in BACK and reader.page == 1:
                output.write([output.text_row("This is the first page.")], out)
                continue
            if key not in (*BACK, *ON):
                said = f"“{line}” is no key here. {KEYS}"
                output.write([output.text_row(said)], out)
                continue
            reader.page += -1 if key in BACK else 1
            reader.show(head=False)
