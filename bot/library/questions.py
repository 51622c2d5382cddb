"""Answers questions, and finds the threads that links, ids and titles name."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

from bot.errors import HIDDEN, NOT_LOADED, PartUnreachable, ThreadNotFound, not_shown
from bot.i18n.messages import Sentence, counted, sentence
from bot.library.answers import PASSAGES, AnswerOptions, answer, is_repaired, search
from bot.library.current import Current
from bot.library.hidden import may_be_in
from bot.library.page_links import PageQuestion, linking, page_question
from bot.library.slow_answers import SlowAnswers
from bot.library.snapshot.links import Reference, position_of, references, without
from bot.library.snapshot.served import Served
from bot.library.snapshot.sources import sources
from bot.library.snapshot.thread_merge import merge_versions
from bot.library.spread.missing import Missing, without_missing
from bot.library.suggestions import near_titles
from bot.models import (
    SHARED_SCOPE,
    Answer,
    Followed,
    Hit,
    Location,
    Passage,
    Source,
    Thread,
    ThreadMatches,
    ThreadSummary,
    Words,
)
from bot.reports import DumpSummary
from bot.search.dates import with_iso_dates
from bot.search.query import parse
from bot.store.protocol import LibraryStore
from bot.store.rows import Version

TWEETS = 7
"""Tweets on a page of an answer."""
THREADS_OF_AUTHOR = 25
"""Threads to offer of the author of a tweet that is not loaded: as many as a menu can hold."""
OTHERS = 25
"""Other threads that a reference may mean: as many as a menu on Discord has room for."""
T = TypeVar("T")

Clock = Callable[[], datetime]
"""Returns the current time."""


def utc_now() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC)


class Questions:
    """What can be asked of a library. Nothing here changes it."""

    def __init__(self, store: LibraryStore, scope: int, current: Current, clock: Clock) -> None:
        """Answer from what `current` serves, with the texts that `store` has.

        Args:
            store: where the texts are.
            scope: whose library it is.
            current: the snapshot that answers.
            clock: returns the current time in UTC, which `yesterday` in a question counts from.
        """
        self.current = current
        """The snapshot that answers, kept up to date."""
        self.slow_answers: SlowAnswers | None = None
        """Logs answers that took long, if the program that opened the library has a log."""
        self._store = store
        self._scope = scope
        self._clock = clock

    @property
    def version(self) -> int:
        """Changes whenever the served content changes."""
        return self.current.snapshot.version

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

        return await self._store.versions(await called(snapshot, rows))

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
            for number in await called(snapshot, snapshot.lookup.linked, each.key):
                position = position_of(await self._merged(snapshot, number), each.key)
                if position is not None:
                    (found,) = await called(snapshot, snapshot.catalogue.summaries, [number])
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
            return await called(snapshot, snapshot.lookup.not_found, reference)
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
        best, *others = await called(snapshot, snapshot.catalogue.summaries, numbers)
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


async def called(snapshot: Served, function: Callable[..., T], *given: object) -> T:
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
