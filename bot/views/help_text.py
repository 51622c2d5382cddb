"""How to ask, and what is kept of people, in words. Pure."""

from __future__ import annotations

from bot.reports import LibraryFacts
from bot.views.text import count

HELP = """\
**Ask** with `/ask`: you get what the authors wrote, where, and a link that proves it.
- `chip export controls` finds tweets with any of the words, those that say it best first
- `"hard drives"` is a phrase; `-tariffs` leaves a word out; `has:link`, `site:wsj.com`
- options narrow it: `author`, `since`, `until`, `thread`; `public` shows everyone the answer
**Read** a whole thread with `/thread`; alone, it opens that of your last answer.
**On any message**: Apps → *Find threads about this*.
`/about` tells what is loaded, and what is stored of you."""


def library_lines(about: LibraryFacts) -> list[str]:
    """What is served, and what is kept of people."""
    size = f"{count(about.tweets, 'tweet')} in {count(about.threads, 'thread')}"
    kept = (
        "Of those who ask nothing is stored: no question, no name, no message.",
        "Until it is started again it remembers the thread that your last answer began with.",
        "Of those who load dumps it keeps who loaded what, and when.",
    )
    return [
        f"Threadbot {about.version} · generation {about.generation} · {size}",
        "All that it shows was written by the authors named, and the links lead there.",
        " ".join(kept),
    ]
