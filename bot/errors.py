"""Every way Threadbot can fail, as one tree; `str()` of each, in English, is fit to show.

ThreadbotError
├── SettingsError          a setting is missing or wrong                      (exit status 2)
│   ├── TokenMissing       `threadbot run` without a token
│   └── TokenRefused       Discord does not know the token
├── DumpError              a dump could not be read                           (exit status 3)
│   └── SeedsMissing       there is no seeds folder, or nothing in it
├── ContentChanged         a dump's file changed while it was read            (exit status 3)
├── StoreError             the store could not be opened, read or written     (exit status 3)
│   └── StoreTooNew        a newer Threadbot wrote it
├── DiscordUnreachable     no connection to Discord                           (exit status 3)
├── ThreadNotFound         no thread answers to that name                     (exit status 1)
├── NoSuchDump             no dump here has that name                         (exit status 1)
├── NoSuchAuthor           no thread here is by that author                   (exit status 1)
├── NothingToUndo          there is no earlier generation                     (exit status 1)
├── NotTheLatest           another load came after what is to be undone       (exit status 1)
├── ReloadRunning          somebody's reload is still under way               (exit status 3)
├── NotAllowed             the person may not do that
├── NotAllowedHere         the person, or the bot, lacks a permission in that channel
├── TooOften               the person asks faster than is good for the others
├── NotAThread             a Discord thread can't be made of that there
├── NoLongerThere          a reload took away what a button is about
└── QuestionLost           a message does not carry its question whole        (exit status 1)
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from bot.language import Listed, Sentence, counted, quoted, sentence


class ThreadbotError(Exception):
    """The root of the tree: whatever Threadbot raises on purpose."""

    exit_status: ClassVar[int] = 3
    """What the terminal program exits with."""

    def __init__(self, *sentences: Sentence | str) -> None:
        self.sentences = sentences
        super().__init__("\n".join(map(str, sentences)))


class SettingsError(ThreadbotError):
    """One or more settings are wrong; all of them are told at once."""

    exit_status = 2

    def __init__(self, *problems: Sentence | str) -> None:
        self.problems = problems
        super().__init__(*problems)


class TokenMissing(SettingsError):
    """`threadbot run` needs a token and has none."""

    def __init__(self) -> None:
        super().__init__(
            "There is no DISCORD_TOKEN: make an application at "
            "https://discord.com/developers/applications, copy the token from its Bot page, and "
            "put DISCORD_TOKEN=… into the environment or a file named .env. "
            "No token at hand? `threadbot chat` answers the same questions here and needs none."
        )


class TokenRefused(SettingsError):
    """Discord answered that it does not know the token."""

    def __init__(self) -> None:
        super().__init__(
            "Discord refused DISCORD_TOKEN: copy the token anew from the Bot page of your "
            "application at https://discord.com/developers/applications (Reset Token makes one)."
        )


class DumpError(ThreadbotError):
    """Nothing at all could be read from a dump."""

    def __init__(self, file: str, reason: Sentence | str, *, line: int | None = None) -> None:
        self.file = file
        self.reason = reason
        self.line = line
        where = file if line is None else f"{file}:{line}"
        super().__init__(f"{where}: {reason}")
        self.sentences = (sentence("Could not read {where}: {why}", where=where, why=reason),)


class SeedsMissing(DumpError):
    """The folder of seeds is missing or holds no dump."""

    def __init__(self, folder: Path, *, empty: bool = False) -> None:
        what = "this folder holds no dump" if empty else "there is no such folder"
        super().__init__(
            str(folder),
            f"{what}; put saved threads there, point THREADBOT_SEEDS at the folder that has them, "
            "or name files: threadbot load FILE…",
        )
        self.sentences = (
            sentence(
                "There are no shared threads to read: tell whoever runs this bot, "
                "or send files of yours with {reload}.",
                reload=sentence("/reload"),
            ),
        )


class ContentChanged(ThreadbotError):
    """A dump's bytes are no longer those that were read."""

    def __init__(self) -> None:
        super().__init__(
            sentence(
                "A file changed while it was being read, so nothing was loaded; "
                "try again once it is whole."
            )
        )


