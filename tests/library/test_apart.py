"""Guilds are apart, whatever is done: a model says what each may see, and each sees just that."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.errors import NoSuchAuthor, NoSuchDump, NothingToUndo, ThreadNotFound
from bot.library import guilds as libraries_module
from bot.library.guilds import GuildLibraries
from bot.library.library import HISTORY, Library
from bot.models import SHARED_SCOPE
from bot.reports import LoadReport
from bot.views.export import KINDS, exported
from tests.zoo import (
    AUTHORS,
    LONGEST,
    NAMES,
    SUBJECTS,
    WHOLE,
    File,
    State,
    content,
    told_apart,
    visible,
)

GUILDS = (101, 102)
SCOPES = (SHARED_SCOPE, *GUILDS)
EVERYTHING = 99

files = st.dictionaries(
    st.sampled_from(SUBJECTS), st.integers(1, LONGEST), min_size=1, max_size=3
).map(lambda held: frozenset(held.items()))
scopes, guilds, names = (st.sampled_from(each) for each in (SCOPES, GUILDS, NAMES))


class Guilds(RuleBasedStateMachine):
    """Random guilds that load, take back, remove and forget, on a store of their own."""

    def __init__(self) -> None:
        """Begin with nothing."""
        super().__init__()
        self.place = TemporaryDirectory()
        self.folder = Path(self.place.name)
        self.seeds = self.folder / "seeds"
        self.runner = asyncio.Runner()
        self.open: AsyncExitStack | None = None
        self.past: dict[int, list[State]] = {each: [State()] for each in SCOPES}
        self.made = dict.fromkeys(SCOPES, 0)

    @initialize(held=files)
    def begin(self, held: File) -> None:
        """The shared shelf begins with one file."""
        self.put({"a": held})
        self.runner.run(self._start())
        self.past[SHARED_SCOPE] = [State({"shared-a.json": held})]
        self.made[SHARED_SCOPE] = 1

    @rule(at_hand=st.sampled_from([1, 8]))
    def restart(self, at_hand: int) -> None:
        """End, and begin again with what is stored; then so many guilds are kept in memory."""
        self.runner.run(self._stop())
        libraries_module.MAX_OPEN = at_hand
        self.runner.run(self._start())

    @rule(guild=guilds, name=names, held=files)
    def load(self, guild: int, name: str, held: File) -> None:
        """A guild loads a file, in the place of one of that name if there is one."""
        sent = self.folder / "sent"
        sent.mkdir(exist_ok=True)
        path = sent / f"{guild}-{name}.json"
        path.write_bytes(content(name, held))
        self.runner.run(self._load(guild, sent))
        path.unlink()
        now = self.past[guild][-1]
        if now.held.get(path.name) != held:
            self.next(guild, replace(now, held={**now.held, path.name: held}))

    @rule(held=st.dictionaries(names, files, min_size=1))
    def reload(self, held: dict[str, File]) -> None:
        """The operator's folder is other, and is read again."""
        self.put(held)
        self.runner.run(self._reload())
        now = self.past[SHARED_SCOPE][-1]
        read = {f"shared-{name}.json": each for name, each in held.items()}
        if read != now.held:
            self.next(SHARED_SCOPE, replace(now, held=read))

    @rule(scope=scopes)
    def undo(self, scope: int) -> None:
        """The last step is taken back."""
        done = self.runner.run(self._undo(scope))
        assert done == (len(self.past[scope]) > 1)
        if done:
            self.past[scope].pop()
            self.made[scope] += 1

    @rule(scope=scopes, holder=st.none() | scopes, number=st.integers(0, 1))
    def remove(self, scope: int, holder: int | None, number: int) -> None:
        """A file is taken out; that of another holder is not there to be."""
        there = [*self.past[scope if holder is None else holder][-1].held] or ["none.json"]
        file = there[number % len(there)]
        now = self.past[scope][-1]
        done = self.runner.run(self._remove(scope, file))
        assert done == (file in now.held)
        if done:
            held = {each: now.held[each] for each in now.held if each != file}
            self.next(scope, replace(now, held=held))

    @rule(
        scope=scopes,
        any_subject=st.none() | st.sampled_from(SUBJECTS),
        number=st.integers(0, len(SUBJECTS) - 1),
        by_author=st.booleans(),
    )
    def forget(self, scope: int, any_subject: str | None, number: int, *, by_author: bool) -> None:
        """A thread or an author is forgotten, where they are seen."""
        seen = self.seen(scope)
        there = sorted(seen) or SUBJECTS
        subject = any_subject or there[number % len(there)]
        author = AUTHORS[subject]
        known = author in map(AUTHORS.get, seen) if by_author else subject in seen
        done = self.runner.run(self._forget(scope, subject, by_author=by_author))
        assert done == known
        if done:
            now = self.past[scope][-1]
            gone = f"@{author}" if by_author else subject
            self.next(scope, replace(now, forgotten=now.forgotten | {gone}))

    @invariant()
    def each_sees_what_it_may(self) -> None:
        """Through every way of seeing, in each guild and in direct messages."""
        if self.open is not None:
            for scope in SCOPES:
                self.runner.run(self._see(scope))

    def teardown(self) -> None:
        """End, and leave nothing behind."""
        if self.open is not None:
            self.runner.run(self._stop())
        libraries_module.MAX_OPEN = 8
        self.runner.close()
        self.place.cleanup()

    def put(self, held: dict[str, File]) -> None:
        """Have these files alone in the folder of seeds."""
        self.seeds.mkdir(exist_ok=True)
        for each in self.seeds.iterdir():
            each.unlink()
        for name, file in held.items():
            (self.seeds / f"shared-{name}.json").write_bytes(content(name, file))

    def next(self, scope: int, state: State) -> None:
        """Have `state` be the newest of a scope."""
        self.past[scope].append(state)
        self.made[scope] += 1

    def layers(self, scope: int) -> list[State]:
        """What is served for a scope: the shared shelf, and its own on top."""
        return [self.past[each][-1] for each in dict.fromkeys((SHARED_SCOPE, scope))]

    def seen(self, scope: int) -> dict[str, int]:
        """What a scope may see."""
        return visible(*self.layers(scope))

    async def _start(self) -> None:
        self.open = AsyncExitStack()
        shared = await self.open.enter_async_context(Library.open(self.folder / "data", self.seeds))
        self.libraries = GuildLibraries(shared)
        self.open.push_async_callback(self.libraries.settled)

    async def _stop(self) -> None:
        if self.open is not None:
            await self.open.aclose()
            self.open = None

    async def _own(self, scope: int) -> Library:
        return await self.libraries.own(scope) if scope else self.libraries.shared

    async def _load(self, guild: int, sent: Path) -> LoadReport:
        return await (await self._own(guild)).load([sent], str(guild), below=sent)

    async def _reload(self) -> None:
        await self.libraries.shared.reload(str(SHARED_SCOPE))
        await self.libraries.catch_up()

    async def _undo(self, scope: int) -> bool:
        try:
            await (await self._own(scope)).undo(str(scope))
        except NothingToUndo:
            return False
        await self.libraries.catch_up()
        return True

    async def _remove(self, scope: int, file: str) -> bool:
        try:
            await (await self._own(scope)).remove(file, str(scope))
        except NoSuchDump:
            return False
        await self.libraries.catch_up()
        return True

    async def _forget(self, scope: int, subject: str, *, by_author: bool) -> bool:
        library = await self._own(scope)
        try:
            if by_author:
                await library.forget(str(scope), author=AUTHORS[subject])
            else:
                await library.forget(str(scope), thread=WHOLE[subject].id)
        except (ThreadNotFound, NoSuchAuthor):
            return False
        await self.libraries.catch_up()
        return True

    async def _see(self, scope: int) -> None:
        library = await self.libraries.of(scope or None)
        seen = self.seen(scope)
        await self._check_asking(library, seen)
        await self._check_offers(library, seen)
        for subject in SUBJECTS:
            await self._check_thread(library, scope, subject, seen)
        await self._check_records(library, scope, seen)

    async def _check_asking(self, library: Library, seen: dict[str, int]) -> None:
        answer = await library.ask("harbour", EVERYTHING)
        assert {hit.thread.id: hit.thread.tweets for hit in answer.hits} == {
            WHOLE[each].id: tweets for each, tweets in seen.items()
        }
        assert answer.tweets == sum(seen.values())
        for subject in SUBJECTS:
            own = await library.ask(subject)
            assert own.tweets == seen.get(subject, 0)
            misspelt = await library.ask(f"{subject[:-1]}x from:{AUTHORS[subject]}")
            said = " ".join([*misspelt.suggestions, *(each.title for each in misspelt.titles)])
            told_apart(said, seen)

    async def _check_offers(self, library: Library, seen: dict[str, int]) -> None:
        ids = sorted(WHOLE[each].id for each in seen)
        assert sorted(each.id for each in library.threads()) == ids
        assert sorted(each.id for each in await library.titles("", EVERYTHING)) == ids
        for subject in SUBJECTS:
            offered = [each.id for each in await library.titles(subject[:3], EVERYTHING)]
            assert offered == ([WHOLE[subject].id] if subject in seen else [])
        assert set(await library.authors("", EVERYTHING)) == {AUTHORS[each] for each in seen}
        told_apart(" ".join(await library.examples(EVERYTHING)), seen)

    async def _check_thread(
        self, library: Library, scope: int, subject: str, seen: dict[str, int]
    ) -> None:
        whole = WHOLE[subject]
        link = whole.tweets[0].permalink
        assert link is not None
        for reference in (whole.id, whole.title, link):
            try:
                found = await library.thread(reference)
            except ThreadNotFound:
                assert subject not in seen
                continue
            assert (found.id == whole.id) == (subject in seen)
            for kind in KINDS:
                told_apart(exported(found, kind), seen)
            if found.id == whole.id:
                texts = [each.text for each in whole.tweets[: seen[subject]]]
                assert [each.text for each in found.tweets] == texts
                held = [file for each in self.layers(scope) for file in each.held]
                assert set(found.dumps) <= set(held)
                assert {each.file for each in found.tweets} <= set(held)

    async def _check_records(self, library: Library, scope: int, seen: dict[str, int]) -> None:
        held = [file for each in self.layers(scope) for file in each.held]
        dumps = await library.dumps()
        assert sorted(each.file for each in dumps) == sorted(held)
        assert all(each.shared == each.file.startswith("shared") for each in dumps)
        own = await self._own(scope)
        events = await own.history()
        assert len(events) == min(self.made[scope], HISTORY)
        assert {each.actor for each in events} <= {str(scope), *(() if scope else ("start",))}
        stats = await library.stats()
        assert (stats.dumps, stats.tweets) == (len(held), sum(seen.values()))
        by = dict.fromkeys(AUTHORS.values(), 0)
        for subject, tweets in seen.items():
            by[AUTHORS[subject]] += tweets
        assert {each.name: each.tweets for each in stats.authors} == {
            name: tweets for name, tweets in by.items() if tweets
        }
        assert {each.name: each.tweets for each in stats.hosts} == {
            f"{subject}.example": tweets for subject, tweets in seen.items()
        }
        assert [(each.name, each.tweets) for each in stats.months] == (
            [("2020-01", sum(seen.values()))] if seen else []
        )


TestGuilds = Guilds.TestCase
TestGuilds.settings = settings(
    max_examples=7,
    stateful_step_count=14,
)
