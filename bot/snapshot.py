"""A generation as it is searched: threads merged, tweets indexed; immutable."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import regex
from numpy.typing import NDArray

from bot.analyzer import Analyzer, fold
from bot.catalogue import Catalogue, Cataloguer, number_of
from bot.columns import Lookup
from bot.fields import Fields, FieldsBuilder
from bot.frozen import Arrays, below, under
from bot.identity import key64, normalised
from bot.index import Index
from bot.merge import merge_family
from bot.models import Thread, ThreadSummary
from bot.postings import PostingsBuilder
from bot.precedence import politely
from bot.query import parse
from bot.rows import Families, Version
from bot.search import rank
from bot.splice import Splice
from bot.texts import Texts

WORDS = regex.compile(r"[\p{L}\p{M}\p{N}]+")
EXAMPLE_WORDS = 3
MOSTLY = 2
"""One thread in so many must be there already for a snapshot to be revised, not built."""
STAMP = 1_000_000
"""Generations of the shared shelf that a guild's are told apart from."""
TELL_EVERY = 1_000
"""Threads between two tellings of how many are done."""
STATUS = regex.compile(r"/status(?:es)?/(\d+)")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that a library needs in memory to answer."""

    generation: int
    """The generation it was built from."""
    index: Index
    """Over all tweets, thread after thread."""
    entries: Catalogue
    """The threads, in the order of their dumps."""
    fields: Fields
    """What is known of each tweet beside its words."""
    _words: Texts
    _titles: Index
    _folded: Texts
    _by_title: Lookup
    _by_link: Lookup
    below: int = 0
    """The generation of the shared shelf below it, where it is a guild's."""

    @classmethod
    def build(
        cls,
        generation: int,
        families: Iterable[Sequence[Version]],
        progress: Callable[[int], None] | None = None,
    ) -> Snapshot:
        """Merge and index `families`; takes long for a large library, so run it in a thread.

        Args:
            generation: its number.
            families: for each thread the versions that it is merged from.
            progress: told from time to time how many threads are done; may raise to stop.
        """
        analyzer = Analyzer()
        making = _Making(progress)
        builder = PostingsBuilder(analyzer)
        for text in making.texts(families):
            builder.add(text)
        index = Index(builder.done(), analyzer=analyzer)
        entries = making.cataloguer.done()
        return cls(
            generation=generation,
            index=index,
            entries=entries,
            _words=builder.words,
            fields=making.fields.done(),
            _titles=Index.build(
                map(entries.title, politely(range(len(entries)))), analyzer=analyzer, feedback=0
            ),
            _folded=making.folded,
            _by_title=_lookup(making.titles),
            _by_link=_lookup(making.links),
        )

    def revised(
        self,
        generation: int,
        families: Families,
        read: Callable[[Families], Iterable[Sequence[Version]]],
        progress: Callable[[int], None] | None = None,
    ) -> Snapshot | None:
        """The snapshot of `families`, where most of their threads are in this one just so.

        It says what one says that is built of them, for a small part of the time.

        Args:
            generation: its number.
            families: the rows in the store of each thread's versions.
            read: gives the versions of some of them.
            progress: told from time to time how many threads are done; may raise to stop.

        Returns:
            None where so much is other, or in another order, that it is sooner built.
        """
        picks = self.entries.same_as(families)
        kept = picks[picks >= 0]
        if len(kept) * MOSTLY < len(picks) or (np.diff(kept) <= 0).any():
            return None
        threads = Splice.of(picks)
        making = _Making(progress)
        builder = PostingsBuilder(self.index.analyzer, self.index.postings)
        for text in making.texts(read(families.only(picks < 0))):
            builder.add(text)
        fresh = making.cataloguer.done()
        tweets = self.entries.parts_by(fresh, threads)
        index, left = self.index.spliced(builder.done(), tweets)
        entries = self.entries.spliced(fresh, threads)
        moved = threads.moved(len(self.entries), len(fresh))
        titled = PostingsBuilder(self.index.analyzer, self._titles.postings)
        for number in politely(range(len(fresh))):
            titled.add(fresh.title(number))
        numbers = np.arange(len(left))
        words = Splice.of(np.where(numbers < len(self._words), numbers, -1)[left])
        return Snapshot(
            generation=generation,
            index=index,
            entries=entries,
            fields=self.fields.spliced(making.fields.done(), tweets),
            _words=self._words.spliced(builder.words, words),
            _titles=self._titles.spliced(titled.done(), threads)[0],
            _folded=self._folded.spliced(making.folded, threads),
            _by_title=self._by_title.spliced(_lookup(making.titles), moved),
            _by_link=self._by_link.spliced(_lookup(making.links), moved),
        )

    def frozen(self) -> tuple[object, Arrays]:
        """What JSON can hold of it, and the arrays that it is made of."""
        names, entries = self.entries.frozen()
        parts = {
            "index": self.index.frozen(),
            "entries": entries,
            "fields": self.fields.frozen(),
            "words": self._words.frozen(),
            "titles": self._titles.frozen(),
            "folded": self._folded.frozen(),
            "by_title": self._by_title.frozen(),
            "by_link": self._by_link.frozen(),
        }
        arrays: Arrays = {}
        for name, part in parts.items():
            arrays.update(below(name, part))
        return {"generation": self.generation, "below": self.below, "authors": names}, arrays

    @classmethod
    def thawed(cls, meta: Any, arrays: Arrays) -> Snapshot:
        """What was `frozen`, by a program with the same ANALYZER_VERSION."""
        analyzer = Analyzer()
        return cls(
            generation=meta["generation"],
            index=Index.thawed(under("index", arrays), analyzer),
            entries=Catalogue.thawed(meta["authors"], under("entries", arrays)),
            fields=Fields.thawed(under("fields", arrays)),
            _words=Texts.thawed(under("words", arrays)),
            _titles=Index.thawed(under("titles", arrays), analyzer, feedback=0),
            _folded=Texts.thawed(under("folded", arrays)),
            _by_title=Lookup.thawed(under("by_title", arrays)),
            _by_link=Lookup.thawed(under("by_link", arrays)),
            below=meta["below"],
        )

    @property
    def stamp(self) -> int:
        """A number that is other when anything that is served is other."""
        return self.generation * STAMP + self.below

    @property
    def starts(self) -> NDArray[np.int64]:
        """int64[threads]: the document number of each thread's first tweet."""
        return self.entries.starts

    def words(self) -> dict[str, str]:
        """Each term's word as it was first written; made anew each time, for it may be large."""
        return dict(zip(self.index.postings, self._words, strict=True))

    def find(self, reference: str) -> int | None:
        """The number of the thread that an id, a link, a title or words of it name."""
        wanted = reference.strip()
        known = self.entries.known_as(wanted.lower())
        if known:
            own = number_of(wanted)
            return next((each for each in known if self.entries.ids[each] == own), known[0])
        keys = _keys_of_url(wanted) if "/" in wanted else [wanted] if wanted.isdecimal() else []
        for found in map(self._by_link.__getitem__, map(key64, keys)):
            if found:
                return found[0]
        titled = self._by_title[key64(normalised(wanted))]
        return titled[0] if titled else self._find_by_words(wanted)

    def documents(self, number: int) -> tuple[int, int]:
        """The documents [start, end) of the thread with that number."""
        end = self.starts[number + 1] if number + 1 < len(self.starts) else len(self.index)
        return int(self.starts[number]), int(end)

    def with_ids(self, ids: frozenset[str]) -> list[int]:
        """The numbers of the threads that go by any of `ids`."""
        return sorted({number for each in ids for number in self.entries.known_as(each)})

    def titles(self, typed: str, limit: int) -> list[ThreadSummary]:
        """Threads whose title has words that begin like every word typed so far, in order."""
        pieces = sorted((f" {piece}" for piece in _folded_words(typed).split()), key=len)
        longest = pieces.pop() if pieces else " "
        found = (
            self.entries[number].summary
            for number in self._folded.containing(longest)
            if all(piece in self._folded[number] for piece in pieces)
        )
        return list(islice(found, limit))

    def examples(self, limit: int) -> list[str]:
        """Questions of a few words, of the titles of the first threads; as many as there are."""
        titles = map(self.entries.title, range(min(limit * 4, len(self.entries))))
        asked = dict.fromkeys(" ".join(self._telling(each)) for each in titles)
        return [each for each in asked if each][:limit]

    def _telling(self, title: str) -> list[str]:
        """Neighbours among the words of `title`, where most of them are names or the like."""
        words: dict[str, str] = {}
        for term, start, end, is_stop in self.index.analyzer.tokens(title):
            if not is_stop and self.index.document_frequency(term):
                words.setdefault(term, title[start:end])
        said = list(words.values())
        starts = range(max(len(said) - EXAMPLE_WORDS, 0) + 1)
        runs = [said[start : start + EXAMPLE_WORDS] for start in starts]
        # The first word has a capital whatever it is.
        names = [
            sum(each[:1].isupper() for each in run[0 if at else 1 :]) for at, run in enumerate(runs)
        ]
        return runs[names.index(max(names))]

    def authors(self, typed: str, limit: int) -> list[str]:
        """Authors' handles that begin with what is typed, then those that contain it."""
        wanted = typed.strip().lstrip("@").lower()
        holding = [each for each in self.entries.authors if wanted in each.lower()]
        return sorted(holding, key=lambda each: not each.lower().startswith(wanted))[:limit]

    def _find_by_words(self, words: str) -> int | None:
        """A title with all the words, else the thread of the tweet that answers them best."""
        query = parse(words, self.index.analyzer)
        terms = [each.term for each in query.terms]
        titles = self._titles.match(terms)
        whole = titles.terms == len(terms)
        if whole.any():
            best = np.lexsort((titles.docs[whole], -titles.scores[whole]))[0]
            return int(titles.docs[whole][best])
        ranking = rank(self.index, query, self.starts, 1)
        return ranking.threads[0].thread if ranking.threads else None


