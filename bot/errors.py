"""All errors that Threadbot raises, as one tree; `str()` of each is a message for people.

ThreadbotError
├── SettingsError          a setting is missing or wrong                      (exit status 2)
│   ├── TokenMissing       `threadbot run` without a token
│   ├── TokenRefused       Discord rejected the token
│   ├── ShardRefused       Discord has no shard of that number
│   └── ApplicationUnknown   `threadbot invite` without a token or an application id
├── DumpError              a file cannot be read                              (exit status 3)
│   └── SeedsMissing       the seeds folder is missing or empty
├── FilesDoubted          files that do not look like threads were not confirmed  (exit status 2)
├── ContentChanged         a file changed during the load                     (exit status 3)
├── StoreError             the store cannot be opened, read or written        (exit status 3)
│   ├── StoreTooNew        a newer Threadbot wrote it
│   ├── StoreDamaged       it is not what Threadbot wrote
│   ├── StoreUnreachable   its database cannot be reached
│   ├── StoreMissing       its database is missing or empty, beside files of a library
│   └── ChangesLost        it lacks changes that were stored
├── BackupUnusable         a file is no backup, or is damaged                 (exit status 3)
├── OutputExists           a file of that name exists already                 (exit status 2)
├── BotUnreachable         no running bot answers                             (exit status 1)
├── ShelfUnusable          the shared folder of layers cannot be used         (exit status 3)
├── PostgresMissing        what `DATABASE_URL` needs is not installed         (exit status 2)
├── MetricsMissing         what `/metrics` needs is not installed             (exit status 3)
├── ClusterMissing         what `THREADBOT_CLUSTER` needs is not installed    (exit status 3)
├── ClusterUnreachable     no connection to the cluster                       (exit status 3)
├── PartUnreachable        a part of the library cannot be reached            (exit status 3)
├── DiscordUnreachable     no connection to Discord                           (exit status 3)
├── ShardingRequired       Discord wants more shards                          (exit status 3)
├── SessionStartsUsedUp    Discord allows no more sessions today              (exit status 3)
├── DateNotUnderstood      a filter's date is no date, or can be two          (exit status 2)
├── HandleNotUnderstood    a filter's handle cannot be one                    (exit status 2)
├── NothingLoaded          the library has no threads                         (exit status 1)
│   └── AllHidden          all of its threads are hidden
├── RegistrationRefused    Discord refused to register the commands           (exit status 3)
├── ThreadNotFound         no thread matches that title, id or link           (exit status 1)
│   ├── TweetNotLoaded     a link leads to a tweet that is not loaded
│   └── TweetIsHidden      a link leads to a tweet that is hidden
├── NoSuchDump             no file of that name can be removed                (exit status 1)
│   └── DumpIsShared       the file belongs to the shared library
├── SeveralMatches         a name fits several threads or files               (exit status 2)
├── NoSuchAuthor           no thread here is by that author                   (exit status 1)
├── NotHidden              nothing that fits a name is hidden                 (exit status 1)
├── NothingToUndo          there is no change that can be undone              (exit status 1)
├── NotTheLatest           a later change must be undone first                (exit status 1)
├── NotTheSame             what was to be removed has changed meanwhile       (exit status 1)
├── ReloadRunning          another load is in progress                        (exit status 3)
│   └── Overtaken          other processes were faster, several times
├── ChangeStopped          a change was stopped before it was done            (exit status 3)
│   ├── Cancelled          somebody cancelled it
│   ├── OutOfTime          it took too long
│   ├── OutOfMemory        it needed too much memory
│   └── WorkerDied         its process ended
├── StoppedLate            a change was stopped when it was made already      (exit status 3)
├── NoLoadRunning          the load to cancel is not running                  (exit status 1)
├── NotAllowed             the person lacks a permission in the server
├── NotOperator            only operators of the bot may change the shared library
├── NotAllowedHere         the person or the bot lacks a permission in the channel
├── TooOften               the person exceeded the rate limit
├── NotAThread             the channel cannot hold a Discord thread
├── NoLongerThere          the library was reloaded since the message was sent
├── UploadExpired          uploaded files waited too long for a decision
├── UploadFailed           Discord did not send an uploaded file as a whole
├── UnusableName           an uploaded file has a name that no file can have
├── UploadsTooLarge        a server's uploads would exceed its quota
├── UploadsFull            the uploads of all servers would exceed theirs
├── DiskFull               there is no room on the disk
├── DataFolderUnusable     the data folder is missing or cannot be written
├── Restarting             the bot is about to stop
└── QuestionLost           a message no longer holds its whole question       (exit status 1)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Literal

from bot.i18n.messages import Listed, Sentence, counted, quoted, sentence

STARTING = sentence("while starting")
NOT_LOADED = sentence("That tweet is not in the loaded files.")
HIDDEN = sentence("That tweet is hidden here. The command “unhide” can show it again.")


class ThreadbotError(Exception):
    """Base class of all errors that Threadbot raises on purpose."""

    exit_status: ClassVar[int] = 3
    """Exit status of the terminal program."""

    def __init__(self, *sentences: Sentence | str) -> None:
        self.sentences = sentences
        super().__init__("\n".join(map(str, sentences)))

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle it as it is, whatever its constructor takes."""
        return _restored, (type(self), self.args, self.__dict__)


