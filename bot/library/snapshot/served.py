"""What answers questions, wherever its layers are: in this process or elsewhere. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from bot.library.snapshot.lookup import Lookup
from bot.library.snapshot.snapshot import Snapshot
from bot.library.snapshot.views import (
    AnyCatalogue,
    AnyColumns,
    Choice,
    Numbers,
    Paging,
    Tallies,
)
from bot.search.query import Filters, Query
from bot.search.ranking import Ranking
from bot.search.searched import Asked
from bot.search.spelling import Vocabulary
from bot.store.rows import Forgotten


class Served(Protocol):
    """What answers questions; see `Snapshot`."""

    @property
    def generation(self) -> int:
        """The generation of this library's own dumps."""

    @property
    def shared_generation(self) -> int:
        """For a guild: the generation of the shared library that it includes. Else 0."""

    @property
    def below(self) -> Served | None:
        """For a guild: what the shared library serves."""

    @property
    def version(self) -> int:
        """Changes whenever the served content changes."""

    @property
    def dumps(self) -> tuple[int, ...]:
        """The rows of all dumps, in order."""

    @property
    def forgotten(self) -> tuple[Forgotten, ...]:
        """What is hidden."""

    @property
    def index(self) -> Asked:
        """Over all tweets, thread after thread."""

    @property
    def catalogue(self) -> AnyCatalogue:
        """The threads."""

    @property
    def filter_columns(self) -> AnyColumns:
        """What filters look at."""

    @property
    def lookup(self) -> Lookup:
        """Finds threads by reference."""

    @property
    def is_here(self) -> bool:
        """Whether all of it is in this process, so that nothing has to be waited for."""

    def whole(self) -> Snapshot:
        """Return it with all layers in this process, to change or merge them."""

    @property
    def is_quick(self) -> bool:
        """Whether a plain question takes less time than handing it to a thread."""

    def rank(
        self, query: Query, limit: int, choice: Choice | None = None, paging: Paging = ...
    ) -> Ranking:
        """Rank tweets, and return a page of them."""

    def restricts(self, query: Query, choice: Choice) -> bool:
        """Whether `choice`, or a phrase or exclusion of `query`, leaves out any tweet."""

    def threads_with(self, filters: Filters, limit: int) -> list[int]:
        """Return the numbers of the first threads that have a tweet that passes `filters`."""

    def vocabulary(self) -> Vocabulary:
        """Return the words of the library."""

    def documents(self, number: int) -> tuple[int, int]:
        """Return the documents [start, end) of a thread."""

    def hidden_rows(self, keys: Numbers, most: int) -> list[int]:
        """Return the rows of hidden versions that may have a tweet with one of `keys`."""

    def tallies(self) -> Tallies:
        """Return counts over all tweets and threads."""

    def read_ahead(self, threads: Iterable[int]) -> None:
        """Have ready what the catalogue says of these threads."""