class _Making:
    """What is gathered of threads while they go by."""

    def __init__(self, progress: Callable[[int], None] | None) -> None:
        self.cataloguer = Cataloguer()
        self.folded = Texts()
        self.fields = FieldsBuilder()
        self.titles = (array("q"), array("i"))
        self.links = (array("q"), array("i"))
        self._progress = progress

    def texts(self, families: Iterable[Sequence[Version]]) -> Iterator[str]:
        """What each tweet of each thread says, in order."""
        for number, family in enumerate(families):
            thread = merge_family([each.thread for each in family])
            if self._progress and number % TELL_EVERY == 0:
                self._progress(number)
            self._add(thread, [each.id for each in family])
            for tweet in politely(thread.tweets):
                self.fields.add(tweet, thread.author)
                yield tweet.text

    def _add(self, thread: Thread, rows: Sequence[int]) -> None:
        number = len(self.cataloguer)
        self.cataloguer.add(thread, rows)
        self.folded.append(f" {_folded_words(thread.title)}")
        for (keys, numbers), texts in (
            (self.titles, [normalised(thread.title)]),
            (self.links, _link_keys(thread)),
        ):
            for text in texts:
                keys.append(key64(text))
                numbers.append(number)


def _lookup(columns: tuple[array[int], array[int]]) -> Lookup:
    keys, numbers = columns
    return Lookup(np.array(keys, np.int64), np.array(numbers, np.int64))


def _folded_words(text: str) -> str:
    """Its words, folded, with a space between: what is typed is looked for at their beginnings."""
    return " ".join(fold(word) for word in WORDS.findall(text))


def _link_keys(thread: Thread) -> list[str]:
    """What its links and its tweets' are looked up by, each once."""
    keys: dict[str, None] = {}
    for url in (thread.source_url, *(tweet.permalink for tweet in thread.tweets)):
        if url:
            keys.update(dict.fromkeys(islice(_keys_of_url(url), 1)))
    keys.update(dict.fromkeys(tweet.tweet_id for tweet in thread.tweets if tweet.tweet_id))
    return list(keys)


def _keys_of_url(url: str) -> Iterator[str]:
    """What an address is looked up by: the tweet's id in it, else its host and path."""
    status = STATUS.search(url)
    if status:
        yield status[1]
    try:
        parts = urlsplit(url if "://" in url else f"https://{url}")
    except ValueError:  # such as https://[
        return
    host = parts.netloc.lower().removeprefix("www.")
    yield f"{host}{parts.path.rstrip('/')}"