def _restored(
    kind: type[ThreadbotError], args: tuple[object, ...], facts: dict[str, object]
) -> ThreadbotError:
    """Return the error that was pickled."""
    error = kind.__new__(kind, *args)
    error.__dict__.update(facts)
    return error


class SettingsError(ThreadbotError):
    """One or more settings are wrong; the message lists all of them."""

    exit_status = 2

    def __init__(self, *problems: Sentence | str) -> None:
        self.problems = problems
        super().__init__(*problems)


class TokenMissing(SettingsError):
    """`threadbot run` needs a token and has none."""

    def __init__(self) -> None:
        super().__init__(
            "DISCORD_TOKEN is not set. Create an application at "
            "https://discord.com/developers/applications, copy the token from its Bot page, and "
            "set DISCORD_TOKEN=… in the environment or in a file named .env. "
            "`threadbot chat` answers questions here without a token."
        )


class TokenRefused(SettingsError):
    """Discord rejected the token."""

    def __init__(self) -> None:
        super().__init__(
            "Discord rejected DISCORD_TOKEN. Press Reset Token on the Bot page of your "
            "application at https://discord.com/developers/applications, and copy the new token."
        )


class ApplicationUnknown(SettingsError):
    """`threadbot invite` and `threadbot sync` do not know which application the bot is."""

    def __init__(self) -> None:
        super().__init__(
            "DISCORD_TOKEN and DISCORD_APPLICATION_ID are not set. Open your application at "
            "https://discord.com/developers/applications, copy the Application ID from its "
            "General Information page, and set DISCORD_APPLICATION_ID=… in the environment or in "
            "a file named .env. The token from its Bot page works too."
        )


class DumpError(ThreadbotError):
    """No thread can be read from a file."""

    def __init__(self, file: str, reason: Sentence | str, *, line: int | None = None) -> None:
        self.file = file
        self.reason = reason
        self.line = line
        where = file if line is None else f"{file}:{line}"
        super().__init__(f"{where}: {reason}")
        self.sentences = (sentence("Cannot read {where}: {why}", where=where, why=reason),)


class SeedsMissing(DumpError):
    """The folder of seeds is missing or empty."""

    def __init__(self, folder: Path, *, empty: bool = False) -> None:
        what = "the folder contains no files" if empty else "the folder does not exist"
        super().__init__(
            str(folder),
            f"{what}. Put saved threads there, set THREADBOT_SEEDS to the folder that has them, "
            "or load files: threadbot load PATH…",
        )
        self.sentences = (
            sentence(
                "No shared threads are available. Tell the person who runs this bot, "
                "or load your own files with {reload}.",
                reload=sentence("/reload"),
            ),
        )


class FilesDoubted(ThreadbotError):
    """Files do not look like threads, and nobody has confirmed them yet."""

    exit_status = 2

    def __init__(self, doubts: Sequence[tuple[str, Sentence]]) -> None:
        self.doubts = tuple(doubts)
        super().__init__(
            *(
                sentence("Please check {file}: {why}.", file=file, why=why)
                for file, why in self.doubts
            ),
            "Nothing was loaded. Add --yes to load it anyway.",
        )


