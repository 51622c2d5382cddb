"""Merges the versions of a thread from many dumps. Pure; the order of the dumps does not matter.

A thread may be complete in one dump and a preview in another, or have an author in one and none in
another. Versions belong together if they begin with the same words, unless their authors or the ids
of their first tweets are known and differ.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from bot.models import Media, PollOption, Quote, Thread, Tweet
from bot.thread_ids import ids, normalised, own_title, root_text


def merge(versions: Iterable[Thread]) -> tuple[Thread, ...]:
    """Return the merged threads of `versions`, in order of first appearance."""
    return tuple(merge_versions(each) for each in versions_by_thread(versions))


class Beginning(NamedTuple):
    """What decides whether two versions are of the same thread."""

    root: Hashable
    """Its first words; see `thread_ids.root_text`."""
    author: Hashable
    """Its author; None if unknown."""
    tweet: Hashable
    """Its first tweet's id; None if unknown."""


def versions_by_thread(versions: Iterable[Thread]) -> list[list[Thread]]:
    """Group versions by thread, in order of first appearance."""
    threads = list(versions)
    beginnings = [
        Beginning(
            root_text(each.tweets), (each.author or "").lower() or None, each.tweets[0].tweet_id
        )
        for each in threads
    ]
    return [[threads[number] for number in numbers] for numbers in group_beginnings(beginnings)]


def group_beginnings(beginnings: Sequence[Beginning]) -> list[list[int]]:
    """Group versions by thread, in order of first appearance; versions are numbers here."""
    by_root: dict[Hashable, list[int]] = defaultdict(list)
    for number, each in enumerate(beginnings):
        by_root[each.root].append(number)
    return sorted(
        same_tweet
        for same_root in by_root.values()
        for same_author in _split(same_root, lambda number: beginnings[number].author)
        for same_tweet in _split(same_author, lambda number: beginnings[number].tweet)
    )


def _split(versions: Sequence[int], known: Callable[[int], Hashable]) -> list[list[int]]:
    """Group `versions` by what is known of them. The unknown ones join if there is one group."""
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for version in versions:
        groups[known(version)].append(version)
    unknown = groups.pop(None, [])
    if len(groups) == 1:
        return [list(versions)]
    return [*groups.values(), *([unknown] if unknown else [])]


def merge_versions(versions: Sequence[Thread]) -> Thread:
    """Merge the versions of one thread.

    Nothing is lost: of each tweet the longest text wins, a tweet that only one version has keeps
    its place, and all dumps are listed.
    """
    ranked = sorted(versions, key=_fullest_first) if len(versions) > 1 else list(versions)
    author = _first(each.author for each in ranked)
    tweets = list(ranked[0].tweets)
    for each in ranked[1:]:
        tweets = _aligned(tweets, each.tweets)
    if author:
        tweets = [each if each.author else replace(each, author=author) for each in tweets]
    own_id, aliases = ids(tweets, author)
    given = [each.title for each in ranked if each.title != own_title(each.tweets)]
    return Thread(
        id=own_id,
        aliases=aliases.union(*(each.aliases for each in ranked)),
        title=given[0] if given else own_title(tweets),
        author=author,
        complete=any(each.complete for each in ranked),
        source_url=_first(each.source_url for each in ranked),
        dumps=tuple(dict.fromkeys(dump for each in ranked for dump in each.dumps)),
        tweets=tuple(tweets),
    )


def _fullest_first(thread: Thread) -> tuple[object, ...]:
    length = sum(len(tweet.text) for tweet in thread.tweets)
    texts = [tweet.text for tweet in thread.tweets]
    rest = repr((thread.tweets, thread.title, thread.author, thread.source_url))
    return (not thread.complete, -len(thread.tweets), -length, texts, thread.dumps, rest)


