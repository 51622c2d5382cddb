"""The shapes that `--json` prints. Other programs rely on them: only add keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from bot.models import Answer, Hit, Passage, Source, Thread, ThreadSummary, Tweet
from bot.reports import DumpReport, DumpSummary, Event, Hidden, LibraryStats, LoadReport

Json = dict[str, Any]


def answer_json(answer: Answer, id_: str | None = None) -> Json:
    """`threadbot ask --json`; `asked` is there if the spelling of the question was repaired.

    `id_`: the id of the answer, which the log has too.
    """
    repaired = {"asked": answer.asked} if answer.asked else {}
    named = {"id": id_} if id_ else {}
    return (
        named
        | repaired
        | {
            "query": {"text": answer.question, "terms": [word.term for word in answer.words]},
            "hints": [str(each) for each in answer.hints],
            "tweets": answer.tweets,
            "threads": answer.threads,
            "took_ms": round(answer.took_ms, 3),
            "suggestions": list(answer.suggestions),
            "page": answer.page,
            "pages": answer.pages,
            "hits": [_hit(hit) for hit in answer.hits],
        }
    )


def thread_json(thread: Thread) -> Json:
    """`threadbot thread --json`."""
    return {
        "id": thread.id,
        "title": thread.title,
        "author": thread.author,
        "complete": thread.complete,
        "source_url": thread.source_url,
        "dumps": list(thread.dumps),
        "tweets": [_tweet(place, tweet) for place, tweet in enumerate(thread.tweets, start=1)],
    }


def threads_json(threads: Sequence[ThreadSummary]) -> list[Json]:
    """`threadbot threads --json`."""
    return [
        {
            "id": each.id,
            "title": each.title,
            "author": each.author,
            "tweets": each.tweets,
            "complete": each.complete,
        }
        for each in threads
    ]


def load_json(report: LoadReport, *, parsed: bool = False) -> Json:
    """`threadbot load --json`; with `parsed`, `threadbot check --json`."""
    shape: Json = {
        "dumps": [_dump(each, parsed=parsed) for each in report.dumps],
        "errors": [
            {"file": each.file, "line": each.line, "message": str(each.message)}
            for each in report.errors
        ],
        "generation": report.generation,
    }
    if report.hidden:
        shape["hidden"] = [asdict(each) for each in report.hidden]
    if report.lost_authors:
        shape["lost_authors"] = dict(report.lost_authors)
    if parsed:
        shape["parsed"] = [
            thread_json(thread) for each in report.dumps for thread in each.dump.threads
        ]
    return shape


def record_json(record: DumpSummary | Event) -> Json:
    """An element of `threadbot dumps --json` or `threadbot history --json`."""
    return asdict(record)


def hidden_json(hidden: Hidden) -> Json:
    """An element of `threadbot unhide --json` without a name; `name` is empty if it was erased."""
    return {"id": hidden.id, "kind": hidden.kind, "name": hidden.name}


def stats_json(stats: LibraryStats) -> Json:
    """`threadbot stats --json`."""
    return {
        "generation": stats.generation,
        "dumps": stats.dumps,
        "threads": {"complete": stats.complete, "previews": stats.previews},
        "tweets": stats.tweets,
        "dated": {"tweets": stats.dated, "from": stats.first, "until": stats.last},
        "months": [{"month": each.name, "tweets": each.tweets} for each in stats.months],
        "hosts": {
            "number": stats.all_hosts,
            "top": [{"host": each.name, "tweets": each.tweets} for each in stats.hosts],
        },
        "authors": {
            "number": stats.all_authors,
            "top": [{"author": each.name, "tweets": each.tweets} for each in stats.authors],
            "unknown_tweets": stats.unknown,
        },
    }


def _hit(hit: Hit) -> Json:
    best = hit.best
    partial = {"partial": True} if hit.partial else {}
    return (
        _explained(best)
        | partial
        | {
            "rank": hit.rank,
            "score": best.score,
            "thread": {
                "id": hit.thread.id,
                "title": hit.thread.title,
                "tweets": hit.thread.tweets,
                "complete": hit.thread.complete,
            },
            "position": best.position,
            "author": best.tweet.author,
            "created_at": best.tweet.created_at,
            "text": best.tweet.text,
            "highlights": [list(span) for span in best.highlights],
            "more_in_thread": hit.more_in_thread,
            "more": [_passage(each) for each in hit.more],
            "beside": None,  # the adjacent tweet of earlier versions; it is in `more` now
            "sources": [_source(source) for source in best.sources],
        }
    )


def _explained(passage: Passage) -> Json:
    return {"explanation": asdict(passage.explanation)} if passage.explanation else {}


def _passage(passage: Passage) -> Json:
    return _explained(passage) | {
        "position": passage.position,
        "score": passage.score,
        "author": passage.tweet.author,
        "created_at": passage.tweet.created_at,
        "text": passage.tweet.text,
        "highlights": [list(span) for span in passage.highlights],
        "sources": [_source(source) for source in passage.sources],
    }


def _dump(report: DumpReport, *, parsed: bool) -> Json:
    dump = report.dump
    shape = {
        "file": dump.file,
        "format": dump.format,
        "sha256": dump.sha256,
        "threads": report.threads,
        "tweets": report.tweets,
        "added": report.added,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "notices": [{"line": each.line, "message": each.message} for each in dump.notices],
    }
    if dump.doubt:
        shape["doubt"] = str(dump.doubt)
    if parsed:
        shape["account"] = [
            {"line": each.line, "kind": each.kind, "what": each.what, "text": each.said}
            for each in dump.account
        ]
    return shape


def _source(source: Source) -> Json:
    return {"kind": source.kind, "label": source.label, "url": source.url}


def _tweet(place: int, tweet: Tweet) -> Json:
    return {
        "position": place,
        "id": tweet.tweet_id,
        "author": tweet.author,
        "created_at": tweet.created_at,
        "text": tweet.text,
        "mentions": list(tweet.mentions),
        "url": tweet.permalink,
        "links": [{"printed": link.printed, "url": link.url} for link in tweet.links],
        "dump": {"file": tweet.file, "line": tweet.line},
        "author_name": tweet.author_name,
        "media": [asdict(each) for each in tweet.media],
        "quote": asdict(tweet.quote) if tweet.quote else None,
        "poll": [asdict(each) for each in tweet.poll],
        "card": asdict(tweet.card) if tweet.card else None,
    }
