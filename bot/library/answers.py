"""Searches a snapshot, and turns what was found into an answer. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import regex

from bot.i18n.messages import Sentence, counted, sentence
from bot.library.passages import Context, hits
from bot.library.snapshot.filter_columns import needs_dates
from bot.library.snapshot.lookup import Matches
from bot.library.snapshot.served import Served
from bot.library.snapshot.views import Choice, Paging
from bot.library.suggestions import suggestions
from bot.models import (
    Answer,
    QueryWord,
    ThreadSummary,
)
from bot.search.characters import is_character, with_pairs
from bot.search.query import Filters, Query, operators, parse
from bot.search.query_terms import QueryTerm
from bot.search.ranking import Ranking
from bot.search.spelling import Vocabulary, may_be_misspelt, repaired, replaced
from bot.store.rows import Version

PASSAGES = 5
"""Tweets of a thread on all pages of an answer; a question about one thread shows all."""
STARRED = regex.compile(r"(?<!\S)([\p{L}\p{N}][\p{L}\p{M}\p{N}'’-]+)\*(?!\S)")
"""A word with a `*` at its end, which other search engines complete."""
TITLES_SHOWN = 3
"""Titles shown when nothing was found."""
TITLE_LENGTH = 60
"""Characters of a title in a hint."""


@dataclass(frozen=True, slots=True)
class AnswerOptions:
    """What an answer should contain."""

    limit: int
    """Tweets on a page."""
    page: int = 1
    """The page, from 1; a number too high gives the last page."""
    newest: bool = False
    """Newest first, of the tweets with the most words; by default best match first."""
    explain: bool = False
    """Whether to explain the scores."""
    passages: int = PASSAGES
    """Tweets shown of each thread, on all pages together, unless one thread is asked for."""
    exact: bool = False
    """Whether to search for the question as written, never for a repair of it."""
    only: tuple[int, ...] | None = None
    """The documents to search; all by default."""


@dataclass(frozen=True, slots=True)
class Found:
    """The result of a search."""

    query: Query
    """What was searched for: the question, or a repair of its spelling."""
    asked: str | None
    """The question as asked, if `query` is a repair of it."""
    ranking: Ranking
    """The tweets on the page, by thread."""
    hints: tuple[Sentence, ...]
    """Which parts of the question had no effect or no match."""
    wider: str | None
    """The question without its filters, if only they made it find nothing."""
    repair: str | None = None
    """What a repair of the spelling gave, if it was looked for and is not what was searched for."""
    vocabulary: Vocabulary | None = None
    """The words among which a repair was looked for."""


def is_repaired(snapshot: Served, query: Query, options: AnswerOptions) -> bool:
    """Whether `search` looks among all words of the library, for a repair of the spelling too."""
    return is_character(query) or (
        not options.exact and bool(may_be_misspelt(query, snapshot.index))
    )


def search(snapshot: Served, query: Query, options: AnswerOptions) -> Found:
    """Rank the tweets for `query`, or for a repair of its spelling that finds more.

    A handle alone finds what its author wrote, or else the tweets that mention it, if no tweet has
    it among its words. One character of a script without spaces finds all tweets with it.
    """
    if is_character(query):
        return _search(snapshot, with_pairs(query, snapshot.index), options)
    found = _search(snapshot, query, options)
    if term := _handle_alone(query):
        return _of_handle(snapshot, query, found, term, options)
    if not is_repaired(snapshot, query, options):
        return found
    vocabulary = snapshot.vocabulary()
    text = _without_stars(repaired(query, snapshot.index, vocabulary), query.text)
    found = replace(found, repair=text, vocabulary=vocabulary)
    if text == query.text:
        return found
    better = _search(snapshot, parse(text, snapshot.index.analyzer), options)
    if not better.ranking.tweets_found:
        return found  # the filters leave nothing of it
    return replace(better, asked=query.text)


def _without_stars(text: str, question: str) -> str:
    """Return a question instead of `question` without the `*` at words' ends, if it is another."""
    return text if text == question else STARRED.sub(r"\1", text)


def _handle_alone(query: Query) -> QueryTerm | None:
    """Return the handle that is the only word of a question, if it is one."""
    if len(query.terms) != 1 or query.phrases:
        return None
    term = query.terms[0]
    return term if term.word.startswith("@") else None


