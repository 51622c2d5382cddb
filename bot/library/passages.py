"""Builds an answer's hits: passages with highlights, sources and explanations. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.library.snapshot.searched_text import searched_text
from bot.library.snapshot.served import Served
from bot.library.snapshot.sources import sources
from bot.library.snapshot.thread_merge import merge_versions
from bot.models import Explanation, Hit, Passage, TermShare, Thread
from bot.search.analyzer import Token
from bot.search.bm25.idf import lucene_idf
from bot.search.characters import occurrences
from bot.search.first_tweets import WEIGHT
from bot.search.highlights import highlights
from bot.search.query import Query
from bot.search.ranking import RankedThread, Ranking
from bot.store.rows import Version


@dataclass(frozen=True, slots=True)
class Context:
    """What passages are built from."""

    query: Query
    """The question."""
    snapshot: Served
    """Where the passages are from."""
    ranking: Ranking
    """What the question found."""
    explain: bool
    """Whether to explain the scores."""


def hits(context: Context, versions: Sequence[Version]) -> tuple[Hit, ...]:
    """Return the hits of the page; `versions` has all versions of their threads."""
    ranking, catalogue = context.ranking, context.snapshot.catalogue
    by_row = {version.id: version.thread for version in versions}
    threads = [
        merge_versions([by_row[row] for row in catalogue.versions(each.thread)])
        for each in ranking.threads
    ]
    pairs = zip(ranking.threads, threads, strict=True)
    return tuple(
        _hit(rank, ranked, thread, context)
        for rank, (ranked, thread) in enumerate(pairs, start=ranking.skipped + 1)
    )


def _hit(rank: int, ranked: RankedThread, thread: Thread, context: Context) -> Hit:
    """Return the hit of `thread`: its tweets on the page, best first."""
    best, *more = (
        _passage(position, score, ranked.thread, thread, context)
        for position, score in zip(ranked.positions, ranked.scores, strict=True)
    )
    return Hit(
        rank=rank,
        thread=context.snapshot.catalogue[ranked.thread].summary,
        best=best,
        more=tuple(more),
        more_in_thread=ranked.tweets_found - 1,
        partial=ranked.partial,
    )


def _passage(position: int, score: float, number: int, thread: Thread, context: Context) -> Passage:
    """Return the tweet at `position` of `thread`, which has that number in the snapshot."""
    tweet = thread.tweets[position - 1]
    doc = context.snapshot.documents(number)[0] + position - 1
    return Passage(
        position=position,
        score=score,
        tweet=tweet,
        highlights=_highlights(tweet.text, context),
        sources=sources(thread, tweet),
        explanation=_explanation(doc, position, score, thread, context)
        if context.explain
        else None,
        alt_highlights=tuple(_highlights(each.alt or "", context) for each in tweet.media),
    )


def _highlights(text: str, context: Context) -> tuple[tuple[int, int], ...]:
    """Return where `text` has what was asked for: [start, end) in code points."""
    query = context.query
    if query.character:
        return occurrences(text, query.character)
    terms = {each.term for each in query.terms}
    return highlights(text, terms, context.snapshot.index.analyzer)


def _explanation(
    doc: int, position: int, score: float, thread: Thread, context: Context
) -> Explanation:
    """Explain the score of document `doc`, which is the tweet at `position` of `thread`."""
    text = searched_text(thread.tweets[position - 1])
    tokens = context.snapshot.index.analyzer.tokens(text)
    shares = tuple(_shares(doc, position, thread, context))
    boost = score - sum(each.score for each in shares)
    return Explanation(shares, boost, _shared_words(text, tokens, context) if boost > 0 else ())


def _shares(doc: int, position: int, thread: Thread, context: Context) -> Iterator[TermShare]:
    """Yield what each word of the question adds, if the tweet or its thread's first one has it."""
    index, first = context.snapshot.index, doc - position + 1
    for each in context.query.terms:
        added = index.contribution(each.term, doc)
        from_first = not added
        if from_first:
            added = WEIGHT * index.contribution(each.term, first)
        if added:
            text = searched_text(thread.tweets[0 if from_first else position - 1])
            times = index.analyzer.terms(text).count(each.term)
            yield TermShare(
                each.word,
                times,
                lucene_idf(len(index), index.document_frequency(each.term)),
                added,
                from_first,
            )


def _shared_words(text: str, tokens: Sequence[Token], context: Context) -> tuple[str, ...]:
    """Return the words of `text` that the best tweets share, the most telling first."""
    learned = context.ranking.learned
    terms = context.snapshot.index.learned_terms(learned) if learned else []
    rank_of = {term: rank for rank, term in enumerate(terms)}
    words = {
        rank_of[each.term]: text[each.start : each.end] for each in tokens if each.term in rank_of
    }
    return tuple(words[rank] for rank in sorted(words))
