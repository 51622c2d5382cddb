"""Finds threads by id, link or title, and completes titles and authors while somebody types."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import regex
from numpy.typing import NDArray

from bot.errors import ThreadNotFound
from bot.library.snapshot.catalogue import alias_of, number_of
from bot.library.snapshot.links import key_of
from bot.library.snapshot.thread_names import folded_words
from bot.library.snapshot.views import AnyCatalogue, AnyNames
from bot.models import MatchKind, ThreadSummary
from bot.search.analyzer import UNSPACED, Token
from bot.search.query import Phrase, Query, parse
from bot.search.ranking import Ranking
from bot.search.searched import Asked
from bot.search.spelling import Vocabulary, repaired
from bot.thread_ids import key64, kind_of, normalised, reference_of

WORD = regex.compile(r"\S+")
CLAUSE_END = regex.compile(r"[”—–:;!?…|\n]|[.,](?=\s)(?<!\b\p{L}\.)")
START_OF_ID = regex.compile(r"[0-9a-f]{4,11}", regex.IGNORECASE)
ID_LENGTH = 12
IDS_OFFERED = 3
"""Ids that are offered where only the start of one was given."""
QUOTES = ' "“”„«»‘’'
PAIR = 2
TOPIC_WORDS = (PAIR, 3)
"""Words of a topic to ask about."""
SEVERAL = 2
"""Tweets that must have words together, so that they surely are a topic."""
EXAMPLE_WORDS = 7
"""Most words of the beginning of a title, where no words belong together."""
EXAMPLE_LENGTH = 60
"""Most characters of it, for scripts without spaces."""
LEAST_TYPED = 3
"""Letters of a word that titles may begin words with; fewer say too little, except in scripts with
thousands of characters."""


@dataclass(frozen=True, slots=True)
class Matches:
    """The threads that a reference fits."""

    numbers: list[int]
    """Their numbers, best first; at least one."""
    kind: MatchKind
    """How it fits the first one."""


class Lookup:
    """Finds the threads of a library."""

    def __init__(
        self,
        index: Asked,
        catalogue: AnyCatalogue,
        names: AnyNames,
        rank: Callable[[Query, int], Ranking],
        stems: Callable[[], Vocabulary],
    ) -> None:
        """Find the threads of a library.

        Args:
            index: over all tweets, thread after thread.
            catalogue: the threads.
            names: what they are called.
            rank: ranks all tweets, and returns that many.
            stems: returns the terms of all tweets as words.
        """
        self.index = index
        self.catalogue = catalogue
        self.names = names
        self._rank = rank
        self._stems = stems

    def find(self, reference: str) -> int | None:
        """Return the number of the thread that an id, a link, a title or words name, if any."""
        found = self.matches(reference, 1)
        return found.numbers[0] if found else None

    def matches(self, reference: str, limit: int | None = None) -> Matches | None:
        """Return the threads that an id, a link, a title or words name, the best first.

        A thread's title goes before words in titles, those before beginnings of words in titles,
        and all of them before words of tweets. An id or a link matches exactly or not at all.

        Args:
            reference: the id, link, title or words.
            limit: how many threads are enough where all titles have to be looked at.
        """
        kind, wanted = reference_of(reference)
        exactly = self._exactly(wanted)
        if exactly is not None:
            return Matches([exactly], "id")
        if kind != "words":
            titled = self._titled(reference)
            return Matches(titled, "title") if titled and kind == "id" else None
        if START_OF_ID.fullmatch(wanted.removeprefix("#")):
            wanted = wanted.removeprefix("#")
        titled = self._titled(wanted)
        query = parse(wanted, self.index.analyzer)
        with_words = self.names.with_words([each.term for each in query.terms])
        if START_OF_ID.fullmatch(wanted) and len(query.terms) > 1:
            # Its digits and letters are no words, unless a title has all of it as one.
            sure = [each for each in (*titled, *with_words) if self._has_word(each, wanted)]
            return Matches(list(dict.fromkeys(sure)), "words") if sure else None
        if titled:
            return Matches(list(dict.fromkeys((*titled, *with_words))), "title")
        if with_words:
            return Matches(with_words, "words")
        if beginning := self._beginning(wanted, limit):
            return Matches(beginning, "prefix")
        ranking = self._rank(query, 1)
        if ranking.threads:
            return Matches([ranking.threads[0].thread], "tweets")
        if self._starts_an_id(wanted):
            return None  # it is no misspelt word
        better = self.repaired(wanted)
        return self.matches(better, limit) if better != wanted else None

    def not_found(self, reference: str) -> ThreadNotFound:
        """Return the error that no thread matches `reference`, with ids that start with it."""
        wanted = reference_of(reference)[1]
        starting = self._starts_an_id(wanted)
        return ThreadNotFound(reference, "id" if starting else kind_of(wanted), starting)

    def _starts_an_id(self, reference: str) -> list[str]:
        """Return the first few ids of threads that start with `reference`, if it is hexadecimal."""
        start = reference.lower()
        if not START_OF_ID.fullmatch(start):
            return []
        room = 4 * (ID_LENGTH - len(start))
        least = number_of(start) << room
        found = self.catalogue.ids_between(least, least + (1 << room))
        return [alias_of(each) for each in found[:IDS_OFFERED].tolist()]

    def linked(self, key: str) -> list[int]:
        """Return the numbers of the threads with that key, or with a tweet that has it."""
        return self.names.linked(key64(key))

    def may_know(self, keys: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return bool[len(keys)]: which of these hashed keys a thread or tweet has.

        Those of masked threads count as well.
        """
        return self.names.may_know(keys)

    def with_tweets(self, keys: Iterable[int]) -> set[int]:
        """Return the numbers of the threads that have any of these hashed keys."""
        return {number for key in keys for number in self.names.linked(key)}

    def titles(self, typed: str, limit: int) -> list[ThreadSummary]:
        """Return threads whose title has, for every word typed, a word that begins with it."""
        return self.catalogue.summaries(self.names.holding(typed, limit))

    def authors(self, typed: str, limit: int) -> list[str]:
        """Return handles of authors: those that begin with `typed`, then those that contain it."""
        wanted = typed.strip().lstrip("@").lower()
        holding = [each for each in self.catalogue.authors if wanted in each.lower()]
        return sorted(holding, key=lambda each: not each.lower().startswith(wanted))[:limit]

    def examples(self, limit: int) -> list[str]:
        """Return up to `limit` topics of the first threads, a few words each, to ask about."""
        sure: dict[str, None] = {}
        others: dict[str, None] = {}
        for number in self.catalogue.first(limit * 4):
            topic, tweets = self._topic(self.catalogue.title(number))
            if topic:
                (others if tweets < SEVERAL else sure)[topic] = None
            if len(sure) == limit:  # each topic of a large library takes long
                break
        return [*(sure | others)][:limit]

    def _topic(self, title: str) -> tuple[str, int]:
        """Return words of `title` that belong together, and how many tweets have them together.

        Words belong together if no stop word and no punctuation is between them. Of all such words
        those in the most tweets are chosen; if no two tweets share any, two or three that stand
        apart from others; else the beginning of the title.
        """
        best, most = "", 0
        if not any(UNSPACED.fullmatch(each) for each in title):
            for clause in CLAUSE_END.split(title.lstrip(QUOTES)):
                for some, is_whole in self._neighbours(clause):
                    number = self._together(some, most)
                    if number < SEVERAL:
                        number = int(is_whole)
                    if number > most:
                        most = number
                        best = _with_article(clause, some[0].start, some[-1].end)
        return (best, most) if best else (self._beginning_of(title), 0)

    def _together(self, words: Sequence[Token], least: int) -> int:
        """Return how many tweets have two neighbouring words; 0 if it cannot be more than `least`.

        Three words are in no more tweets than two of them, so they are not looked for.
        """
        terms = tuple(each.term for each in words)
        if len(terms) > PAIR or min(map(self.index.document_frequency, terms)) <= least:
            return 0
        return self.index.count(Phrase(" ".join(terms), terms))

    def _neighbours(self, clause: str) -> Iterator[tuple[list[Token], bool]]:
        """Yield all two or three neighbouring words, and whether they stand apart from others."""
        for run in self._runs(clause):
            for length in TOPIC_WORDS:
                for at in range(len(run) - length + 1):
                    yield run[at : at + length], len(run) == length

    def _runs(self, clause: str) -> list[list[Token]]:
        """Return the words of `clause` that tweets have, cut at stop words and punctuation."""
        runs: list[list[Token]] = [[]]
        end = 0
        for token in self.index.analyzer.tokens(clause):
            if clause[end : token.start].strip():
                runs.append([])
            end = token.end
            if token.is_stop or not self.index.document_frequency(token.term):
                runs.append([])
            else:
                runs[-1].append(token)
        return runs

    def _beginning_of(self, title: str) -> str:
        """Return the beginning of `title`: whole words, without stop words at its end."""
        clause = CLAUSE_END.split(title.lstrip(QUOTES), maxsplit=1)[0]
        kept = [
            end
            for term, _, end, is_stop in self.index.analyzer.tokens(clause)
            if not is_stop and self.index.document_frequency(term)
        ]
        words = [each.end() for each in WORD.finditer(clause[:EXAMPLE_LENGTH])][:EXAMPLE_WORDS]
        ends = [end for end in kept if words and end <= words[-1]]
        return clause[: max(ends)] if ends else ""

    def _exactly(self, reference: str) -> int | None:
        """Return the thread with that id or link, or with a tweet that has it, if any."""
        known = self.catalogue.known_as(reference.lower())
        if known:
            own = number_of(reference)
            return next((each for each in known if self.catalogue.id_of(each) == own), known[0])
        key = f"x:{reference}" if reference.isdecimal() else None
        if "/" in reference:
            key = key_of(reference)
        found = self.linked(key) if key else []
        return found[0] if found else None

    def _titled(self, title: str) -> list[int]:
        """Return the threads with that title."""
        return self.names.titled(key64(normalised(title)))

    def _has_word(self, number: int, word: str) -> bool:
        """Whether the thread's title has `word` as a word."""
        return word.casefold() in normalised(self.catalogue.title(number)).split()

    def _beginning(self, typed: str, limit: int | None) -> list[int]:
        """Return the threads whose titles have words that begin with each word typed."""
        longest = max(folded_words(typed).split(), key=len, default="")
        if len(longest) < LEAST_TYPED and longest.isascii():
            return []
        return self.names.holding(typed, limit)

    def repaired(self, words: str) -> str:
        """Return words with their spelling repaired by the words of the tweets, as stems."""
        return repaired(parse(words, self.index.analyzer), self.index, self._stems())


def _with_article(clause: str, start: int, end: int) -> str:
    """Return the words [start, end) of `clause`, with an article before them."""
    before = clause[:start].split()[-1:]
    words = clause[start:end]
    return f"{before[0].lower()} {words}" if before and before[0].lower() == "the" else words