class ContentChanged(ThreadbotError):
    """A file changed between two reads of the same load."""

    def __init__(self) -> None:
        super().__init__(
            sentence(
                "A file changed during the load, so nothing was loaded. Try again "
                "when the file is complete."
            )
        )


class StoreError(ThreadbotError):
    """The store cannot be opened, read or written; its contents are unchanged."""

    def __init__(self, path: Path | str, reason: str) -> None:
        """Say what is wrong, and what to do.

        Args:
            path: the store's file, or the address of its database, without a password.
            reason: the rest, in sentences.
        """
        self.path = path
        self.reason = reason
        super().__init__(f"{path}: {reason}")
        # Only the operator needs to know where the store is.
        self.sentences = (
            sentence(
                "The library cannot be read or changed right now. Try again; if that "
                "fails too, tell the person who runs this bot."
            ),
        )


class StoreTooNew(StoreError):
    """A newer version of the program wrote the store."""

    def __init__(self, path: Path | str, *, found: int, known: int) -> None:
        self.found = found
        self.known = known
        other = "THREADBOT_DATA to another folder"
        if isinstance(path, str):
            other = "DATABASE_URL to another database"
        super().__init__(
            path,
            f"a newer version of Threadbot wrote this store (schema {found}; this version reads "
            f"up to {known}). Upgrade Threadbot, or set {other}. The "
            " store is unchanged.",
        )


class StoreDamaged(StoreError):
    """The store is not what Threadbot wrote: a disk or another program changed it."""

    def __init__(self, path: Path | str, found: str) -> None:
        self.found = found
        if isinstance(path, str):
            super().__init__(
                path,
                f"the database is not what Threadbot wrote ({found}). Restore a backup of the "
                "database, or load the files again.",
            )
            return
        super().__init__(
            path,
            f"this file is not a store, or it is damaged ({found}). Restore a backup with "
            "`threadbot restore --replace FILE`, or run `threadbot repair`: it keeps what is "
            "whole, reads the stored files again, and says what is lost.",
        )


class StoreUnreachable(StoreError):
    """The database that has the store cannot be reached right now."""


class StoreMissing(StoreError):
    """The store's database is missing or empty, but other files show that a library was here."""

    def __init__(self, path: Path, beside: str) -> None:
        self.beside = beside
        state = "empty" if path.exists() else "missing"
        super().__init__(
            path,
            f"the database is {state}, but {beside} beside it shows that a library was here. Put "
            "the database back, or restore a backup with `threadbot restore --replace FILE`. To "
            f"begin anew, move the folder away: {path.parent}.",
        )


class ChangesLost(StoreError):
    """The store lacks changes that were stored: its last pages, or its log, are gone."""

    def __init__(self, path: Path, note: Path, *, stored: int, found: int) -> None:
        """Say that `stored` changes were stored, as `note` says, and only `found` are there."""
        self.stored = stored
        self.found = found
        super().__init__(
            path,
            f"the last changes are lost: change {stored} was stored, but the last one here is "
            f"{found}. Restore a backup with `threadbot restore --replace FILE`. To go on without "
            f"them, delete {note}.",
        )


class BackupUnusable(ThreadbotError):
    """A file is no backup, or it is damaged."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path = path
        super().__init__(f"{path} cannot be restored: {reason}.")


class OutputExists(ThreadbotError):
    """A file would be overwritten."""

    exit_status = 2

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(
            f"{path} exists already. Choose another name, or add --force to replace it."
        )


class BotUnreachable(ThreadbotError):
    """No running bot answers at its address for checks."""

    exit_status = 1

    def __init__(self, address: str, reason: str) -> None:
        self.reason = reason
        super().__init__(f"No bot answers at {address}. Start it with `threadbot run`.")


class PostgresMissing(ThreadbotError):
    """The package asyncpg is not installed."""

    exit_status = 2

    def __init__(self) -> None:
        super().__init__(
            "DATABASE_URL needs the package asyncpg: pip install 'threadbot[postgres]'"
        )


class MetricsMissing(ThreadbotError):
    """The package prometheus-client is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "/metrics needs the package prometheus-client: pip install 'threadbot[metrics]'"
        )


