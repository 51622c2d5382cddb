"""What buttons and menus carry in their `custom_id`: all they need to work after a restart.

A custom id has at most 100 characters: https://discord.com/developers/docs/components/reference.
The first field is the scheme's version; a later one keeps reading the earlier ones.
"""

from __future__ import annotations

LENGTH = 100
THREAD_ID = r"(?P<thread>[0-9a-f]{12})"

READ = rf"tb1:read:{THREAD_ID}:(?P<position>\d{{1,6}})"
PAGE = rf"tb1:page:{THREAD_ID}:(?P<page>\d{{1,6}})"
ASK = r"tb1:ask:(?P<question>[\s\S]+)"
UNDO = r"tb1:undo:(?P<generation>\d{1,12})"
PICK = r"tb1:pick"


def read(thread: str, position: int) -> str:
    """Open `thread` at the tweet in `position`, in a message of its own."""
    return f"tb1:read:{thread}:{position}"


def page(thread: str, number: int) -> str:
    """Turn to a page of `thread`, in the same message."""
    return f"tb1:page:{thread}:{number}"


def ask(question: str) -> str | None:
    """Ask `question` instead; none for one that is too long to carry."""
    made = f"tb1:ask:{question}"
    return made if len(made) <= LENGTH else None


def undo(generation: int) -> str:
    """Take back the load that made `generation`."""
    return f"tb1:undo:{generation}"


def pick() -> str:
    """Open the thread chosen from a menu."""
    return "tb1:pick"
