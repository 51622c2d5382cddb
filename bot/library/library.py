"""A library: the snapshot it serves, what loads into it, what removes from it, and its answers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Literal, TypeVar

from bot import __version__
from bot.errors import (
    HIDDEN,
    NOT_LOADED,
    AllHidden,
    ChangeStopped,
    NothingLoaded,
    PartUnreachable,
    StoppedLate,
    ThreadNotFound,
    not_shown,
)
from bot.i18n.messages import Sentence, counted, sentence
from bot.library.answers import PASSAGES, AnswerOptions, answer, is_repaired, search
from bot.library.current import Current
from bot.library.generations import Tidier, forget_erased, leave_again, read_again, snapshot_of
from bot.library.hidden import may_be_in
from bot.library.loading import Loading
from bot.library.page_links import PageQuestion, linking, page_question
from bot.library.removal import Removal
from bot.library.slow_answers import SlowAnswers
from bot.library.snapshot.links import Reference, position_of, references, without
from bot.library.snapshot.served import Served
from bot.library.snapshot.snapshot import Snapshot
from bot.library.snapshot.sources import sources
from bot.library.snapshot.thread_merge import merge_versions
from bot.library.spread.missing import Missing, without_missing
from bot.library.spread.spreading import Spreader
from bot.library.stats import stats_of
from bot.library.suggestions import near_titles
from bot.library.workers import Change, Opened, Workers
from bot.models import (
    SHARED_SCOPE,
    Answer,
    Followed,
    Hit,
    Location,
    Metadata,
    Passage,
    Progress,
    Source,
    Thread,
    ThreadMatches,
    ThreadSummary,
    Words,
)
from bot.reports import DumpSummary, Event, LibraryFacts, LibraryStats, LoadReport
from bot.search.dates import with_iso_dates
from bot.search.query import parse
from bot.store.host_limits import HostLimits
from bot.store.places import place_of
from bot.store.protocol import Counters, LibraryStore, Place
from bot.store.rows import Version

TWEETS = 7
"""Tweets on a page of an answer."""
THREADS_OF_AUTHOR = 25
"""Threads to offer of the author of a tweet that is not loaded: as many as a menu can hold."""
HISTORY = 20
"""Events in a history."""
OTHERS = 25
"""Other threads that a reference may mean: as many as a menu on Discord has room for."""
T = TypeVar("T")

Clock = Callable[[], datetime]
"""Returns the current time."""


def utc_now() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC)


class Library:
    """All that is loaded for one scope. Use `Library.open`."""

    def __init__(
        self,
        store: LibraryStore,
        place: Place,
        seeds: Path,
        scope: int,
        snapshot: Snapshot,
        seeds_metadata: Metadata | None = None,
        clock: Clock = utc_now,
        shared: Current | None = None,
        workers: Workers | None = None,
        tidier: Tidier | None = None,
        spreader: Spreader | None = None,
    ) -> None:
        """Serve `snapshot`, which was built from what `store`, at `place`, has for `scope`."""
        self._opened: Opened = partial(Library.to_change, place, seeds, seeds_metadata, scope)
        if workers:
            tidier = partial(workers.tidy, partial(self._opened, tidies=True))
        self.current = Current(store, scope, snapshot, shared, tidier, spreader)
        """The snapshot that answers, kept up to date."""
        self.loading = Loading(self.current, seeds, seeds_metadata)
        """Adds dumps, reloads the seeds, and undoes that."""
        self.removal = Removal(self.current)
        """Takes out dumps, and forgets threads and authors."""
        self.slow_answers: SlowAnswers | None = None
        """Logs answers that took long, if the program that opened the library has a log."""
        self.first_load: LoadReport | None = None
        """What the first load found, if this program made it."""
        self._store = store
        self._place = place
        self._scope = scope
        self._clock = clock
        self._workers = workers
        self._verifies = False

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        data: Path | Place,
        seeds: Path,
        *,
        seeds_metadata: Metadata | None = None,
        scope: int = SHARED_SCOPE,
        may_be_empty: bool = False,
        progress: Progress | None = None,
        clock: Clock = utc_now,
        workers: Workers | None = None,
        verifies: bool = False,
        spreader: Spreader | None = None,
    ) -> AsyncIterator[Library]:
        """Open the library in the folder `data`. A new library loads `seeds` first.

        `first_load` reports that first load.

        Args:
            data: the store's folder, or its place.
            seeds: the folder of seeds.
            seeds_metadata: what is known of all seeds.
            scope: whose library it is.
            may_be_empty: whether the first load may find nothing.
            progress: called with each step of the first load.
            clock: returns the current time in UTC, which `yesterday` in a question counts from.
            workers: which changes are made in a process of their own; by default none.
            verifies: whether to compare large files of layers with their checksums in the
                background. That reads them whole, so it is for programs that run for long.
            spreader: divides what is served among hosts; by default this process serves all.

        Raises:
            PartUnreachable: a host cannot be reached.
            StoreError: the store cannot be opened.
            DumpError: there is nothing to load.
            SeedsMissing: there is no folder of seeds, or nothing in it.
        """
        place = place_of(data)
        async with place.open() as store:
            await read_again(store, scope)
            tidier = None
            if workers:
                opened = partial(
                    Library.to_change, place, seeds, seeds_metadata, scope, tidies=True
                )
                tidier = partial(workers.tidy, opened, progress)
            snapshot = await snapshot_of(store, scope, progress, tidier=tidier)
            library = cls(
                store,
                place,
                seeds,
                scope,
                snapshot,
                seeds_metadata,
                clock,
                workers=workers,
                spreader=spreader,
            )
            library._verifies = verifies
            await library.current.spread()
            library._begin()
            if library.generation == 0:
                library.first_load = await library.loading.load_first_seeds(
                    may_be_empty=may_be_empty, progress=progress
                )
            try:
                yield library
            finally:
                await library.current.settled(is_patient=True)

    @classmethod
    @asynccontextmanager
    async def to_check(
        cls, data: Path | Place, *, scope: int = SHARED_SCOPE, workers: Workers | None = None
    ) -> AsyncIterator[Library]:
        """Open the library in `data` to check dumps against it; never creates a store there."""
        from tempfile import TemporaryDirectory  # slow to import, and asking does without

        with TemporaryDirectory() as nowhere:
            place = place_of(data)
            found = place if await asyncio.to_thread(place.exists) else place_of(Path(nowhere))
            async with found.open() as store:
                snapshot = await snapshot_of(store, scope)
                library = cls(store, found, found.folder, scope, snapshot, workers=workers)
                library._opened = partial(Library.to_check, place, scope=scope)
                yield library

    @classmethod
    @asynccontextmanager
    async def to_change(
        cls,
        data: Path | Place,
        seeds: Path,
        seeds_metadata: Metadata | None,
        scope: int,
        *,
        tidies: bool = False,
        progress: Progress | None = None,
    ) -> AsyncIterator[Library]:
        """Open a library that another process serves, to change it.

        Args:
            data: the store's folder, or its place.
            seeds: the folder of seeds.
            seeds_metadata: what is known of all seeds.
            scope: whose library it is.
            tidies: whether to merge its layers after a change.
            progress: called with each step, if it must be indexed.
        """
        place = place_of(data)
        async with place.open() as store:
            tidier = None if tidies else _nothing
            snapshot = await snapshot_of(store, SHARED_SCOPE, progress)
            library = cls(
                store, place, seeds, SHARED_SCOPE, snapshot, seeds_metadata, tidier=tidier
            )
            yield await library.beside(scope) if scope else library

    async def beside(self, scope: int) -> Library:
        """Return the library of a guild: its own dumps on top of those of this shared library."""
        await read_again(self._store, scope)
        below = self.current.snapshot
        layers_below = await _called(below, below.whole)
        snapshot = await snapshot_of(self._store, scope, below=layers_below)
        loading = self.loading
        library = Library(
            self._store,
            self._place,
            loading.seeds,
            scope,
            snapshot,
            loading.seeds_metadata,
            self._clock,
            self.current,
            self._workers,
            self.current.tidier,
            self.current.spreader,
        )
        await library.current.spread(below)
        library.slow_answers = self.slow_answers
        library._verifies = self._verifies
        library._begin()
        return library

    def _begin(self) -> None:
        """Start what is done in the background from the start."""
        self.current.save_in_background()
        if self._verifies:
            self.current.verify_in_background()

    async def newest(self) -> dict[int, int]:
        """Return the newest generation of each scope, whichever process made it."""
        return await self._store.newest()

    async def forget_erased(self, scope: int, since: int | None) -> bool:
        """Delete what this machine has of tweets that were erased; see `generations`."""
        return await forget_erased(self._store, scope, since)

    async def leave_again(self) -> None:
        """Leave layers for other machines where that failed, of any library; see `generations`."""
        await leave_again(self._store)

    async def announced(self, seconds: float) -> None:
        """Wait until another process announces a change, or for so many seconds."""
        await self._store.announced(seconds)

    async def has_own(self, scope: int) -> bool:
        """Whether anything was ever loaded for that guild alone."""
        return await self._store.generation(scope) > 0

    async def settled(self) -> None:
        """Wait until background work has finished or was cancelled."""
        await self.current.settled()

    # What is served

    @property
    def folder(self) -> Path:
        """The store's folder."""
        return self._store.folder

    @property
    def media(self) -> Path:
        """The folder of the pictures that were inside dumps."""
        return self._store.media

    @property
    def counters(self) -> Counters | None:
        """Where processes on several machines count together; None if all are on this one."""
        return self._store.counters

    def host_limits(self) -> HostLimits:
        """Return where the processes of this machine count together how often people ask."""
        return HostLimits(self.folder)

    @property
    def generation(self) -> int:
        """The generation that answers now."""
        return self.current.snapshot.generation

    @property
    def version(self) -> int:
        """Changes whenever the served content changes."""
        return self.current.snapshot.version

    @property
    def tweets(self) -> int:
        """How many tweets are served."""
        return len(self.current.snapshot.index)

    async def require_loaded(self) -> None:
        """Check that any dump is loaded.

        Raises:
            NothingLoaded: none is.
        """
        await self.current.notice_other_processes()
        if not self.tweets and not await self.dumps():
            raise NothingLoaded

    async def require_shown(self) -> None:
        """Check that any thread is shown.

        Raises:
            NothingLoaded: nothing is loaded.
            AllHidden: all that is loaded is hidden.
        """
        await self.require_loaded()
        if not self.tweets:
            raise AllHidden

    @property
    def busy(self) -> bool:
        """Whether a load or another change is under way."""
        return self.current.busy

    def threads(self) -> list[ThreadSummary]:
        """Return every thread, in the order in which they were first stored."""
        return [entry.summary for entry in self.current.snapshot.catalogue]

    def about(self) -> LibraryFacts:
        """Return what is served, in a few numbers."""
        snapshot = self.current.snapshot
        return LibraryFacts(
            __version__, snapshot.generation, len(snapshot.index), len(snapshot.catalogue)
        )

    async def stats(self) -> LibraryStats:
        """Return statistics of what is served."""
        await self.current.notice_other_processes()
        snapshot = self.current.snapshot
        dumps = await self.dumps()
        return await asyncio.to_thread(stats_of, snapshot, len(dumps))

    async def dumps(self) -> list[DumpSummary]:
        """Return the dumps that are served: the shared ones first, then this scope's own."""
        snapshot = self.current.snapshot
        layers = [(SHARED_SCOPE, snapshot.shared_generation)] if self._scope else []
        layers.append((self._scope, snapshot.generation))
        return [
            DumpSummary(each.id, each.file, each.format, shared=scope == SHARED_SCOPE)
            for scope, generation in layers
            for each in await self._store.members(scope, generation)
        ]

    async def history(self, limit: int = HISTORY) -> list[Event]:
        """Return the last changes of this scope, the latest first."""
        return await self._store.history(self._scope, limit)

    async def undone_by(self, report: LoadReport) -> Event | None:
        """Return the event of an undo, by its report; None if it is not among the last changes."""
        events = await self.history()
        return next((each for each in events if each.generation == report.generation), None)

    async def next_undo(self) -> Event | None:
        """Return the change of this scope that `undo` would take back; None if there is none."""
        return await self._store.change_behind(self._scope, self.generation)

    # Questions

    async def ask(
        self,
        question: str,
        limit: int = TWEETS,
        *,
        page: int = 1,
        newest: bool = False,
        explain: bool = False,
        passages: int = PASSAGES,
        exact: bool = False,
        hints: Sequence[Sentence] = (),
    ) -> Answer:
        """Answer `question`, which may contain the operators that `query.parse` knows.

        A link to a page finds the tweets that link to it, or to its site.

        Args:
            question: the question.
            limit: tweets on a page.
            page: the page, from 1; a number too high gives the last page.
            newest: newest first; by default best match first.
            explain: whether to explain the scores.
            passages: tweets shown of each thread, on all pages together, unless it asks for one.
            exact: whether to search for the question as written, never for a repair of it.
            hints: what the answer says first.

        Raises:
            DateNotUnderstood: the date of a filter is no date, or can be two dates.
            HandleNotUnderstood: the handle of a filter cannot be one.
        """
        started = time.perf_counter()
        if ":" in question:  # else it has no filters
            today = self._clock().date()
            dated = await asyncio.to_thread(with_iso_dates, question, today)
            question = dated.question
            hints = (*hints, *(_date_hint(*each) for each in dated.understood))
        await self.current.notice_other_processes()
        options = AnswerOptions(limit, page, newest, explain, passages, exact)
        missing = Missing()
        while True:
            snapshot = without_missing(self.current.snapshot, missing)
            try:
                result = await self._answer(snapshot, question, options)
                break
            except PartUnreachable as error:  # the others answer, and the answer says so
                missing.add(error, snapshot)
        missing_hints = await self._missing_hints(missing)
        every = (*missing_hints, *hints, *result.hints, *_page_hints(result, page))
        took = (time.perf_counter() - started) * 1000
        result = replace(result, hints=every, took_ms=took)
        if self.slow_answers:
            self.slow_answers.note(result, searched=len(snapshot.index), scope=self._scope)
        return result

    async def _answer(self, snapshot: Served, question: str, options: AnswerOptions) -> Answer:
        """Answer a question whose dates are ISO dates; see `ask`."""
        query = parse(question, snapshot.index.analyzer)
        asked = None
        linked: tuple[Sentence, ...] = ()
        if "." in question:  # else it has no link
            asked = await asyncio.to_thread(page_question, snapshot, question)
        if asked:
            only, hint = await self._linking(snapshot, asked)
            query, options = asked.query, replace(options, only=only)
            linked = (hint,) if hint else ()
        is_quick = snapshot.is_quick and not query.filters
        if is_quick and not is_repaired(snapshot, query, options):
            found = search(snapshot, query, options)
        else:
            found = await asyncio.to_thread(search, snapshot, query, options)
        threads = [each.thread for each in found.ranking.threads]
        versions = await self._versions(snapshot, threads)
        result = await asyncio.to_thread(answer, snapshot, found, versions, options)
        return replace(result, hints=(*linked, *result.hints)) if linked else result

    async def _versions(self, snapshot: Served, threads: Sequence[int]) -> list[Version]:
        """Return all versions of threads."""

        def rows() -> list[int]:
            snapshot.read_ahead(threads)
            return [row for each in threads for row in snapshot.catalogue.versions(each)]

        return await self._store.versions(await _called(snapshot, rows))

    async def _missing_hints(self, missing: Missing) -> tuple[Sentence, ...]:
        """Return what an answer says of the parts of the library that were not searched."""
        if not missing:
            return ()
        dumps = await self.dumps()
        files = [each.file for each in dumps if each.id in missing.dumps]
        return (missing.hint(files),)

    async def _linking(
        self, snapshot: Served, asked: PageQuestion
    ) -> tuple[tuple[int, ...] | None, Sentence | None]:
        """Return which tweets link to a page, and what to say of them; see `page_links.linking`."""
        versions = await self._versions(snapshot, asked.threads)
        by_row = {each.id: each.thread for each in versions}

        def find() -> tuple[tuple[int, ...] | None, Sentence | None]:
            rows = map(snapshot.catalogue.versions, asked.threads)
            threads = [merge_versions([by_row[row] for row in some]) for some in rows]
            return linking(snapshot, asked, threads)

        return await asyncio.to_thread(find)

    async def thread(self, reference: str) -> Thread:
        """Return the thread that an id, a link, a title or words of its title name.

        Raises:
            ThreadNotFound: no thread matches.
            TweetNotLoaded: it is a link to a tweet that is not loaded.
            TweetIsHidden: it is a link to a tweet that is hidden.
        """
        await self.current.notice_other_processes()
        snapshot = self.current.snapshot
        number = await asyncio.to_thread(snapshot.lookup.find, reference)
        if number is None:
            raise await self._not_found(snapshot, reference)
        return await self._merged(snapshot, number)

    async def read(self, question: str) -> Followed | Words:
        """Return where a link in `question` leads, or else what to search for.

        A link to a loaded tweet opens it. One to a tweet that is not loaded is left out of the
        words to search for, if there are any others.
        """
        followed = await self.follow(question)
        if followed is None:
            return Words(question)
        if followed.location or not followed.rest:
            return followed
        return Words(followed.rest, (HIDDEN if followed.is_hidden else NOT_LOADED,))

    async def locate(self, text: str) -> Location | None:
        """Return where the first loaded tweet is that `text` links to, or whose bare id it is."""
        followed = await self.follow(text)
        return followed.location if followed else None

    async def follow(self, text: str) -> Followed | None:
        """Return what the links in `text` lead to; None if none is to a tweet or a loaded thread.

        Links are exact: one to a tweet that is not loaded leads nowhere.
        """
        links = references(text)
        if not links:
            return None
        await self.current.notice_other_processes()
        snapshot = self.current.snapshot
        for each in links:
            for number in await _called(snapshot, snapshot.lookup.linked, each.key):
                position = position_of(await self._merged(snapshot, number), each.key)
                if position is not None:
                    (found,) = await _called(snapshot, snapshot.catalogue.summaries, [number])
                    return Followed(Location(found.id, position), _rest(snapshot, text, links))
        posts = [each for each in links if each.is_post]
        if not posts:
            return None
        threads = await asyncio.to_thread(_by_authors, snapshot, posts)
        hidden = await self._is_hidden(snapshot, text, posts)
        return Followed(None, _rest(snapshot, text, posts), threads, is_hidden=hidden)

    async def _not_found(self, snapshot: Served, reference: str) -> ThreadNotFound:
        """Return the error that no thread matches `reference`."""
        posts = [each for each in references(reference) if each.is_post]
        if not posts:
            return await _called(snapshot, snapshot.lookup.not_found, reference)
        is_hidden = await self._is_hidden(snapshot, reference, posts)
        return not_shown(reference, is_hidden=is_hidden)

    async def _is_hidden(self, snapshot: Served, text: str, posts: Sequence[Reference]) -> bool:
        """Whether one of `posts`, links in `text` to no tweet that is shown, is to a hidden one."""
        rows = await asyncio.to_thread(may_be_in, snapshot, text, posts)
        versions = await self._store.versions(rows) if rows else ()
        return any(position_of(each.thread, post.key) for each in versions for post in posts)

    async def _merged(self, snapshot: Served, number: int) -> Thread:
        """Return the thread with that number in `snapshot`."""
        versions = await self._versions(snapshot, [number])
        return await asyncio.to_thread(merge_versions, [each.thread for each in versions])

    async def answer_at(self, location: Location, question: str) -> Answer:
        """Return the answer to `question`, a link to the tweet at `location`: that tweet alone."""
        started = time.perf_counter()
        thread = await self.thread(location.thread_id)
        tweet = thread.tweets[location.position - 1]
        passage = Passage(location.position, 0.0, tweet, (), sources(thread, tweet))
        summary = ThreadSummary(
            thread.id, thread.title, thread.author, len(thread.tweets), thread.complete
        )
        return Answer(
            question=question,
            words=(),
            hits=(Hit(1, summary, passage, more=(), more_in_thread=0),),
            tweets=1,
            threads=1,
            words_matched=0,
            tweets_with_most=0,
            suggestions=(),
            titles=(),
            generation=self.version,
            hints=(),
            took_ms=(time.perf_counter() - started) * 1000,
        )

    async def thread_matches(self, reference: str, limit: int = OTHERS) -> ThreadMatches:
        """Return the thread that `thread` returns, and others that have it in their title.

        Args:
            reference: an id, a link, a title or words.
            limit: how many others to return.

        Raises:
            ThreadNotFound: no thread matches.
        """
        await self.current.notice_other_processes()
        snapshot = self.current.snapshot
        found = await asyncio.to_thread(snapshot.lookup.matches, reference)
        if found is None:
            raise await self._not_found(snapshot, reference)
        numbers = found.numbers[: limit + 1]
        best, *others = await _called(snapshot, snapshot.catalogue.summaries, numbers)
        return ThreadMatches(best, tuple(others), len(found.numbers) - 1, found.kind)

    @staticmethod
    def sources(thread: Thread) -> dict[int, tuple[Source, ...]]:
        """Return the sources of each tweet in `thread`, by its position from 1."""
        return {place: sources(thread, each) for place, each in enumerate(thread.tweets, start=1)}

    async def examples(self, limit: int) -> list[str]:
        """Return example questions that have an answer here."""
        return await asyncio.to_thread(self.current.snapshot.lookup.examples, limit)

    async def titles(self, typed: str, limit: int) -> list[ThreadSummary]:
        """Return threads to choose from while somebody types a title."""
        return await asyncio.to_thread(self.current.snapshot.lookup.titles, typed, limit)

    async def near_titles(self, words: str, limit: int) -> tuple[list[ThreadSummary], bool]:
        """Return the threads whose titles are most like `words`, and whether they are like them."""
        return await asyncio.to_thread(
            near_titles, words, self.current.snapshot.lookup.titles, limit
        )

    async def authors(self, typed: str, limit: int) -> list[str]:
        """Return handles to choose from while somebody types one."""
        return await asyncio.to_thread(self.current.snapshot.lookup.authors, typed, limit)

    # Changes, by `loading`, `removal` and `current`

    async def load(
        self,
        paths: Sequence[Path],
        actor: str,
        metadata: Metadata | None = None,
        progress: Progress | None = None,
        *,
        below: Path | None = None,
        is_confirmed: bool = True,
    ) -> LoadReport:
        """Add dumps; see `Loading.load`."""
        change = partial(
            Loading.load,
            paths=[*paths],
            actor=actor,
            metadata=metadata,
            below=below,
            is_confirmed=is_confirmed,
        )
        return await self._make("loading", change, progress, paths=paths, actor=actor)

    async def preview(
        self,
        paths: Sequence[Path],
        metadata: Metadata | None = None,
        progress: Progress | None = None,
        *,
        below: Path | None = None,
    ) -> LoadReport:
        """Report what `load` would do; see `Loading.preview`."""
        change = partial(Loading.preview, paths=[*paths], metadata=metadata, below=below)
        return await self._make("loading", change, progress, paths=paths)

    async def check(
        self,
        paths: Sequence[Path],
        metadata: Metadata | None = None,
        progress: Progress | None = None,
    ) -> LoadReport:
        """Report how files are read; see `Loading.check`."""
        change = partial(Loading.check, paths=[*paths], metadata=metadata)
        return await self._make("loading", change, progress, paths=paths)

    async def reload(self, actor: str, progress: Progress | None = None) -> LoadReport:
        """Read the folder of seeds again; see `Loading.reload`."""
        change = partial(Loading.reload, actor=actor)
        seeds = [self.loading.seeds]
        return await self._make("loading", change, progress, paths=seeds, actor=actor)

    async def preview_reload(self, progress: Progress | None = None) -> LoadReport:
        """Report what `reload` would do; see `Loading.preview_reload`."""
        change = partial(Loading.preview_reload)
        return await self._make("loading", change, progress, paths=[self.loading.seeds])

    async def undo(self, actor: str, generation: int | None = None) -> LoadReport:
        """Go back to what was served before the last change; see `Loading.undo`."""
        change = partial(Loading.undo, actor=actor, generation=generation)
        return await self._make("loading", change, actor=actor)

    async def remove(self, dump: str, actor: str, seal: str | None = None) -> LoadReport:
        """Take out a dump; see `Removal.remove`."""
        change = partial(Removal.remove, name=dump, actor=actor, seal=seal)
        return await self._make("removal", change, actor=actor)

    async def forget(
        self,
        actor: str,
        *,
        thread: str | None = None,
        author: str | None = None,
        seal: str | None = None,
    ) -> LoadReport:
        """Hide a thread or an author; see `Removal.forget`."""
        change = partial(Removal.forget, actor=actor, thread=thread, author=author, seal=seal)
        return await self._make("removal", change, actor=actor)

    async def unhide(self, actor: str, thing: str) -> LoadReport:
        """Show a thread or an author again; see `Removal.unhide`."""
        change = partial(Removal.unhide, actor=actor, thing=thing)
        return await self._make("removal", change, actor=actor)

    async def _make(
        self,
        part: Literal["loading", "removal"],
        change: Change,
        progress: Progress | None = None,
        *,
        paths: Sequence[Path] = (),
        actor: str | None = None,
    ) -> LoadReport:
        """Make a change here or in a worker, and serve what it makes.

        Args:
            part: what has the method of `change`.
            change: what to do.
            progress: called with each step.
            paths: what it reads.
            actor: who changes the library; nobody if `change` changes nothing.

        Raises:
            ChangeStopped: the worker was stopped. Nothing was changed.
            StoppedLate: it was stopped when the change was made already.
            ReloadRunning: another change is under way.
        """
        workers = self._workers
        if workers is None or not await workers.may_make(paths):
            return await change(getattr(self, part), progress=progress)
        if actor is None:
            return await workers.make(self._opened, part, change, progress)
        async with self.current.exclusively(actor):
            await self.current.saved()
            before = self.generation
            try:
                try:
                    return await workers.make(self._opened, part, change, progress)
                finally:
                    await self.current.members()
            except (ChangeStopped, asyncio.CancelledError) as error:
                if self.generation != before:
                    raise StoppedLate from error
                raise

    async def catch_up(self) -> None:
        """Serve the newest generation, whichever process made it."""
        await self.current.catch_up()

    # Settings

    async def setting(self, key: str) -> str | None:
        """Return what was remembered under `key`, if anything."""
        return await self._store.setting(key)

    async def remember(self, key: str, value: str) -> None:
        """Store `value` under `key`; it survives restarts."""
        await self._store.remember(key, value)

    # Uploads that wait to be loaded

    async def keep_upload(self, token: str, folder: Path, described: str) -> None:
        """Let other processes find the upload in `folder`; `described` says what it is."""
        await self._store.keep_upload(token, folder, described)

    async def fetch_upload(self, token: str, folder: Path) -> bool:
        """Have an upload in `folder`; whether there still is one."""
        return await self._store.fetch_upload(token, folder)

    async def drop_upload(self, token: str) -> None:
        """Delete what `keep_upload` kept."""
        await self._store.drop_upload(token)

    async def kept_uploads(self) -> dict[str, str]:
        """Return what is said of each upload that `keep_upload` kept."""
        return await self._store.kept_uploads()

    async def sweep_uploads(self, seconds: float) -> None:
        """Delete kept uploads that are older."""
        await self._store.sweep_uploads(seconds)