class StoreError(ThreadbotError):
    """The store could not be opened, read or written; what it held is untouched."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(f"{path}: {reason}")
        # Where the store lies is nobody's business but the operator's.
        self.sentences = (
            sentence(
                "The library could not be read or changed just now: try again, "
                "and if that does not help, tell whoever runs this bot."
            ),
        )


class StoreTooNew(StoreError):
    """The store's schema is of a later version than this program knows."""

    def __init__(self, path: Path, *, found: int, known: int) -> None:
        self.found = found
        self.known = known
        super().__init__(
            path,
            f"a newer Threadbot wrote this store (schema {found}, this program knows {known}); "
            "upgrade Threadbot, or set THREADBOT_DATA to another folder. Nothing was changed.",
        )


class DiscordUnreachable(ThreadbotError):
    """No connection to Discord could be made."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"Discord could not be reached ({reason}); check the network and "
            "https://discordstatus.com, then start again."
        )


class ThreadNotFound(ThreadbotError):
    """No thread has that id, link or title."""

    exit_status = 1

    def __init__(self, reference: str) -> None:
        self.reference = reference
        shown = reference if len(reference) <= 80 else reference[:79] + "…"
        super().__init__(
            sentence(
                "No thread answers to “{reference}”: "
                "name it by words of its title, by its id or its link.",
                reference=shown,
            )
        )


class NothingToUndo(ThreadbotError):
    """The library is at its first generation."""

    exit_status = 1

    def __init__(self) -> None:
        super().__init__(
            sentence("There is nothing to undo: this is the library's first generation.")
        )


class NotTheLatest(ThreadbotError):
    """Another load came after the one that is to be undone."""

    exit_status = 1

    def __init__(self) -> None:
        super().__init__(
            sentence(
                "There has been another load since: this one can't be undone by itself; "
                "undo that one first."
            )
        )


class ReloadRunning(ThreadbotError):
    """Somebody's reload is under way, here or in another process."""

    def __init__(self, who: str | None = None) -> None:
        self.who = who
        if who:
            said = sentence(
                "A reload by {who} is under way: wait until it is done, then try again.", who=who
            )
        else:
            said = sentence("A reload is under way: wait until it is done, then try again.")
        super().__init__(said)


class NotAllowed(ThreadbotError):
    """The person lacks the permission for what they asked."""

    exit_status = 2

    def __init__(self, what: Sentence) -> None:
        super().__init__(
            sentence(
                "{what} is for members who may manage this server: ask one of them.", what=what
            )
        )


class NotAllowedHere(ThreadbotError):
    """Somebody lacks permissions in a channel."""

    exit_status = 2

    def __init__(self, missing: Sequence[Sentence], *, of_the_bot: bool = False) -> None:
        names = Listed([quoted(each) for each in missing], "and")
        if of_the_bot:
            said = sentence(
                "The bot needs the permission {names} in this channel; "
                "ask a member who may manage it, or try another channel.",
                names=names,
            )
        else:
            said = sentence(
                "You need the permission {names} in this channel; "
                "ask a member who may manage it, or try another channel.",
                names=names,
            )
        super().__init__(said)


class NotAThread(ThreadbotError):
    """A Discord thread can only be made in a text channel of a server that has the bot."""

    def __init__(self) -> None:
        super().__init__(
            sentence(
                "A thread can be posted in a text channel of a server that has installed "
                "Threadbot; here, save it as files instead."
            )
        )


class NoLongerThere(ThreadbotError):
    """What a button is about went with a reload."""

    exit_status = 1

    def __init__(self) -> None:
        super().__init__(
            sentence("That has changed with a reload since; ask again to see how it is now.")
        )


class QuestionLost(ThreadbotError):
    """The parts of a question that a message carries do not make one."""

    exit_status = 1

    def __init__(self) -> None:
        super().__init__(
            sentence("This message no longer has its question whole; please ask it again.")
        )


class NoSuchDump(ThreadbotError):
    """No dump of that name is on this shelf."""

    exit_status = 1

    def __init__(self, name: str) -> None:
        super().__init__(
            sentence(
                "There is no dump “{name}” here that could be taken out; "
                "the list of dumps names them.",
                name=name,
            )
        )


class NoSuchAuthor(ThreadbotError):
    """No thread is by that author."""

    exit_status = 1

    def __init__(self, handle: str) -> None:
        super().__init__(
            sentence("No thread here is by @{handle}; nothing was forgotten.", handle=handle)
        )


class TooOften(ThreadbotError):
    """Somebody asks faster than is good for the others."""

    def __init__(self, seconds: float) -> None:
        super().__init__(
            counted(
                max(1, round(seconds)),
                "That was quick! So that everyone gets an answer, ask again in {count} second.",
                "That was quick! So that everyone gets an answer, ask again in {count} seconds.",
            )
        )
