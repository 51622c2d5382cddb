"""Builds an answer's hits: passages with highlights, sources and explanations. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bot.library.snapshot.snapshot import Snapshot
from bot.library.snapshot.sources import sources
from bot.library.snapshot.thread_merge import merge_versions
from bot.models import Explanation, Hit, Passage, TermShare, Thread
from bot.search.analyzer import Token
from bot.search.highlights import highlights
from bot.search.query import Query
from bot.search.ranking import RankedThread, Ranking
from bot.store.rows import Version


@dataclass(frozen=True, slots=True)
class Context:
    """What passages are built from."""

    query: Query
    """The question."""
    snapshot: Snapshot
    """Where the passages are from."""
    ranking: Ranking
    """What the question found."""
    passages: int
    """Tweets shown of each thread."""
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
    """Return the hit of `thread`, with its best passages and the tweet adjacent to the best."""
    pairs = list(zip(ranked.positions, ranked.scores, strict=True))
    passages = [
        _passage(position, score, ranked.thread, thread, context)
        for position, score in pairs[: context.passages]
    ]
    beside = _beside(thread, ranked.positions[0], context)
    scores = dict(pairs)
    return Hit(
        rank=rank,
        thread=context.snapshot.catalogue[ranked.thread].summary,
        best=passages[0],
        more=tuple(passages[1:]),
        more_in_thread=len(ranked.positions) - 1,
        beside=_passage(beside, scores.get(beside, 0.0), ranked.thread, thread, context)
        if beside
        else None,
    )


def _beside(thread: Thread, position: int, context: Context) -> int | None:
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


def _passage(position: int, score: float, number: int, thread: Thread, context: Context) -> Passage:
    """Return the tweet at `position` of `thread`, which has that number in the snapshot."""
    tweet = thread.tweets[position - 1]
    terms = {each.term for each in context.query.terms}
    doc = context.snapshot.documents(number)[0] + position - 1
    return Passage(
        position=position,
        score=score,
        tweet=tweet,
        highlights=highlights(tweet.text, terms, context.snapshot.index.analyzer),
        sources=sources(thread, tweet),
        explanation=_explanation(tweet.text, doc, score, context) if context.explain else None,
    )


def _explanation(text: str, doc: int, score: float, context: Context) -> Explanation:
    """Explain the score of the tweet `text`, which is document `doc`."""
    index = context.snapshot.index
    tokens = index.analyzer.tokens(text)
    held = Counter(each.term for each in tokens)
    shares = tuple(
        TermShare(
            each.word, held[each.term], index.idf[each.term], index.contribution(each.term, doc)
        )
        for each in context.query.terms
        if each.term in held
    )
    boost = score - sum(each.score for each in shares)
    return Explanation(shares, boost, _shared_words(text, tokens, context) if boost > 0 else ())


def _shared_words(text: str, tokens: Sequence[Token], context: Context) -> tuple[str, ...]:
    """Return the words of `text` that the best tweets share, the most telling first."""
    postings, learned = context.snapshot.index.postings, context.ranking.learned
    rank_of = {number: at for at, number in enumerate(learned.term_ids.tolist())} if learned else {}
    words = {
        rank_of[number]: text[each.start : each.end]
        for each in tokens
        if (number := postings.term_id(each.term)) in rank_of
    }
    return tuple(words[rank] for rank in sorted(words))
