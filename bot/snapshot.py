"""A generation as it is searched: threads merged, tweets indexed; immutable."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlsplit

import numpy as np
import regex
from numpy.typing import NDArray

from bot.analyzer import Analyzer, fold
from bot.identity import normalised
from bot.index import Index
from bot.merge import families, merge_family
from bot.models import Thread, ThreadSummary
from bot.query import parse
from bot.rows import Version
from bot.search import rank

WORDS = regex.compile(r"[\p{L}\p{M}\p{N}]+")
STATUS = regex.compile(r"/status(?:es)?/(\d+)")


@dataclass(frozen=True, slots=True)
class Entry:
    """A thread of the library."""

    summary: ThreadSummary
    """What lists show of it."""
    aliases: frozenset[str]
    """All ids that it goes by."""
    versions: tuple[int, ...]
    """The rows in the store that it is merged from."""
    digest: int
    """Other when anything that is shown of the thread is other; of use in this process alone."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that a library needs in memory to answer."""

    generation: int
    """The generation it was built from."""
    index: Index
    """Over all tweets, thread after thread."""
    starts: NDArray[np.int64]
    """int64[threads]: the document number of each thread's first tweet."""
    entries: tuple[Entry, ...]
    """The threads, in the order of their dumps."""
    words: dict[str, str]
    """Each term's word as it was first written."""
    _titles: Index
    _folded: tuple[str, ...]
    _by_alias: dict[str, list[int]]
    _by_link: dict[str, int]

    @classmethod
    def build(cls, generation: int, versions: Sequence[Version]) -> Snapshot:
        """Merge and index `versions`; takes long for a large library, so run it in a thread."""
        row_of = {id(version.thread): version.id for version in versions}
        kin = families(version.thread for version in versions)
        threads = [merge_family(family) for family in kin]
        analyzer = Analyzer()
        words: dict[str, str] = {}
        index = Index(_documents(threads, analyzer, words), analyzer=analyzer)
        lengths = [len(thread.tweets) for thread in threads]
        by_alias: dict[str, list[int]] = defaultdict(list)
        by_link: dict[str, int] = {}
        for number, thread in enumerate(threads):
            for alias in thread.aliases:
                by_alias[alias].append(number)
            for key in _link_keys(thread):
                by_link.setdefault(key, number)
        return cls(
            generation=generation,
            index=index,
            starts=np.cumsum([0, *lengths[:-1]], dtype=np.int64)[: len(threads)],
            entries=tuple(
                _entry(thread, tuple(row_of[id(each)] for each in family))
                for thread, family in zip(threads, kin, strict=True)
            ),
            words=words,
            _titles=Index.build((each.title for each in threads), analyzer=analyzer),
            _folded=tuple(f" {_folded_words(each.title)}" for each in threads),
            _by_alias=dict(by_alias),
            _by_link=by_link,
        )

    def find(self, reference: str) -> int | None:
        """The number of the thread that an id, a link, a title or words of it name."""
        wanted = reference.strip()
        known = self._by_alias.get(wanted.lower(), [])
        if known:
            own = (each for each in known if self.entries[each].summary.id == wanted.lower())
            return next(own, known[0])
        if "/" in wanted:
            for key in _keys_of_url(wanted):
                if key in self._by_link:
                    return self._by_link[key]
        title = normalised(wanted)
        for number, entry in enumerate(self.entries):
            if normalised(entry.summary.title) == title:
                return number
        return self._find_by_words(wanted)

    def with_ids(self, ids: frozenset[str]) -> list[int]:
        """The numbers of the threads that go by any of `ids`."""
        return sorted({number for each in ids for number in self._by_alias.get(each, ())})

    def titles(self, typed: str, limit: int) -> list[ThreadSummary]:
        """Threads whose title has words that begin like every word typed so far, in order."""
        pieces = [f" {piece}" for piece in _folded_words(typed).split()]
        found = (
            self.entries[number].summary
            for number, title in enumerate(self._folded)
            if all(piece in title for piece in pieces)
        )
        return list(islice(found, limit))

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


def _documents(
    threads: Sequence[Thread], analyzer: Analyzer, words: dict[str, str]
) -> Iterator[list[str]]:
    for thread in threads:
        for tweet in thread.tweets:
            tokens = analyzer.tokens(tweet.text)
            for token in tokens:
                if token.term not in words:
                    words[token.term] = tweet.text[token.start : token.end]
            yield [token.term for token in tokens]


def _entry(thread: Thread, versions: tuple[int, ...]) -> Entry:
    summary = ThreadSummary(
        id=thread.id,
        title=thread.title,
        author=thread.author,
        tweets=len(thread.tweets),
        complete=thread.complete,
    )
    return Entry(
        summary,
        thread.aliases,
        versions,
        hash((thread.title, thread.complete, thread.source_url, thread.tweets)),
    )


def _folded_words(text: str) -> str:
    """Its words, folded, with a space between: what is typed is looked for at their beginnings."""
    return " ".join(fold(word) for word in WORDS.findall(text))


def _link_keys(thread: Thread) -> Iterator[str]:
    if thread.source_url:
        yield from _keys_of_url(thread.source_url)
    for tweet in thread.tweets:
        if tweet.tweet_id:
            yield tweet.tweet_id
        if tweet.permalink:
            yield from _keys_of_url(tweet.permalink)


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
