"""Takes dumps out of a library, hides threads and authors from it, and shows them again.

Says first what would go. What somebody has confirmed goes only if it is still the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from bot.errors import (
    DumpIsShared,
    NoSuchAuthor,
    NoSuchDump,
    NotHidden,
    NotTheSame,
    SeveralMatches,
    ThreadbotError,
    ThreadNotFound,
)
from bot.file_names import absolute
from bot.library.commit import Change, commit
from bot.library.current import Current
from bot.library.generations import forgotten_keys
from bot.library.hidden import hidden_things
from bot.library.snapshot.served import Served
from bot.models import SHARED_SCOPE, Progress
from bot.reports import DumpSummary, Going, Hidden, LoadReport, Removing
from bot.store.rows import Forgotten, Member
from bot.thread_ids import key64


class Removal:
    """Removes dumps from what is served, and forgets threads and authors."""

    def __init__(self, current: Current) -> None:
        """Remove from `current`."""
        self._current = current

    async def dumps(self, name: str) -> list[DumpSummary]:
        """Return the dumps of this scope that a name fits: `#` and the row, a path, or a file name.

        The row alone will do if no file has that name.

        Raises:
            DumpIsShared: it fits only dumps that this guild shares with others.
            NoSuchDump: it fits none.
        """
        current = self._current
        found = _named(name, await current.members())
        if found:
            shared = current.scope == SHARED_SCOPE
            return [DumpSummary(each.id, each.file, each.format, shared) for each in found]
        generation = current.snapshot.shared_generation
        if current.scope and _named(name, await current.store.members(SHARED_SCOPE, generation)):
            raise DumpIsShared(name)
        raise NoSuchDump(name)

    async def would_remove(self, name: str) -> Removing:
        """Return what `remove` would take out.

        Raises:
            NoSuchDump: this scope has no such dump.
            SeveralMatches: the name fits several.
        """
        dump = await self._dump(name)
        threads, tweets = await self._current.store.size(dump.id)
        going = Going("dump", dump.file, f"#{dump.id}", threads, tweets, shared=dump.shared)
        return Removing((going,), _seal([("dump", dump.id)]))

    async def remove(
        self,
        name: str,
        actor: str,
        seal: str | None = None,
        progress: Progress | None = None,
    ) -> LoadReport:
        """Take out a dump of this scope. What other dumps hold stays.

        Args:
            name: see `dumps`.
            actor: who does it.
            seal: from `would_remove`, to be sure that it is the same.
            progress: called with each step.

        Raises:
            NoSuchDump: this scope has no such dump.
            SeveralMatches: the name fits several.
            NotTheSame: it is not what `would_remove` said.
            ReloadRunning: another change is under way.
        """
        async with self._current.exclusively(actor):
            try:
                dump = await self._dump(name)
            except NoSuchDump as error:
                raise _changed(error, seal) from error
            if seal not in (None, _seal([("dump", dump.id)])):
                raise NotTheSame

            def without(members: Sequence[Member]) -> tuple[list[Member], tuple[str, ...]]:
                return [each for each in members if each.id != dump.id], ()

            return await commit(self._current, Change(actor, "remove", without), progress)

    async def would_forget(
        self, *, thread: str | None = None, author: str | None = None
    ) -> Removing:
        """Return what `forget` would hide.

        Raises:
            ThreadNotFound: no thread matches.
            NoSuchAuthor: no thread is by that author.
        """
        snapshot = self._current.snapshot
        found = await asyncio.to_thread(_found, snapshot, thread, author)
        return Removing(found.going, found.seal)

    async def forget(
        self,
        actor: str,
        *,
        thread: str | None = None,
        author: str | None = None,
        seal: str | None = None,
        progress: Progress | None = None,
    ) -> LoadReport:
        """Hide a thread, or all threads of an author, even after reloads.

        Args:
            actor: who does it.
            thread: an id, a link, a title or words.
            author: a handle, or `#` and its hash.
            seal: from `would_forget`, to be sure that it is the same.
            progress: called with each step.

        Raises:
            ThreadNotFound: no thread matches.
            NoSuchAuthor: no thread is by that author.
            NotTheSame: it is not what `would_forget` said.
            ReloadRunning: another change is under way.
        """
        current = self._current
        async with current.exclusively(actor):
            await current.members()
            snapshot = current.whole
            try:
                found = await asyncio.to_thread(_found, snapshot, thread, author)
            except (ThreadNotFound, NoSuchAuthor) as error:
                raise _changed(error, seal) from error
            if seal not in (None, found.seal):
                raise NotTheSame
            forget: list[Forgotten] = []
            if found.number is not None:
                forget += forgotten_keys(snapshot, found.number)
            if found.handle is not None:
                label = f"@{found.handle}"
                forget.append(Forgotten("author", str(key64(found.handle)), label))
            change = Change(actor, "forget", lambda members: (members, ()), forget=forget)
            return await commit(current, change, progress)

    async def hidden(self) -> list[Hidden]:
        """Return the threads and authors that this scope hides."""
        current = self._current
        await current.members()
        found = await current.store.forgotten(current.scope, current.snapshot.generation)
        return hidden_things(found)

    async def unhide(self, actor: str, thing: str, progress: Progress | None = None) -> LoadReport:
        """Show a thread or an author again, as far as it is still stored.

        Args:
            actor: who does it.
            thing: the id of what is hidden.
            progress: called with each step.

        Raises:
            NotHidden: nothing of that id is hidden, or no longer.
            ReloadRunning: another change is under way.
        """
        current = self._current
        async with current.exclusively(actor):
            found = next((each for each in await self.hidden() if each.id == thing), None)
            if found is None:
                raise NotHidden
            show = {(found.kind, key) for key in found.keys}
            change = Change(actor, "forget", lambda members: (members, ()), show=frozenset(show))
            return replace(await commit(current, change, progress), action="unhide")

    async def _dump(self, name: str) -> DumpSummary:
        found = await self.dumps(name)
        if len(found) > 1:
            raise SeveralMatches(name, [each.file for each in found])
        return found[0]


@dataclass(frozen=True, slots=True)
class _Found:
    """What `forget` was asked to hide."""

    number: int | None
    """The thread's number in the snapshot, if one was named."""
    handle: str | None
    """The author's handle in lower case, if one was named."""
    going: tuple[Going, ...]
    """What goes."""
    seal: str
    """See `Removing`."""


