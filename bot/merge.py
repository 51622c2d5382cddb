"""Versions of threads from many dumps to one thread each; pure, and the dumps' order is all one.

The same thread can be whole in one dump and a preview in the next, signed in one and unsigned in
the other. Versions belong together when they begin with the same words, unless both say who wrote
them, or what X's id of the first tweet is, and say otherwise.
"""

from __future__ import annotations

import difflib
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from bot.identity import ids, normalised, own_title, root_text
from bot.models import Thread, Tweet


def merge(versions: Iterable[Thread]) -> tuple[Thread, ...]:
    """One thread for each that `versions` hold, in the order of first sight."""
    return tuple(merge_family(family) for family in families(versions))


class Beginning(NamedTuple):
    """What tells whether two versions are of one thread."""

    root: Hashable
    """Its first words."""
    author: Hashable
    """Its author; None if unknown."""
    tweet: Hashable
    """Its first tweet's id; None if unknown."""


def families(versions: Iterable[Thread]) -> list[list[Thread]]:
    """The versions of each thread, in the order of first sight."""
    threads = list(versions)
    beginnings = [
        Beginning(
            root_text(each.tweets), (each.author or "").lower() or None, each.tweets[0].tweet_id
        )
        for each in threads
    ]
    return [[threads[number] for number in family] for family in kin(beginnings)]


def kin(beginnings: Sequence[Beginning]) -> list[list[int]]:
    """The versions of each thread, by number, in the order of first sight."""
    alike: dict[Hashable, list[int]] = defaultdict(list)
    for number, each in enumerate(beginnings):
        alike[each.root].append(number)
    return sorted(
        same_tweet
        for family in alike.values()
        for same_author in _parted(family, lambda number: beginnings[number].author)
        for same_tweet in _parted(same_author, lambda number: beginnings[number].tweet)
    )


def _parted(versions: Sequence[int], known: Callable[[int], Hashable]) -> list[list[int]]:
    """Part `versions` by what is known of them; the unknown join if there is one to join."""
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for version in versions:
        groups[known(version)].append(version)
    unknown = groups.pop(None, [])
    if len(groups) == 1:
        return [list(versions)]
    return [*groups.values(), *([unknown] if unknown else [])]


def merge_family(versions: Sequence[Thread]) -> Thread:
    """The thread that `versions` are versions of.

    Nothing that a version says is lost: of each tweet the fullest text wins, tweets that only one
    version has keep their place, and every dump is remembered.
    """
    ranked = sorted(versions, key=_fullest_first) if len(versions) > 1 else list(versions)
    author = _first(each.author for each in ranked)
    tweets = list(ranked[0].tweets)
    for other in ranked[1:]:
        tweets = _aligned(tweets, other.tweets)
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
    """The tweets of both, in order: equal ones once, others where their version has them."""
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
    """A key for each tweet, with how many like it came before: the matcher is slow with repeats."""
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
    """Whether one is the other's beginning, as previews cut a long post: `so far and no fur…`."""
    short, long = sorted((_key(a), _key(b)), key=len)
    return bool(short) and long.startswith(short.rstrip("….").rstrip() or short)


def _fuller(a: Tweet, b: Tweet) -> Tweet:
    """`a` with all that `b` knows more; `b` with what `a` knows where its text is longer."""
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
    )


def _wholes(tweet: Tweet) -> int:
    return sum(link.url is not None for link in tweet.links)


def _precise(moment: str) -> tuple[int, str]:
    return -len(moment), moment


def _first(values: Iterable[str | None]) -> str | None:
    return next((value for value in values if value), None)