class ShelfUnusable(ThreadbotError):
    """The shared folder of layers cannot be used."""

    def __init__(self, reason: str) -> None:
        """Create the error; `reason` says why."""
        super().__init__(f"THREADBOT_LAYERS cannot be used: {reason}")


class ClusterMissing(ThreadbotError):
    """The package ray is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "THREADBOT_CLUSTER needs the package ray: pip install 'threadbot[cluster]'"
        )


class ClusterUnreachable(ThreadbotError):
    """The bot cannot connect to the cluster."""

    def __init__(self, address: str, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"Cannot connect to the cluster at {address} ({reason}). Check THREADBOT_CLUSTER, "
            "that Ray runs there (`ray status`), and that ~/.ray/auth_token is the same as there."
        )


class PartUnreachable(ThreadbotError):
    """A part of the library is in a process that cannot be reached."""

    def __init__(self, part: object) -> None:
        self.part = part
        super().__init__(
            sentence("A part of the library cannot be reached right now. Try again in a minute.")
        )


class DiscordUnreachable(ThreadbotError):
    """The bot cannot connect to Discord."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"Cannot connect to Discord ({reason}). Check the network and "
            "https://discordstatus.com, then start the bot again."
        )


class ShardingRequired(ThreadbotError):
    """Discord refuses a shard that would have too many servers."""

    def __init__(self) -> None:
        super().__init__(
            "Discord refuses the connection, because a shard would have more than 2,500 servers. "
            "With THREADBOT_SHARDS=auto, start the bot again: Discord then says how many shards it "
            "needs. Else set THREADBOT_SHARDS to the number that `threadbot doctor --online` "
            "recommends, the same in all processes."
        )


class ShardRefused(SettingsError):
    """Discord has no shard of that number."""

    def __init__(self, shard: int | None) -> None:
        super().__init__(
            f"Discord refuses shard {shard}. Check THREADBOT_SHARDS and THREADBOT_SHARD_IDS: all "
            "processes need the same THREADBOT_SHARDS, and ids run from 0 to one less than that."
        )


class SessionStartsUsedUp(ThreadbotError):
    """Discord allows no more sessions today; it would reset the token of a bot that goes on."""

    def __init__(self, needed: int, left: int, seconds: float) -> None:
        self.needed, self.left, self.seconds = needed, left, seconds
        hours, minutes = divmod(math.ceil(seconds / 60), 60)
        super().__init__(
            f"The bot has to begin {needed} {'session' if needed == 1 else 'sessions'}, but "
            f"Discord allows {left} more today, and resets the token of a bot that begins more. "
            f"Find out why the bot was started so often. Start it again in {hours} h {minutes} min."
        )


class DateNotUnderstood(ThreadbotError):
    """The date of a filter is no date, or can be two dates."""

    exit_status = 2

    def __init__(self, key: str, value: str, readings: Sequence[str] = ()) -> None:
        self.readings = tuple(readings)
        operator = f"{key}:{value}"
        if readings:
            message = sentence(
                "“{operator}” can mean two dates. Write {example}.",
                operator=operator,
                example=Listed([f"{key}:{each}" for each in readings], "or"),
            )
        else:
            examples = ("2025-06-13", "2025-06", "yesterday", "“2 weeks ago”", "“March 2024”")
            message = sentence(
                "“{operator}” is not a date. Write it like {example}.",
                operator=operator,
                example=Listed([f"{key}:{each}" for each in examples], "or"),
            )
        super().__init__(message)


class HandleNotUnderstood(ThreadbotError):
    """The value of a filter cannot be a handle."""

    exit_status = 2

    def __init__(self, key: str, value: str) -> None:
        super().__init__(
            sentence(
                "“{operator}” is not a handle. Write it like {example}.",
                operator=f"{key}:{value}",
                example=f"{key}:anna",
            )
        )


