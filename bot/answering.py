"""A ranking and the threads that it names to an answer: passages, sources, suggestions. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bot.excerpt import highlights
from bot.merge import merge_family
from bot.models import Answer, Hit, Passage, QueryWord, Thread
from bot.query import Query
from bot.rows import Version
from bot.search import RankedThread, Ranking, nearest_words
from bot.snapshot import Snapshot
from bot.sources import sources

MORE_PASSAGES = 2
"""Passages shown of a thread beside its best one."""
TITLES_SHOWN = 3
"""Titles told where nothing was found."""


def answer(
    snapshot: Snapshot, query: Query, ranking: Ranking, versions: Sequence[Version]
) -> Answer:
    """The answer that `ranking` makes; `versions` are those of the threads that it names."""
    words = tuple(
        QueryWord(each.word, each.term, snapshot.index.document_frequency(each.term))
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
            _hit(place, ranked, thread, query, snapshot)
            for place, (ranked, thread) in enumerate(pairs, start=1)
        ),
        tweets=ranking.tweets_found,
        threads=ranking.threads_found,
        words_matched=ranking.words_matched,
        tweets_with_most=ranking.tweets_with_most,
        suggestions=_suggestions(query, words, snapshot),
        titles=()
        if ranking.threads
        else tuple(entry.summary for entry in snapshot.entries[:TITLES_SHOWN]),
        generation=snapshot.generation,
        took_ms=0.0,
    )


def _hit(place: int, ranked: RankedThread, thread: Thread, query: Query, snapshot: Snapshot) -> Hit:
    terms = {each.term for each in query.terms}
    passages = [
        Passage(
            position=position,
            score=score,
            tweet=thread.tweets[position - 1],
            highlights=highlights(thread.tweets[position - 1].text, terms, snapshot.index.analyzer),
            sources=sources(thread, thread.tweets[position - 1]),
        )
        for position, score in zip(
            ranked.positions[: 1 + MORE_PASSAGES], ranked.scores, strict=False
        )
    ]
    return Hit(
        rank=place,
        thread=snapshot.entries[ranked.thread].summary,
        best=passages[0],
        more=tuple(passages[1:]),
        more_in_thread=len(ranked.positions) - 1,
    )


def _suggestions(query: Query, words: Sequence[QueryWord], snapshot: Snapshot) -> tuple[str, ...]:
    """The question with each word that no tweet holds put right, in a few ways."""
    unknown = next(
        (term for term, word in zip(query.terms, words, strict=True) if word.tweets == 0), None
    )
    if unknown is None:
        return ()
    near = nearest_words(unknown.word, list(snapshot.words.values()))
    if unknown.word.islower():
        near = [word.lower() for word in near]
    before, after = query.text[: unknown.start], query.text[unknown.start + len(unknown.word) :]
    fixed = (f"{before}{word}{after}" for word in near)
    return tuple(dict.fromkeys(each for each in fixed if each != query.text))
