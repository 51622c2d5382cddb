"""What a library serves: a stack of layers, as of one generation. Immutable, and pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from bot.library.snapshot.layer import Layer
from bot.library.snapshot.layered import LayeredCatalogue, LayeredFilterColumns, Part
from bot.library.snapshot.lookup import Lookup
from bot.library.snapshot.origins import Origins
from bot.search.layered import IndexLayer, LayeredIndex
from bot.store.rows import Forgotten, Version

VERSION_STEP = 1_000_000
"""More than the shared library ever has generations, so that `Snapshot.version` is unambiguous."""


class Snapshot:
    """All that a library needs in memory to answer."""

    def __init__(
        self,
        generation: int,
        parts: Sequence[Part],
        *,
        dumps: Sequence[int] = (),
        forgotten: Iterable[Forgotten] = (),
        below: Snapshot | None = None,
        is_torn: bool = False,
    ) -> None:
        """Serve the threads of `parts`.

        Args:
            generation: the generation of this library's own dumps.
            parts: the layers, the lowest first.
            dumps: the rows of all dumps, in order.
            forgotten: what is hidden.
            below: for a guild: the shared library, whose layers are the lowest ones.
            is_torn: whether a layer was lost, so that threads may be missing.
        """
        self.generation = generation
        self.parts = tuple(parts) or (Part(Layer.build((), Origins.of((), ()))),)
        """The layers, the lowest first; at least one."""
        self.dumps = tuple(dumps)
        """The rows of all dumps, in order."""
        self.forgotten = tuple(forgotten)
        """What is hidden, in a guild also by the shared library."""
        self.below = below
        """For a guild: the shared library, whose layers are the lowest ones."""
        self.is_torn = is_torn
        """Whether a layer was lost, so that threads may be missing."""
        layers = [(each.layer, each.tweets_gone()) for each in self.parts]
        self.index = LayeredIndex.of([IndexLayer(each.index, gone) for each, gone in layers])
        """Over all tweets, thread after thread."""
        self.catalogue = LayeredCatalogue(self.parts)
        """The threads, in the order in which they were first stored."""
        self.filter_columns = LayeredFilterColumns(
            [(each.filter_columns, gone) for each, gone in layers]
        )
        """What filters look at: each tweet's date, author, mentions and links."""
        self.lookup = Lookup(self.index, self.catalogue, self.parts)
        """Finds threads by reference, and completes titles and authors."""

    @classmethod
    def build(cls, generation: int, threads: Iterable[Sequence[Version]]) -> Snapshot:
        """Serve `threads`, each from its versions, in a single layer."""
        return cls(generation, [Part(Layer.build(threads, Origins.of((), ())))])

    def with_merged(self, part: Part, start: int, end: int) -> Snapshot:
        """Return the same with `part` instead of the layers [start, end), which it is merged of."""
        parts = [*self.parts[:start], part, *self.parts[end:]]
        return Snapshot(
            self.generation, parts, dumps=self.dumps, forgotten=self.forgotten, below=self.below
        )

    def without(self, names: Collection[str]) -> Snapshot:
        """Return the same without the layers of these names; it is torn."""
        return Snapshot(
            self.generation,
            [each for each in self.parts if each.layer.name not in names],
            dumps=self.dumps,
            forgotten=self.forgotten,
            below=self.below,
            is_torn=True,
        )

    @property
    def own(self) -> tuple[Part, ...]:
        """The layers that are not those of the shared library."""
        return self.parts[len(self.below.parts) :] if self.below else self.parts

    @property
    def shared_generation(self) -> int:
        """For a guild: the generation of the shared library that it includes. Else 0."""
        return self.below.generation if self.below else 0

    @property
    def version(self) -> int:
        """Changes whenever the served content changes."""
        return self.generation * VERSION_STEP + self.shared_generation

    def words(self) -> dict[str, str]:
        """Return each term's word as first written. Not cached, as it may be large."""
        words: dict[str, str] = {}
        for each in self.parts:
            for term, word in zip(each.layer.index.postings, each.layer.words, strict=True):
                words.setdefault(term, word)
        if all(each.gone is None for each in self.parts):
            return words
        return {term: words[term] for term in self.index.terms()}

    def documents(self, number: int) -> tuple[int, int]:
        """Return the documents [start, end) of the thread with that number."""
        return self.catalogue.documents(number)

    def with_ids(self, ids: frozenset[str]) -> list[int]:
        """Return the numbers of the threads that have any of `ids`, in order."""
        return self.catalogue.in_order(
            number for each in ids for number in self.catalogue.known_as(each)
        )