async def _nothing() -> None:
    """Tidy nothing."""


def _date_hint(written: str, operator: str) -> Sentence:
    return sentence("“{date}” means {operator}.", date=written, operator=operator)


def _page_hints(answer: Answer, page: int) -> list[Sentence]:
    """Return a hint that the answer has no page of that number, if it has none."""
    if not answer.hits or page <= answer.pages:
        return []
    return [
        counted(
            answer.pages,
            "There is no page {page}. This is the only page.",
            "There is no page {page}. This is the last of {count} pages.",
            page=str(page),
        )
    ]


def _rest(snapshot: Served, text: str, links: Sequence[Reference]) -> str:
    """Return `text` without `links`, or nothing if that leaves no word to search for."""
    rest, analyzer = without(text, links), snapshot.index.analyzer
    telling = any(not each.is_stop for each in analyzer.tokens(rest))
    return rest if telling and parse(rest, analyzer).terms else ""


async def _called(snapshot: Served, function: Callable[..., T], *given: object) -> T:
    """Call what asks `snapshot`: in a thread if it may have to wait for other processes."""
    if snapshot.is_here:
        return function(*given)
    return await asyncio.to_thread(function, *given)


def _by_authors(snapshot: Served, posts: Sequence[Reference]) -> tuple[ThreadSummary, ...]:
    """Return threads by the first author that a link to one of `posts` names."""
    author = next((each.author for each in posts if each.author), None)
    if author is None:
        return ()
    numbers = snapshot.catalogue.by_author(author, THREADS_OF_AUTHOR)
    return tuple(snapshot.catalogue.summaries(numbers))