class RegistrationRefused(ThreadbotError):
    """Discord does not accept the commands."""

    def __init__(self, reasons: Sequence[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__(
            f"Discord refused to register the commands: {'; '.join(reasons)}. The commands that "
            "are registered already still work. Check the Installation page of your application "
            "at https://discord.com/developers/applications, then run `threadbot sync`."
        )


class NothingLoaded(ThreadbotError):
    """The library has no threads."""

    exit_status = 1

    def __init__(self) -> None:
        super().__init__(
            "Nothing is loaded yet. Load files with `threadbot load PATH…`, or put saved threads "
            "into the folder of THREADBOT_SEEDS and run `threadbot reload`."
        )
        self.sentences = (
            sentence(
                "Nothing is loaded here yet. Members who may manage the server load files with "
                "{reload}.",
                reload=sentence("/reload"),
            ),
        )


class AllHidden(NothingLoaded):
    """Every thread of the library is hidden."""

    def __init__(self) -> None:
        ThreadbotError.__init__(
            self,
            "All loaded threads are hidden. `threadbot unhide` lists them, and shows them again.",
        )
        self.sentences = (
            sentence(
                "All threads that are loaded here are hidden. {unhide} can show them again.",
                unhide=sentence("/library unhide"),
            ),
        )


class ThreadNotFound(ThreadbotError):
    """No thread matches an id, a link or words of a title."""

    exit_status = 1

    def __init__(
        self,
        reference: str,
        kind: Literal["id", "link", "words"] = "words",
        starting: Sequence[str] = (),
    ) -> None:
        """`starting`: ids of threads that start with `reference`."""
        self.reference = reference
        self.kind = kind
        self.starting = tuple(starting)
        self.hint = _no_thread(reference, kind, starting)
        super().__init__(self.hint)

    def _say(self, hint: Sentence, message: str) -> None:
        """Say why a link leads nowhere: in `hint`, and for the terminal in `message`."""
        self.hint = hint
        self.args = (message,)
        self.sentences = (hint,)


def _no_thread(
    reference: str, kind: Literal["id", "link", "words"], starting: Sequence[str]
) -> Sentence:
    """Return the message that no thread has that id or link, or that none matches those words."""
    shown = reference if len(reference) <= 80 else reference[:79] + "…"
    if starting:
        return sentence(
            "No loaded thread has the id {reference}. Write the whole id. Did you mean {ids}?",
            reference=shown,
            ids=Listed(list(starting), "or"),
        )
    if kind == "link":
        return sentence(
            "No loaded thread has the link {reference}. Load a file that contains it, or try "
            "words from its title.",
            reference=shown,
        )
    if kind == "id":
        return sentence(
            "No loaded thread has the id {reference}. Try words from its title, or paste its link.",
            reference=shown,
        )
    return sentence(
        "No thread matches “{reference}”. Try words from its title, or paste its link.",
        reference=shown,
    )


class TweetNotLoaded(ThreadNotFound):
    """A link leads to a tweet that is in none of the loaded files."""

    def __init__(self, reference: str) -> None:
        super().__init__(reference, "link")
        self._say(NOT_LOADED, f"{NOT_LOADED} Save its thread to a file, then: threadbot load FILE")


class TweetIsHidden(ThreadNotFound):
    """A link leads to a tweet of a loaded file whose thread or author is hidden."""

    def __init__(self, reference: str) -> None:
        super().__init__(reference, "link")
        self._say(
            HIDDEN,
            "That tweet is hidden here. `threadbot unhide` lists what is hidden, and shows it "
            "again.",
        )


def not_shown(reference: str, *, is_hidden: bool) -> ThreadNotFound:
    """Return the error that a linked tweet is hidden, or else that it is not loaded."""
    return TweetIsHidden(reference) if is_hidden else TweetNotLoaded(reference)


class NothingToUndo(ThreadbotError):
    """There is no change that can be undone."""

    exit_status = 1

    def __init__(
        self, *, seeds: bool = False, is_erased: bool = False, is_repaired: bool = False
    ) -> None:
        if is_repaired:
            super().__init__(
                sentence("Nothing left to undo: the repair of the library cannot be undone.")
            )
        elif is_erased:
            super().__init__(
                sentence("Nothing left to undo: what was there before has been erased.")
            )
        elif seeds:
            super().__init__(
                "Nothing left to undo: only the first load of the shared threads is left. "
                "To take out one of its files, run `threadbot remove DUMP`."
            )
            self.sentences = (
                sentence(
                    "Nothing left to undo: only the first load of the shared threads is left. "
                    "To hide one of its threads, use {forget}.",
                    forget=sentence("/library forget"),
                ),
            )
        else:
            super().__init__(sentence("Nothing left to undo: nothing is loaded or hidden here."))


class NotTheLatest(ThreadbotError):
    """A later change must be undone first."""

    exit_status = 1

    def __init__(self) -> None:
        super().__init__(
            sentence("The library has changed again since. Undo the later change first.")
        )


class ReloadRunning(ThreadbotError):
    """A load is in progress, in this process or another."""

    def __init__(self, who: str | None = None) -> None:
        self.who = who
        if who:
            message = sentence(
                "{who} is changing the library. Try again when that is done.", who=who
            )
        else:
            message = sentence(
                "Another process is changing the library. Try again when that is done."
            )
        super().__init__(message)


class Overtaken(ReloadRunning):
    """Other processes changed the library first, each time that a change was tried."""

    def __init__(self, times: int) -> None:
        self.times = times
        ThreadbotError.__init__(
            self,
            sentence(
                "Other processes changed the library first, {times} times in a row, so nothing "
                "was changed. Try again when they are less busy.",
                times=str(times),
            ),
        )
        self.who = None


class ChangeStopped(ThreadbotError):
    """A load or another change was stopped before it was done. Nothing was changed."""


class Cancelled(ChangeStopped):
    """Somebody cancelled it."""

    def __init__(self, who: str) -> None:
        super().__init__(sentence("{who} cancelled this. Nothing was changed.", who=who))


class StoppedLate(ThreadbotError):
    """A change was stopped when it was made already."""

    def __init__(self) -> None:
        super().__init__(
            sentence(
                "This was stopped too late: the change is made. {history} lists it. You can undo "
                "it.",
                history=sentence("/library history"),
            )
        )


class NoLoadRunning(ThreadbotError):
    """What somebody wants to cancel is not running."""

    exit_status = 1

    def __init__(self) -> None:
        super().__init__(
            sentence(
                "That load is no longer running. {history} says whether it was done.",
                history=sentence("/library history"),
            )
        )


class OutOfTime(ChangeStopped):
    """It took longer than it may."""

    def __init__(self, seconds: float, step: Sentence | None = None) -> None:
        super().__init__(
            counted(
                max(1, round(seconds)),
                "This took longer than a second and was stopped ({step}). Nothing was changed. "
                "Load fewer or smaller files at once. The operator can raise {setting}.",
                "This took longer than {count} seconds and was stopped ({step}). Nothing was "
                "changed. Load fewer or smaller files at once. The operator can raise {setting}.",
                step=step or STARTING,
                setting="THREADBOT_LOAD_SECONDS",
            )
        )


class OutOfMemory(ChangeStopped):
    """It needed more memory than it may."""

    def __init__(self, megabytes: int, step: Sentence | None = None) -> None:
        super().__init__(
            sentence(
                "This needed more than {megabytes} MB of memory and was stopped ({step}). Nothing "
                "was changed. Load fewer or smaller files at once. The operator can raise "
                "{setting}.",
                megabytes=megabytes,
                step=step or STARTING,
                setting="THREADBOT_LOAD_MEMORY",
            )
        )


class WorkerDied(ChangeStopped):
    """Its process ended before it was done."""

    def __init__(self, status: int) -> None:
        super().__init__(
            sentence(
                "The process that did this ended unexpectedly (status {status}). Nothing was "
                "changed. If the machine ran out of memory, load fewer or smaller files at once.",
                status=str(status),
            )
        )


class NotAllowed(ThreadbotError):
    """The person lacks the permission to manage the server, or the role that stands for it."""

    exit_status = 2

    def __init__(
        self, what: Sentence, role: str | None = None, *, a_role_may: bool = False
    ) -> None:
        """Say what is needed.

        Args:
            what: what they wanted to do.
            role: the role that may do it, too.
            a_role_may: whether a role may, once somebody has chosen it.
        """
        if role is None and a_role_may:
            message = sentence(
                "{what} requires the permission “Manage Server”. Ask a member who has it: they "
                "can also allow it to a role, with {command}.",
                what=what,
                command=sentence("/library role"),
            )
        elif role is None:
            message = sentence(
                "{what} requires the permission “Manage Server”. Ask a member who has it.",
                what=what,
            )
        else:
            message = sentence(
                "{what} requires the permission “Manage Server” or the role “{role}”. "
                "Ask a member who has one of them.",
                what=what,
                role=role,
            )
        super().__init__(message)


class NotOperator(ThreadbotError):
    """Only operators of the bot may change the shared library."""

    exit_status = 2

    def __init__(self, what: Sentence) -> None:
        """`what`: what they wanted to do."""
        super().__init__(
            sentence(
                "{what} would change the threads that all servers share. Only the operators of "
                "this bot can do that: ask the person who runs it. To load files for this server "
                "alone, use {reload} with a file.",
                what=what,
                reload=sentence("/reload"),
            )
        )


class NotAllowedHere(ThreadbotError):
    """The person or the bot lacks permissions in a channel."""

    exit_status = 2

    def __init__(self, missing: Sequence[Sentence], *, of_the_bot: bool = False) -> None:
        names = Listed([quoted(each) for each in missing], "and")
        if of_the_bot:
            message = sentence(
                "The bot needs the permission {names} in this channel. Ask a member "
                "who can manage the channel, or try another one.",
                names=names,
            )
        else:
            message = sentence(
                "You need the permission {names} in this channel. Ask a member who "
                "can manage the channel, or try another one.",
                names=names,
            )
        super().__init__(message)


class NotAThread(ThreadbotError):
    """The channel is not a text channel of a server that has installed the bot."""

    def __init__(self) -> None:
        super().__init__(
            sentence(
                "The bot can post threads only in text channels of servers that have "
                "installed it. Save this thread as files instead."
            )
        )


class NoLongerThere(ThreadbotError):
    """The library was reloaded, so a button refers to something that is gone."""

    exit_status = 1

    def __init__(self) -> None:
        super().__init__(sentence("The library was reloaded since. Ask again for current results."))


class UploadExpired(ThreadbotError):
    """Uploaded files were not applied in time, so they were deleted."""

    exit_status = 1

    def __init__(self) -> None:
        super().__init__(
            sentence(
                "This upload has expired. Send the files again with {reload}.",
                reload=sentence("/reload"),
            )
        )


class UploadFailed(ThreadbotError):
    """Discord did not send an uploaded file as a whole."""

    def __init__(self, name: str, why: Literal["gone", "refused", "cut off", "stalled"]) -> None:
        self.why = why
        named: dict[str, Sentence | str]
        named = {"name": _printable(name), "reload": sentence("/reload")}
        if why == "gone":
            message = sentence(
                "Discord no longer has “{name}”, so nothing was loaded. Send the file again with "
                "{reload}.",
                **named,
            )
        elif why == "refused":
            message = sentence(
                "Discord cannot send “{name}” to the bot right now, so nothing was loaded. Try "
                "{reload} again in a few minutes.",
                **named,
            )
        elif why == "stalled":
            message = sentence(
                "Discord stopped sending “{name}” to the bot, so nothing was loaded. Try {reload} "
                "again in a few minutes.",
                **named,
            )
        else:
            message = sentence(
                "The download of “{name}” was cut off, so nothing was loaded. Send the file again "
                "with {reload}.",
                **named,
            )
        super().__init__(message)


class UnusableName(ThreadbotError):
    """An uploaded file has a name that no file can have."""

    def __init__(self, name: str) -> None:
        super().__init__(
            sentence(
                "No file can be named “{name}”, so nothing was loaded. Rename it, and send it "
                "again with {reload}.",
                name=_printable(name)[:80],
                reload=sentence("/reload"),
            )
        )


class UploadsTooLarge(ThreadbotError):
    """The files that a server has uploaded would exceed its quota."""

    def __init__(self, size: float, left: float, quota: float) -> None:
        """`size` of the files, what is `left` of the `quota`, and the quota, all in MB."""
        super().__init__(
            sentence(
                "The files have {size} MB, and this server has room for {left} of {quota} MB. "
                "Send smaller files, or first load or cancel those that you sent before.",
                size=size,
                left=left,
                quota=quota,
            )
        )


class UploadsFull(ThreadbotError):
    """The uploads of all servers would exceed their quota."""

    def __init__(self) -> None:
        super().__init__(
            sentence(
                "The files of other servers that wait to be loaded leave no room for these. Try "
                "again later, or tell the person who runs this bot."
            )
        )


class DiskFull(ThreadbotError):
    """There is no room on the disk; the library is unchanged."""

    def __init__(self) -> None:
        super().__init__(
            sentence(
                "The disk of this bot is full, so nothing was changed. Tell the person who runs "
                "this bot; when there is room again, use the command again."
            )
        )


class DataFolderUnusable(ThreadbotError):
    """The data folder is missing or cannot be written."""

    def __init__(self, why: str) -> None:
        """`why`: what the system says, for the operator."""
        super().__init__(f"The data folder is missing or cannot be written: {why}")
        self.sentences = (
            sentence(
                "The bot cannot use its data folder, so nothing was loaded. Tell the person who "
                "runs this bot to check THREADBOT_DATA."
            ),
        )


class Restarting(ThreadbotError):
    """The bot is about to stop, and takes on nothing new."""

    def __init__(self) -> None:
        super().__init__(sentence("Threadbot is restarting. Ask again in a moment."))


class QuestionLost(ThreadbotError):
    """A message no longer holds all parts of its question."""

    exit_status = 1

    def __init__(self) -> None:
        super().__init__(sentence("This message no longer holds its whole question. Ask it again."))


class NoSuchDump(ThreadbotError):
    """No file of that name can be removed from this library."""

    exit_status = 1

    def __init__(self, name: str) -> None:
        super().__init__(
            f"No file named “{name}” can be removed here. Run `threadbot dumps` to list the files."
        )
        self.sentences = (
            sentence(
                "No file named “{name}” can be removed here. See {dumps}.",
                name=name,
                dumps=sentence("/library dumps"),
            ),
        )


class DumpIsShared(NoSuchDump):
    """The file belongs to the shared library, and this one is a guild's."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        message = (
            f"“{name}” is shared by all servers, so it cannot be removed from one. Remove it "
            "everywhere with `threadbot remove` without --guild, or hide its threads here with "
            "`threadbot forget`."
        )
        self.args = (message,)
        self.sentences = (
            sentence(
                "“{name}” is shared: the person who runs this bot loaded it for every server, and "
                "only they can remove it. To hide its threads here, use {forget}.",
                name=name,
                forget=sentence("/library forget"),
            ),
        )


class SeveralMatches(ThreadbotError):
    """A name fits several threads or files, and the person was not asked which one."""

    exit_status = 2

    def __init__(self, name: str, matches: Sequence[str], count: int | None = None) -> None:
        self.matches = tuple(matches)
        lines = "\n".join(f"  {each}" for each in matches)
        some = f"; these are the first {len(matches)}" if (count or 0) > len(matches) else ""
        super().__init__(
            f"“{name}” fits {count or len(matches)}, so nothing was changed{some}. "
            f"Name one of them by its id or path:\n{lines}"
        )


class NotTheSame(ThreadbotError):
    """What somebody confirmed to remove has changed meanwhile."""

    exit_status = 1

    def __init__(self) -> None:
        super().__init__(
            sentence(
                "The library has changed since, so nothing was removed. Use the command again."
            )
        )


class NoSuchAuthor(ThreadbotError):
    """No thread in the library is by that author."""

    exit_status = 1

    def __init__(self, handle: str) -> None:
        super().__init__(
            sentence("No thread here is by @{handle}, so nothing was hidden.", handle=handle)
        )


class NotHidden(ThreadbotError):
    """What is to be shown again is not hidden."""

    exit_status = 1

    def __init__(self, name: str = "") -> None:
        """`name`: what was typed, if it was."""
        if name:
            super().__init__(sentence("No thread or author hidden here fits “{name}”.", name=name))
        else:
            super().__init__(sentence("That is no longer hidden here."))


class TooOften(ThreadbotError):
    """A person exceeded the rate limit."""

    def __init__(self, seconds: float) -> None:
        super().__init__(
            counted(
                max(1, round(seconds)),
                "You are asking too fast. Try again in {count} second.",
                "You are asking too fast. Try again in {count} seconds.",
            )
        )


def _printable(name: str) -> str:
    """Return `name` with a mark in place of each character that cannot be shown."""
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in name)
