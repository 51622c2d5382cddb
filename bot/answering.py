"""A ranking and the threads that it names to an answer: passages, sources, suggestions. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.excerpt import highlights
from bot.language import Sentence, counted, sentence
from bot.merge import merge_family
from bot.models import Answer, Explanation, Hit, Passage, QueryWord, TermShare, Thread
from bot.query import Filters, Query, QueryTerm, said
from bot.rows import Version
from bot.search import RankedThread, Ranking, nearest_words, rank
from bot.snapshot import Snapshot
from bot.sources import sources

MORE_PASSAGES = 2
"""Passages shown of a thread beside its best one."""
HARDLY_ANY, MANY, FAR_MORE = 2, 1_000, 100
"""A word of so few tweets, in so large a library, may be meant to be one of so many times more."""
REPAIRED, COMPARED = 4, 100_000
"""Words of a question that are put right at once, in a library of no more different ones: each is
compared with all of them, half a second for 300,000."""
TITLES_SHOWN = 3
"""Titles told where nothing was found."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of an answer is wanted, and how."""

    limit: int
    """Threads on a page."""
    page: int = 1
    """Which page, from 1; of too high a number the last."""
    newest: bool = False
    """Whether the newest come first, of those with the most of the words; else the best."""
    explain: bool = False
    """Whether to tell what scores are made of."""
    passages: int = 1 + MORE_PASSAGES
    """Tweets of a thread that are told whole."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found."""

    ranking: Ranking
    """The threads of the page that was wanted."""
    hints: tuple[Sentence, ...]
    """What of the question came to nothing."""
    wider: str | None
    """The question without what narrowed it to nothing, where that finds something."""


def searched(snapshot: Snapshot, query: Query, wanted: Wanted) -> Found:
    """The threads for `query` that are wanted, and hints on what of it came to nothing."""
    hints = list(query.hints)
    index, filters = snapshot.index, query.filters
    threads = []
    for each in filters.threads:
        number = snapshot.find(each)
        if number is None:
            hints.append(
                sentence(
                    "No thread matches “{reference}”. Try words from its title, or paste its link.",
                    reference=each,
                )
            )
        else:
            threads.append(snapshot.documents(number))
    allowed = snapshot.fields.allowed(filters, threads)
    hints += _nobody(snapshot, filters)
    by_words = index.allowed(query)
    if by_words is not None:
        allowed = by_words if allowed is None else allowed & by_words
    hints += [
        sentence("No tweet contains the exact phrase “{phrase}”.", phrase=each.text)
        for each in query.phrases
        if not len(index.holding(each))
    ]
    if snapshot.fields.needs_dates(filters) and snapshot.fields.undated:
        hints.append(
            counted(
                snapshot.fields.undated,
                "{count} tweet without a date was left out.",
                "{count} tweets without a date were left out.",
            )
        )
    ranking = rank(
        index,
        query,
        snapshot.starts,
        wanted.limit,
        allowed,
        skip=(wanted.page - 1) * wanted.limit,
        days=snapshot.fields.days if wanted.newest else None,
    )
    wider = None
    if not ranking.threads and allowed is not None and query.terms:
        others = rank(index, query, snapshot.starts, 0).tweets_found
        if others:
            left_out = [f"-{each.text}" for each in query.without]
            named = " ".join([*said(filters), *(f"“{p.text}”" for p in query.phrases), *left_out])
            hints.append(
                counted(
                    others,
                    "{count} tweet matches without {what}.",
                    "{count} tweets match without {what}.",
                    what=named,
                )
            )
            wider = " ".join(each.word for each in query.terms)
    return Found(ranking, tuple(hints), wider)


def _nobody(snapshot: Snapshot, filters: Filters) -> list[Sentence]:
    """What of `filters` no tweet of the library passes, whatever else is asked."""
    alone = [
        *(
            ("from", each, sentence("No tweet here is by @{handle}.", handle=each))
            for each in filters.authors
        ),
        *(
            ("mentions", each, sentence("No tweet here mentions @{handle}.", handle=each))
            for each in filters.mentions
        ),
        *(
            ("site", each, sentence("No tweet here links to {site}.", site=each))
            for each in filters.sites
        ),
    ]
    return [told for key, value, told in alone if not snapshot.fields.has(key, value)]


