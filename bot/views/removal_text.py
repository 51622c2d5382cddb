"""What is asked before threads are hidden or files removed, as lines of text. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.i18n.messages import ENGLISH, Language, quoted
from bot.reports import ID_SHOWN, DumpSummary, Going, Hidden, Removing
from bot.views import wording

LONGEST_NAME = 300
"""Characters of a file's name."""


def asked(removing: Removing, say: Language) -> str:
    """The question: `Hide this thread?`"""
    kinds = [each.kind for each in removing.going]
    if "dump" in kinds:
        return say("Remove this file?")
    if kinds == ["thread"]:
        return say("Hide this thread?")
    author = wording.short(removing.going[-1].name)
    if kinds == ["author"]:
        return say("Hide all threads by {author}?", author=author)
    return say("Hide this thread, and all threads by {author}?", author=author)


def hidden_line(thing: Hidden, say: Language) -> str:
    """What is hidden: a title, a handle, or that it was erased."""
    if thing.name:
        name = wording.short(thing.name)
        return say.say(quoted(name)) if thing.kind == "thread" else name
    if thing.kind == "thread":
        return say("a thread that was erased ({id})", id=thing.id[:ID_SHOWN])
    return say("an author who was erased ({id})", id=thing.id[:ID_SHOWN])


def going_line(going: Going, say: Language) -> str:
    """What goes: a thread with its author, an author or a file, with their sizes."""
    tweets = wording.tweets(going.tweets, say)
    if going.kind == "thread":
        title = wording.short(going.name)
        if going.author:
            return say(
                "“{title}” by {author}: {tweets}",
                title=title,
                author=wording.short(f"@{going.author}"),
                tweets=tweets,
            )
        return say("“{title}”: {tweets}", title=title, tweets=tweets)
    size = wording.tweets_in_threads(going.tweets, going.threads, say)
    return say("{name}: {size}", name=wording.short(going.name, LONGEST_NAME), size=size)


def consequence(removing: Removing, say: Language) -> str:
    """What happens to it, and that it can be undone."""
    if removing.going[0].kind == "dump":
        return say("What other files contain too stays. You can undo this.")
    return say("What is hidden stays hidden after reloads. You can undo this.")


def listed_hidden(hidden: Sequence[Hidden], command: str) -> list[str]:
    """What is hidden, in the terminal, a line each, and the command that shows it again."""
    if not hidden:
        return ["Nothing is hidden."]
    lines = [f"{each.id}  {hidden_line(each, ENGLISH)}" for each in hidden]
    return [*lines, f"To show one again: {command}"]


def prompt(removing: Removing) -> str:
    """The question in the terminal: `Hide thread “…” by @anna (12 tweets)?`"""
    first = removing.going[0]
    things = [_thing(each) for each in removing.going]
    verb = "Remove" if first.kind == "dump" else "Hide"
    return f"{verb} {' and '.join(things)}?"


def _thing(going: Going) -> str:
    tweets = wording.tweets(going.tweets, ENGLISH)
    if going.kind == "thread":
        by = f" by @{going.author}" if going.author else ""
        return f"thread “{wording.short(going.name)}”{by} ({tweets})"
    size = f"{wording.threads(going.threads, ENGLISH)}, {tweets}"
    if going.kind == "author":
        return f"everything by {going.name} ({size})"
    shared = ", shared by all servers" if going.shared else ""
    return f"file {going.name} ({size}{shared})"


def shared_note(dumps: list[DumpSummary], say: Language) -> str | None:
    """Who may remove the shared files, for a server's list; None if there is no such file."""
    if not any(each.shared for each in dumps):
        return None
    return say(
        "Shared files are for all servers. Only the person who runs this bot can remove them."
    )
