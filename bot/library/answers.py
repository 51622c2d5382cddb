"""Searches a snapshot, and turns a ranking and its threads into an answer. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.i18n.messages import Sentence, counted, sentence
from bot.library.snapshot.snapshot import Snapshot
from bot.library.snapshot.sources import sources
from bot.library.snapshot.thread_merge import merge_versions
from bot.library.suggestions import suggestions
from bot.models import Answer, Explanation, Hit, Passage, QueryWord, TermShare, Thread
from bot.search.highlights import highlights
from bot.search.query import Filters, Query, operators
from bot.search.ranking import RankedThread, Ranking, rank
from bot.store.rows import Version

PASSAGES = 3
"""Passages shown of a thread."""
TITLES_SHOWN = 3
"""Titles shown when nothing was found."""


@dataclass(frozen=True, slots=True)
class AnswerOptions:
    """What an answer should contain."""

    limit: int
    """Threads on a page."""
    page: int = 1
    """The page, from 1; a number too high gives the last page."""
    newest: bool = False
    """Newest first, of the tweets with the most words; by default best match first."""
    explain: bool = False
    """Whether to explain the scores."""
    passages: int = PASSAGES
    """Tweets shown of each thread."""


@dataclass(frozen=True, slots=True)
class Found:
    """The result of a search."""

    ranking: Ranking
    """The threads on the page."""
    hints: tuple[Sentence, ...]
    """Which parts of the question had no effect or no match."""
    wider: str | None
    """The question without its filters, if only they made it find nothing."""


def search(snapshot: Snapshot, query: Query, options: AnswerOptions) -> Found:
    """Rank the threads for `query`, and say which parts of it found nothing."""
    hints = list(query.hints)
    index, filters = snapshot.index, query.filters
    threads = []
    for each in filters.threads:
        number = snapshot.lookup.find(each)
        if number is None:
            hints.append(
                sentence(
                    "No thread matches “{reference}”. Try words from its title, or paste its link.",
                    reference=each,
                )
            )
        else:
            threads.append(snapshot.documents(number))
    allowed = snapshot.filter_columns.allowed(filters, threads)
    hints += _filter_hints(snapshot, filters)
    by_words = index.allowed(query)
    if by_words is not None:
        allowed = by_words if allowed is None else allowed & by_words
    hints += [
        sentence("No tweet contains the exact phrase “{phrase}”.", phrase=each.text)
        for each in query.phrases
        if not len(index.holding(each))
    ]
    if snapshot.filter_columns.needs_dates(filters) and snapshot.filter_columns.undated:
        hints.append(
            counted(
                snapshot.filter_columns.undated,
                "{count} tweet without a date was left out.",
                "{count} tweets without a date were left out.",
            )
        )
    ranking = rank(
        index,
        query,
        snapshot.starts,
        options.limit,
        allowed,
        skip=(options.page - 1) * options.limit,
        days=snapshot.filter_columns.days if options.newest else None,
    )
    wider = None
    if not ranking.threads and allowed is not None and query.terms:
        others = rank(index, query, snapshot.starts, 0).tweets_found
        if others:
            left_out = [f"-{each.text}" for each in query.without]
            named = " ".join(
                [*operators(filters), *(f"“{p.text}”" for p in query.phrases), *left_out]
            )
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


def _filter_hints(snapshot: Snapshot, filters: Filters) -> list[Sentence]:
    """Return hints on filters that no tweet of the library passes."""
    checks = [
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
    return [hint for key, value, hint in checks if not snapshot.filter_columns.has(key, value)]


def answer(
    snapshot: Snapshot,
    query: Query,
    found: Found,
    versions: Sequence[Version],
    options: AnswerOptions,
) -> Answer:
    """Build the answer from what `search` found.

    Args:
        snapshot: where it was found.
        query: the question.
        found: what `search` returned.
        versions: the versions of the threads found.
        options: the options of the search.
    """
    ranking = found.ranking
    limit = max(options.limit, 1)
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
        merge_versions([by_row[row] for row in snapshot.catalogue.versions(each.thread)])
        for each in ranking.threads
    ]
    pairs = zip(ranking.threads, threads, strict=True)
    return Answer(
        question=query.text,
        words=words,
        hits=tuple(
            _hit(place, ranked, thread, _Context(query, snapshot, ranking, options))
            for place, (ranked, thread) in enumerate(pairs, start=ranking.skipped + 1)
        ),
        tweets=ranking.tweets_found,
        threads=ranking.threads_found,
        words_matched=ranking.words_matched,
        tweets_with_most=ranking.tweets_with_most,
        suggestions=suggestions(query, words, snapshot),
        titles=()
        if ranking.threads
        else tuple(entry.summary for entry in snapshot.catalogue[:TITLES_SHOWN]),
        generation=snapshot.version,
        hints=found.hints,
        took_ms=0.0,
        page=ranking.skipped // limit + 1,
        pages=max(-(-ranking.threads_found // limit), 1),
        newest=options.newest,
        wider=found.wider,
    )


@dataclass(frozen=True, slots=True)
class _Context:
    """What passages are built from."""

    query: Query
    """The question."""
    snapshot: Snapshot
    """Where the passages are from."""
    ranking: Ranking
    """What the question found."""
    options: AnswerOptions
    """The options of the search."""


def _hit(place: int, ranked: RankedThread, thread: Thread, context: _Context) -> Hit:
    pairs = list(zip(ranked.positions, ranked.scores, strict=True))
    passages = [
        _passage(position, score, ranked.thread, thread, context)
        for position, score in pairs[: context.options.passages]
    ]
    beside = _beside(thread, ranked.positions[0], context)
    scores = dict(pairs)
    return Hit(
        rank=place,
        thread=context.snapshot.catalogue[ranked.thread].summary,
        best=passages[0],
        more=tuple(passages[1:]),
        more_in_thread=len(ranked.positions) - 1,
        beside=_passage(beside, scores.get(beside, 0.0), ranked.thread, thread, context)
        if beside
        else None,
    )


def _beside(thread: Thread, position: int, context: _Context) -> int | None:
    """Return the position next to `position` whose tweet has most words that this one lacks.

    None if both neighbours have no more words. Of two equally good neighbours, the later one.
    """
    if len(context.query.terms) < 2:
        return None

    def held(place: int) -> set[str]:
        tokens = context.snapshot.index.analyzer.tokens(thread.tweets[place - 1].text)
        return {each.term for each in context.query.terms} & {each.term for each in tokens}

    own = held(position)
    near = [each for each in (position + 1, position - 1) if 1 <= each <= len(thread.tweets)]
    best = max(near, key=lambda each: len(held(each) - own), default=None)
    return best if best and held(best) - own else None


def _passage(
    position: int, score: float, number: int, thread: Thread, context: _Context
) -> Passage:
    tweet = thread.tweets[position - 1]
    terms = {each.term for each in context.query.terms}
    doc = context.snapshot.documents(number)[0] + position - 1
    return Passage(
        position=position,
        score=score,
        tweet=tweet,
        highlights=highlights(tweet.text, terms, context.snapshot.index.analyzer),
        sources=sources(thread, tweet),
        explanation=_explanation(tweet.text, doc, score, context)
        if context.options.explain
        else None,
    )


def _explanation(text: str, doc: int, score: float, context: _Context) -> Explanation:
    index, learned = context.snapshot.index, context.ranking.learned
    tokens = index.analyzer.tokens(text)
    held = Counter(each.term for each in tokens)
    shares = tuple(
        TermShare(
            each.word, held[each.term], index.idf[each.term], index.contribution(each.term, doc)
        )
        for each in context.query.terms
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