def _of_handle(
    snapshot: Served, query: Query, found: Found, term: QueryTerm, options: AnswerOptions
) -> Found:
    """Return what a question for a handle finds, and which operators find more.

    Args:
        snapshot: where to search.
        query: the question.
        found: the tweets that have the handle among their words.
        term: the handle.
        options: the options of the search.
    """
    handle = term.word[1:].lower()
    ways = {
        "from": sentence(
            "Tweets by @{handle}: {operator}", handle=handle, operator=f"from:{handle}"
        ),
        "mentions": sentence(
            "Tweets that mention @{handle}: {operator}",
            handle=handle,
            operator=f"mentions:{handle}",
        ),
    }
    known = [key for key in ways if snapshot.filter_columns.has(key, handle)]
    if not known:
        return found
    if not snapshot.index.document_frequency(term.term):
        text = replaced(query.text, {term: f"{known[0]}:{handle}"})
        asked = replace(parse(text, snapshot.index.analyzer), text=query.text)
        better = _search(snapshot, asked, options)
        found = better if better.ranking.tweets_found else found
    return replace(found, hints=(*found.hints, *(ways[key] for key in known)))


def _search(snapshot: Served, query: Query, options: AnswerOptions) -> Found:
    """Rank the tweets for `query`, and say which parts of it found nothing."""
    threads, thread_hints = _threads(snapshot, query.filters)
    choice = Choice(query.filters, tuple(threads), options.only)
    is_one = len(threads) == 1
    paging = Paging(
        page=options.page,
        cap=None if is_one else options.passages,
        set_apart=not is_one,
        newest=options.newest,
    )
    ranking = snapshot.rank(query, options.limit, choice, paging)
    hints = (
        *query.hints,
        *_star_hints(query),
        *thread_hints,
        *_filter_hints(snapshot, query.filters),
        *_phrase_hints(snapshot, query),
        *_date_hints(snapshot, query, threads),
    )
    if not (ranking.tweets_found or query.terms or hints) and query.filters:
        filters = " ".join(operators(query.filters))
        hints = (sentence("No tweet matches {filters}.", filters=filters),)
    found = Found(query, None, ranking, hints, wider=None)
    if ranking.tweets_found or not query.terms or not snapshot.restricts(query, choice):
        return found
    matches = snapshot.rank(query, 0).tweets_found
    if not matches:
        return found
    wider = query.character or " ".join(each.word for each in query.terms)
    return replace(found, hints=(*hints, _wider_hint(query, matches)), wider=wider)


def _threads(snapshot: Served, filters: Filters) -> tuple[list[tuple[int, int]], list[Sentence]]:
    """Return the [start, end) documents of the threads to search, and hints on the choice."""
    found: list[tuple[int, int]] = []
    hints: list[Sentence] = []
    for reference in filters.threads:
        matches = snapshot.lookup.matches(reference)
        if matches is None:
            hints.append(snapshot.lookup.not_found(reference).hint)
        else:
            number = matches.numbers[0]
            found.append(snapshot.documents(number))
            hints += _choice_hints(snapshot, reference, matches)
    return found, hints


def _choice_hints(snapshot: Served, reference: str, matches: Matches) -> list[Sentence]:
    """Return a hint on which thread was taken, if other threads fit or if it is a guess."""
    entry, others = snapshot.catalogue[matches.numbers[0]], len(matches.numbers) - 1
    title = entry.summary.title
    if len(title) > TITLE_LENGTH:
        title = f"{title[:TITLE_LENGTH].rstrip()}…"
    if others:
        return [
            counted(
                others,
                "“thread:{words}” is “{title}” here. {count} other thread has this in its title.",
                "“thread:{words}” is “{title}” here. {count} other threads have this in their "
                "title.",
                words=reference,
                title=title,
            )
        ]
    if matches.kind == "tweets":
        return [
            sentence(
                "“thread:{words}” is “{title}” here: no title has these words, but a tweet of this "
                "thread does.",
                words=reference,
                title=title,
            )
        ]
    return []


def _filter_hints(snapshot: Served, filters: Filters) -> list[Sentence]:
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