def _aligned(ours: list[Tweet], theirs: Sequence[Tweet]) -> list[Tweet]:
    """Merge two versions' tweets: equal ones once, all others in their version's order."""
    matcher = difflib.SequenceMatcher(None, _keys(ours), _keys(theirs), autojunk=False)
    merged: list[Tweet] = []
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind == "equal":
            merged += map(_fuller, ours[i:j], theirs[k:m])
            continue
        left, right = ours[i:j], list(theirs[k:m])
        while left and right and is_cut(left[0], right[0]):
            merged.append(_fuller(left.pop(0), right.pop(0)))
        merged += [*left, *right]
    return merged


def _keys(tweets: Sequence[Tweet]) -> list[tuple[str, int]]:
    """Return a key for each tweet, with a count for repeats: those make the matcher slow."""
    seen: Counter[str] = Counter()
    keys: list[tuple[str, int]] = []
    for tweet in tweets:
        key = _key(tweet)
        keys.append((key, seen[key]))
        seen[key] += 1
    return keys


def _key(tweet: Tweet) -> str:
    return normalised(tweet.text)


def is_cut(a: Tweet, b: Tweet) -> bool:
    """Whether one is the beginning of the other: previews cut long posts, as in `and no fur…`."""
    short, long = sorted((_key(a), _key(b)), key=len)
    return bool(short) and long.startswith(short.rstrip("….").rstrip() or short)


def _fuller(a: Tweet, b: Tweet) -> Tweet:
    """Return the tweet with the longer text, with what only the other one knows added."""
    if len(_key(b)) > len(_key(a)):
        a, b = b, a
    return replace(
        a,
        mentions=a.mentions or b.mentions,
        links=a.links if _wholes(a) >= _wholes(b) and a.links else b.links,
        author=a.author or b.author,
        created_at=min(
            (at for at in (a.created_at, b.created_at) if at), key=_precise, default=None
        ),
        permalink=a.permalink or b.permalink,
        tweet_id=a.tweet_id or b.tweet_id,
        author_name=a.author_name or b.author_name,
        media=merged_media(a.media, b.media),
        quote=_fullest_quote(a.quote, b.quote),
        poll=max(a.poll, b.poll, key=_known_votes),
        card=a.card or b.card,
    )


def merged_media(a: Sequence[Media], b: Sequence[Media]) -> tuple[Media, ...]:
    """Return the media of both versions of a tweet: what one version lacks, the other adds.

    Media are the same if their pictures have the same name on X, or else if the versions have
    equally many: then they are in the same order.
    """
    if not a or not b:
        return tuple(a or b)
    if len(b) > len(a):
        a, b = b, a
    names = [_picture(each) for each in b]
    by_place = len(a) == len(b) and not set(names) & {_picture(each) for each in a}
    merged: list[Media] = []
    for place, each in enumerate(a):
        other = (
            place
            if by_place
            else next(
                (at for at, name in enumerate(names) if name and name == _picture(each)), None
            )
        )
        merged.append(_richer(each, b[other]) if other is not None else each)
    return tuple(merged)


def _picture(media: Media) -> str:
    """Return what identifies a picture: its name in its URL, without size and type."""
    path = re.split(r"[?#]", media.url or media.video_url or "", maxsplit=1)[0]
    return re.sub(r"\.\w{3,4}(?::\w+)?$", "", path.rsplit("/", 1)[-1])


def _richer(a: Media, b: Media) -> Media:
    kind = b.kind if a.kind == "photo" else a.kind
    return Media(kind, a.url or b.url, a.alt or b.alt, a.video_url or b.video_url, a.file or b.file)


def _fullest_quote(a: Quote | None, b: Quote | None) -> Quote | None:
    if a is None or b is None:
        return a or b
    if len(b.text) > len(a.text):
        a, b = b, a
    return Quote(
        a.text,
        a.author or b.author,
        a.author_name or b.author_name,
        a.created_at or b.created_at,
        a.permalink or b.permalink,
    )


def _known_votes(poll: Sequence[PollOption]) -> tuple[int, int]:
    return len(poll), sum(each.votes or 0 for each in poll)


def _wholes(tweet: Tweet) -> int:
    return sum(link.url is not None for link in tweet.links)


def _precise(moment: str) -> tuple[int, str]:
    return -len(moment), moment


def _first(values: Iterable[str | None]) -> str | None:
    return next((value for value in values if value), None)