def answer(
    snapshot: Snapshot,
    query: Query,
    found: Found,
    versions: Sequence[Version],
    wanted: Wanted,
) -> Answer:
    """The answer that what was `found` makes.

    Args:
        snapshot: where it was found.
        query: what was asked.
        found: of `searched`.
        versions: those of the threads that it names.
        wanted: what was wanted of it.
    """
    ranking = found.ranking
    limit = max(wanted.limit, 1)
    words = tuple(
        QueryWord(
            each.word,
            each.term,
            snapshot.index.document_frequency(each.term),
            each.parts,
            is_piece=each.is_piece,
        )
        for each in query.terms
    )
    by_row = {version.id: version.thread for version in versions}
    threads = [
        merge_family([by_row[row] for row in snapshot.entries.versions(each.thread)])
        for each in ranking.threads
    ]
    pairs = zip(ranking.threads, threads, strict=True)
    return Answer(
        question=query.text,
        words=words,
        hits=tuple(
            _hit(place, ranked, thread, _Asked(query, snapshot, ranking, wanted))
            for place, (ranked, thread) in enumerate(pairs, start=ranking.skipped + 1)
        ),
        tweets=ranking.tweets_found,
        threads=ranking.threads_found,
        words_matched=ranking.words_matched,
        tweets_with_most=ranking.tweets_with_most,
        suggestions=_suggestions(query, words, snapshot),
        titles=()
        if ranking.threads
        else tuple(entry.summary for entry in snapshot.entries[:TITLES_SHOWN]),
        generation=snapshot.stamp,
        hints=found.hints,
        took_ms=0.0,
        page=ranking.skipped // limit + 1,
        pages=max(-(-ranking.threads_found // limit), 1),
        newest=wanted.newest,
        wider=found.wider,
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """What passages are made with."""

    query: Query
    snapshot: Snapshot
    ranking: Ranking
    wanted: Wanted


def _hit(place: int, ranked: RankedThread, thread: Thread, asked: _Asked) -> Hit:
    pairs = list(zip(ranked.positions, ranked.scores, strict=True))
    passages = [
        _passage(position, score, ranked.thread, thread, asked)
        for position, score in pairs[: asked.wanted.passages]
    ]
    beside = _beside(thread, ranked.positions[0], asked)
    scores = dict(pairs)
    return Hit(
        rank=place,
        thread=asked.snapshot.entries[ranked.thread].summary,
        best=passages[0],
        more=tuple(passages[1:]),
        more_in_thread=len(ranked.positions) - 1,
        beside=_passage(beside, scores.get(beside, 0.0), ranked.thread, thread, asked)
        if beside
        else None,
    )


def _beside(thread: Thread, position: int, asked: _Asked) -> int | None:
    """The place next to `position` whose tweet has the most words that the tweet there lacks.

    Where it has none, there is none; of two that have as many it is the later one.
    """
    if len(asked.query.terms) < 2:
        return None

    def held(place: int) -> set[str]:
        tokens = asked.snapshot.index.analyzer.tokens(thread.tweets[place - 1].text)
        return {each.term for each in asked.query.terms} & {each.term for each in tokens}

    own = held(position)
    near = [each for each in (position + 1, position - 1) if 1 <= each <= len(thread.tweets)]
    best = max(near, key=lambda each: len(held(each) - own), default=None)
    return best if best and held(best) - own else None


def _passage(position: int, score: float, number: int, thread: Thread, asked: _Asked) -> Passage:
    tweet = thread.tweets[position - 1]
    terms = {each.term for each in asked.query.terms}
    doc = asked.snapshot.documents(number)[0] + position - 1
    return Passage(
        position=position,
        score=score,
        tweet=tweet,
        highlights=highlights(tweet.text, terms, asked.snapshot.index.analyzer),
        sources=sources(thread, tweet),
        explanation=_explanation(tweet.text, doc, score, asked) if asked.wanted.explain else None,
    )


def _explanation(text: str, doc: int, score: float, asked: _Asked) -> Explanation:
    index, learned = asked.snapshot.index, asked.ranking.learned
    tokens = index.analyzer.tokens(text)
    held = Counter(each.term for each in tokens)
    shares = tuple(
        TermShare(
            each.word, held[each.term], index.idf[each.term], index.contribution(each.term, doc)
        )
        for each in asked.query.terms
        if each.term in held
    )
    rank_of = {number: at for at, number in enumerate(learned.numbers.tolist())} if learned else {}
    shared = {
        rank_of[number]: text[each.start : each.end]
        for each in tokens
        if (number := index.postings.number(each.term)) in rank_of
    }
    boost = score - sum(each.score for each in shares)
    return Explanation(
        shares, boost, tuple(shared[at] for at in sorted(shared)) if boost > 0 else ()
    )


def _suggestions(query: Query, words: Sequence[QueryWord], snapshot: Snapshot) -> tuple[str, ...]:
    """The question with the words that no tweet holds, or hardly any, put right in a few ways.

    The rarest word is tried in each way; others that no tweet holds in their likeliest.
    """
    pairs = list(zip(query.terms, words, strict=True))
    term, word = min(pairs, key=lambda each: each[1].tweets, default=(None, None))
    if term is None or word is None:
        return ()
    if word.tweets and (word.tweets > HARDLY_ANY or len(snapshot.index) < MANY):
        return ()
    known = snapshot.words()
    repairs = {term: _filter_for(term.word, snapshot) or _near(term, word, known, snapshot)}
    for other, theirs in pairs if len(known) <= COMPARED else ():
        if not theirs.tweets and other is not term and len(repairs) < REPAIRED:
            near = _filter_for(other.word, snapshot) or _near(other, theirs, known, snapshot)
            repairs[other] = near[:1]
    ways = repairs.pop(term) or [term.word]
    fixed = (_with(query.text, {term: way, **_firsts(repairs)}) for way in ways)
    return tuple(dict.fromkeys(each for each in fixed if each != query.text))


def _near(
    term: QueryTerm, word: QueryWord, known: Mapping[str, str], snapshot: Snapshot
) -> list[str]:
    """Words that `term` may have been meant to be, likeliest first, written as it is."""
    frequency = snapshot.index.document_frequency
    near = [
        each
        for other, each in nearest_words(term.word, known, frequency)
        if not word.tweets or frequency(other) >= FAR_MORE * word.tweets
    ]
    return [each.lower() for each in near] if term.word.islower() else near


def _filter_for(word: str, snapshot: Snapshot) -> list[str]:
    """The operators that find what a handle as a word does not: whom tweets mention or are by."""
    if not word.startswith("@"):
        return []
    name = word[1:].lower()
    return [f"{key}:{name}" for key in ("mentions", "from") if snapshot.fields.has(key, name)]


def _firsts(repairs: Mapping[QueryTerm, Sequence[str]]) -> dict[QueryTerm, str]:
    return {term: ways[0] for term, ways in repairs.items() if ways}


def _with(text: str, repairs: Mapping[QueryTerm, str]) -> str:
    """`text` with other words in the place of some."""
    for term in sorted(repairs, key=lambda each: each.start, reverse=True):
        text = f"{text[: term.start]}{repairs[term]}{text[term.start + len(term.word) :]}"
    return text