def _star_hints(query: Query) -> list[Sentence]:
    """Return a hint on each word with a `*` at its end."""
    return [
        sentence(
            "“{typed}”: the * is no operator here. The search is for the word “{word}”.",
            typed=each[0],
            word=each[1],
        )
        for each in STARRED.finditer(query.text)
    ]


def _phrase_hints(snapshot: Served, query: Query) -> list[Sentence]:
    """Return a hint on each phrase that no tweet contains."""
    return [
        sentence("No tweet contains the exact phrase “{phrase}”.", phrase=each.text)
        for each in query.phrases
        if not snapshot.index.count(each)
    ]


def _date_hints(
    snapshot: Served, query: Query, threads: Sequence[tuple[int, int]]
) -> list[Sentence]:
    """Return a hint on tweets that only lack a date, if the filters need dates."""
    columns = snapshot.filter_columns
    if not needs_dates(query.filters) or not (undated := columns.undated):
        return []
    if undated == len(snapshot.index):
        return [sentence("No tweet here has a date, so filters by date find nothing.")]
    dateless = replace(query, filters=replace(query.filters, since=None, until=None))
    choice = Choice(dateless.filters, tuple(threads), undated=True)
    undated = snapshot.rank(dateless, 0, choice).tweets_found
    if not undated:
        return []
    return [
        counted(
            undated,
            "{count} matching tweet was left out because it has no date.",
            "{count} matching tweets were left out because they have no date.",
        )
    ]


def _wider_hint(query: Query, matches: int) -> Sentence:
    """Return the hint that `matches` tweets match without the filters, phrases and exclusions."""
    narrowing = [
        *operators(query.filters),
        *(f"“{each.text}”" for each in query.phrases),
        *(f"-{each.text}" for each in query.without),
    ]
    return counted(
        matches,
        "{count} tweet matches without {what}.",
        "{count} tweets match without {what}.",
        what=" ".join(narrowing),
    )


def answer(
    snapshot: Served,
    found: Found,
    versions: Sequence[Version],
    options: AnswerOptions,
) -> Answer:
    """Build the answer from what `search` found.

    Args:
        snapshot: where it was found.
        found: what `search` returned.
        versions: the versions of the threads found.
        options: the options of the search.
    """
    query, ranking = found.query, found.ranking
    words = _words(snapshot, query)
    context = Context(query, snapshot, ranking, options.explain)
    return Answer(
        question=query.text,
        words=words,
        hits=hits(context, versions),
        tweets=ranking.tweets_found,
        threads=ranking.threads_found,
        words_matched=ranking.words_matched,
        tweets_with_most=ranking.tweets_with_most,
        suggestions=()
        if found.asked or query.character
        else _useful(
            suggestions(query, snapshot, found.repair, found.vocabulary), query.text, snapshot
        ),
        titles=() if ranking.threads else _some_threads(snapshot),
        generation=snapshot.version,
        hints=found.hints,
        took_ms=0.0,
        page=ranking.page,
        pages=ranking.pages,
        apart=ranking.apart,
        newest=options.newest,
        wider=found.wider,
        asked=found.asked,
        exact=options.exact,
        listed=ranking.listed,
    )


def _useful(questions: Sequence[str], question: str, snapshot: Served) -> tuple[str, ...]:
    """Return those of the questions that find something instead of `question`."""
    count = AnswerOptions(limit=0)
    return tuple(
        each
        for each in dict.fromkeys(_without_stars(each, question) for each in questions)
        if _search(snapshot, parse(each, snapshot.index.analyzer), count).ranking.tweets_found
    )


def _words(snapshot: Served, query: Query) -> tuple[QueryWord, ...]:
    """Return the words of the question, each with the number of tweets that contain it."""
    if query.character:
        tweets = snapshot.rank(query, 0).tweets_found
        return (QueryWord(query.character, query.character, tweets),)
    return tuple(
        QueryWord(
            each.word,
            each.term,
            snapshot.index.document_frequency(each.term),
            each.parts,
            is_piece=each.is_piece,
        )
        for each in query.terms
    )


def _some_threads(snapshot: Served) -> tuple[ThreadSummary, ...]:
    """Return the longest few threads of the library, whole ones before previews."""
    longest = snapshot.catalogue.longest(TITLES_SHOWN)
    return tuple(snapshot.catalogue[each].summary for each in longest)