def _found(snapshot: Served, thread: str | None, author: str | None) -> _Found:
    """Look up a thread, an author or both.

    Raises:
        ThreadNotFound: no thread matches.
        NoSuchAuthor: no thread is by that author.
    """
    catalogue = snapshot.catalogue
    number, handle = None, None
    numbers: list[int] = []
    going: list[Going] = []
    if thread is not None:
        number = snapshot.lookup.find(thread)
        if number is None:
            raise snapshot.lookup.not_found(thread)
        numbers.append(number)
        what = catalogue[number].summary
        going.append(Going("thread", what.title, what.id, 1, what.tweets, what.author))
    if author is not None:
        handle = _handle(snapshot, author)
        theirs = catalogue.by_author(handle)
        numbers += theirs
        tweets = sum(catalogue[each].summary.tweets for each in theirs)
        key = f"#{_hexadecimal(key64(handle))}"
        going.append(Going("author", f"@{handle}", key, len(theirs), tweets))
    parts = [(catalogue.id_of(each), catalogue.digest(each)) for each in numbers]
    return _Found(number, handle, tuple(going), _seal([(handle,), *parts]))


def _handle(snapshot: Served, author: str) -> str:
    """Return the handle of an author in lower case.

    Raises:
        NoSuchAuthor: no thread is by that author.
    """
    handle = author.strip().lstrip("@").lower()
    known = {each.lower() for each in snapshot.catalogue.authors}
    if handle in known:
        return handle
    for each in known if handle.startswith("#") else ():
        if f"#{_hexadecimal(key64(each))}" == handle:
            return each
    raise NoSuchAuthor(handle)


def _named(name: str, members: Sequence[Member]) -> list[Member]:
    """Return the dumps with that row or that path, else those with that file name."""
    wanted = name.strip()
    paths = (wanted, str(Path(wanted).absolute()), str(absolute(Path(wanted)))) if wanted else ()
    exactly = [each for each in members if f"#{each.id}" == wanted or each.file in paths]
    if exactly:
        return exactly
    named = [each for each in members if PurePath(each.file).name.lower() == wanted.lower()]
    return named or [each for each in members if str(each.id) == wanted]


def _seal(parts: Sequence[tuple[object, ...]]) -> str:
    return _hexadecimal(key64(repr(parts)))


def _hexadecimal(number: int) -> str:
    """Return a signed number of 64 bits as sixteen hexadecimal digits."""
    return f"{number & (2**64 - 1):016x}"


def _changed(error: ThreadbotError, seal: str | None) -> ThreadbotError:
    """Return the error to raise where something is missing: it was there when it was sealed."""
    return error if seal is None else NotTheSame()
