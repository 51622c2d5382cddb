"""Merges the versions of a thread from many dumps. Pure; the order of the dumps does not matter.

A thread may be complete in one dump and a preview in another, or have an author in one and none in
another. Versions belong together if they share a tweet's id; where ids are not known, if they begin
with the same words.
"""

from __future__ import annotations

import difflib
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import NamedTuple

from bot.models import Media, PollOption, Quote, Thread, Tweet
from bot.thread_ids import ids, is_cut, merged_ids, normalised, own_title, root_text, stem_of

MOST_COMPARED = 4_000_000
"""The product of two versions' lengths up to which their longest common blocks are found."""
MANY_VERSIONS = 64
"""Versions of a thread beyond which they are merged in pairs, then the pairs, and so on: merging
one after the other would take the product of their number and the tweets."""


def merge(versions: Iterable[Thread]) -> tuple[Thread, ...]:
    """Return the merged threads of `versions`, in order of first appearance."""
    return tuple(merge_versions(each) for each in versions_by_thread(versions))


def with_few_versions(threads: Sequence[Thread]) -> Sequence[Thread]:
    """Return `threads` with the versions of a thread merged if they are more than MANY_VERSIONS.

    Each stays in the place of its first version.
    """
    if len(threads) <= MANY_VERSIONS:
        return threads
    many = [each for each in versions_by_thread(threads) if len(each) > MANY_VERSIONS]
    if not many:
        return threads
    firsts = {id(each[0]): each for each in many}
    others = {id(version) for each in many for version in each[1:]}
    return tuple(
        merge_versions(firsts[id(each)]) if id(each) in firsts else each
        for each in threads
        if id(each) not in others
    )


class Beginning(NamedTuple):
    """What decides whether two versions are of the same thread."""

    root: Hashable
    """Its first words; see `thread_ids.root_text`."""
    author: Hashable
    """Its author; None if unknown."""
    tweet: Hashable
    """Its first tweet's id; None if unknown."""
    stem: Hashable = None
    """Where its first tweet begins; see `thread_ids.stem_of`. None if it is short."""
    cut: bool = False
    """Whether its first tweet was cut."""
    tweets: Sequence[Hashable] = ()
    """The known ids of its tweets."""


def versions_by_thread(versions: Iterable[Thread]) -> list[list[Thread]]:
    """Group versions by thread, in order of first appearance."""
    threads = list(versions)
    beginnings = [
        Beginning(
            root_text(each.tweets),
            (each.author or "").lower() or None,
            each.tweets[0].tweet_id,
            stem_of(each.tweets[0].text) or None,
            is_cut(each.tweets[0].text),
            [tweet.tweet_id for tweet in each.tweets if tweet.tweet_id],
        )
        for each in threads
    ]
    return [[threads[number] for number in numbers] for numbers in group_beginnings(beginnings)]


def group_beginnings(beginnings: Sequence[Beginning]) -> list[list[int]]:
    """Group versions by thread, in order of first appearance; versions are numbers here.

    Versions that share a tweet's id are of one thread. Then versions with the same root are, unless
    their authors or first tweets are known and differ. Then those whose first tweet was cut are of
    the thread that begins like them, if there is one such thread.
    """
    return _Groups(beginnings).groups()


class _Groups:
    """Joins versions to groups, step by step."""

    def __init__(self, beginnings: Sequence[Beginning]) -> None:
        self._beginnings = beginnings
        self._group = list(range(len(beginnings)))

    def groups(self) -> list[list[int]]:
        """Join all versions of each thread, and return the groups."""
        by_tweet: dict[Hashable, list[int]] = defaultdict(list)
        for number, each in enumerate(self._beginnings):
            for tweet in each.tweets:
                by_tweet[tweet].append(number)
        for same in by_tweet.values():
            self._join(same)
        self._join_all(self._same_roots())
        self._join_all(self._same_stems())
        found: dict[int, list[int]] = defaultdict(list)
        for number in range(len(self._group)):
            found[self._find(number)].append(number)
        return sorted(found.values())

    def _same_roots(self) -> list[list[int]]:
        """Return versions that begin with the same words."""
        by_root: dict[Hashable, list[int]] = defaultdict(list)
        for number, each in enumerate(self._beginnings):
            by_root[each.root].append(number)
        author, first = self._authors(), self._firsts()
        return [
            same_tweet
            for same_root in by_root.values()
            for same_author in _split(same_root, author)
            for same_tweet in _split(same_author, first)
        ]

    def _same_stems(self) -> list[list[int]]:
        """Return versions whose first tweet was cut, with those that have all of it."""
        by_stem: dict[Hashable, list[int]] = defaultdict(list)
        for number, each in enumerate(self._beginnings):
            if each.stem is not None:
                by_stem[each.stem].append(number)
        author, first = self._authors(), self._firsts()
        return [
            same_tweet
            for same_stem in by_stem.values()
            if any(self._beginnings[each].cut for each in same_stem)
            for same_author in _split(same_stem, author)
            if len({self._find(each) for each in same_author if not self._beginnings[each].cut}) < 2
            for same_tweet in _split(same_author, first)
        ]

    def _authors(self) -> Callable[[int], Hashable]:
        """Return a function that gives the author known of a version's group, if any."""
        known: dict[int, Hashable] = {}
        for number, each in enumerate(self._beginnings):
            if each.author is not None:
                known.setdefault(self._find(number), each.author)
        group = [self._find(number) for number in range(len(self._group))]
        return lambda number: known.get(group[number])

    def _firsts(self) -> Callable[[int], Hashable]:
        """Return a function that gives a version's group, if that knows a first tweet's id."""
        group = [self._find(number) for number in range(len(self._group))]
        known = {group[n] for n, each in enumerate(self._beginnings) if each.tweet is not None}
        return lambda number: group[number] if group[number] in known else None

    def _join_all(self, groups: Iterable[Sequence[int]]) -> None:
        for each in groups:
            self._join(each)

    def _join(self, versions: Sequence[int]) -> None:
        first = self._find(versions[0])
        for each in versions[1:]:
            other = self._find(each)
            first, other = min(first, other), max(first, other)
            self._group[other] = first

    def _find(self, number: int) -> int:
        """Return the smallest version of a version's group."""
        while self._group[number] != number:
            self._group[number] = self._group[self._group[number]]
            number = self._group[number]
        return number


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
    its place, and all dumps are listed. Tweets with the same id are one; words decide only where
    an id is not known.
    """
    if len(versions) == 1 and _is_merged(versions[0]):  # most often
        return _alone(versions[0])
    ranked = sorted(versions, key=_fullest_first) if len(versions) > 1 else list(versions)
    author = _first(each.author for each in ranked)
    tweets = _each_once(_all_aligned([list(each.tweets) for each in ranked]))
    if author:
        tweets = [each if each.author else replace(each, author=author) for each in tweets]
    own_id, aliases = ids(tweets, author)
    if len(ranked) > 1:
        aliases |= merged_ids([(tweets, author), *((each.tweets, each.author) for each in ranked)])
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


def _is_merged(thread: Thread) -> bool:
    """Whether merging has nothing to change in the tweets of a thread with one version."""
    author = thread.author
    if author and not all(tweet.author for tweet in thread.tweets):
        return False
    known = [tweet.tweet_id for tweet in thread.tweets if tweet.tweet_id]
    return len(set(known)) == len(known)


def _alone(thread: Thread) -> Thread:
    """Return what `merge_versions` makes of a thread whose tweets stay as they are."""
    tweets, author = thread.tweets, thread.author or None
    own_id, aliases = ids(tweets, author)
    return Thread(
        id=own_id,
        aliases=aliases | thread.aliases,
        title=thread.title,
        author=author,
        complete=thread.complete,
        source_url=thread.source_url or None,
        dumps=tuple(dict.fromkeys(thread.dumps)),
        tweets=tweets,
    )


def _fullest_first(thread: Thread) -> tuple[object, ...]:
    length = sum(len(tweet.text) for tweet in thread.tweets)
    texts = [tweet.text for tweet in thread.tweets]
    rest = repr((thread.tweets, thread.title, thread.author, thread.source_url))
    return (not thread.complete, -len(thread.tweets), -length, texts, thread.dumps, rest)


def _all_aligned(versions: list[list[Tweet]]) -> list[Tweet]:
    """Merge the tweets of versions, the fullest first."""
    while len(versions) > MANY_VERSIONS:
        pairs = [versions[at : at + 2] for at in range(0, len(versions), 2)]
        versions = [_aligned(*pair) if len(pair) > 1 else pair[0] for pair in pairs]
    tweets, *others = versions
    for each in others:
        tweets = _aligned(tweets, each)
    return tweets


def _aligned(ours: list[Tweet], theirs: Sequence[Tweet]) -> list[Tweet]:
    """Merge two versions' tweets: equal ones once, all others in their version's order.

    Tweets that only one version has go by their ids, if all of them at that place have one.
    """
    same_words = _ids_by_text([*ours, *theirs])
    merged: list[Tweet] = []
    for is_equal, i, j, k, m in _matched(_keys(ours, same_words), _keys(theirs, same_words)):
        left, right = ours[i:j], list(theirs[k:m])
        if is_equal:
            merged += map(fuller, left, right)
            continue
        pairs = takewhile(
            lambda pair: may_be_one(*pair) and begins(*pair), zip(left, right, strict=False)
        )
        same = [fuller(a, b) for a, b in pairs]
        merged += same
        left, right = left[len(same) :], right[len(same) :]
        rest = [*left, *right]
        if left and right and all((each.tweet_id or "").isdecimal() for each in rest):
            rest.sort(key=lambda each: int(each.tweet_id or 0))
        merged += rest
    return merged


def _matched(
    ours: Sequence[Hashable], theirs: Sequence[Hashable]
) -> Iterator[tuple[bool, int, int, int, int]]:
    """Yield whether two parts are equal, [i, j) of `ours` and [k, m) of `theirs`, in order.

    In long versions the most keys that are in the same order are equal. Finding the longest
    blocks first, as `difflib` does, would take the product of their lengths.
    """
    if len(ours) * len(theirs) <= MOST_COMPARED:
        matcher = difflib.SequenceMatcher(None, ours, theirs, autojunk=False)
        for kind, i, j, k, m in matcher.get_opcodes():
            yield kind == "equal", i, j, k, m
        return
    i = k = 0
    for at, place in [*in_order(ours, theirs), (len(ours), len(theirs))]:
        if at > i or place > k:
            yield False, i, at, k, place
        if at < len(ours):
            yield True, at, at + 1, place, place + 1
        i, k = at + 1, place + 1


def in_order(ours: Sequence[Hashable], theirs: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Return the places of the most keys that both have in the same order; each has a key once.

    https://en.wikipedia.org/wiki/Longest_increasing_subsequence
    """
    places = {key: place for place, key in enumerate(theirs)}
    pairs = [(at, places[key]) for at, key in enumerate(ours) if key in places]
    ends: list[int] = []
    """Of the sequences of each length, the smallest last place."""
    last: list[int] = []
    """The number of the pair at that end."""
    above: list[int] = []
    """The pair before each pair in its sequence; -1 if it is the first."""
    for number, (_, place) in enumerate(pairs):
        length = bisect_left(ends, place)
        above.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [place]
        last[length : length + 1] = [number]
    found: list[tuple[int, int]] = []
    number = last[-1] if last else -1
    while number >= 0:
        found.append(pairs[number])
        number = above[number]
    return found[::-1]


def may_be_one(a: Tweet, b: Tweet) -> bool:
    """Whether two tweets may be the same: unless their ids are known and differ."""
    return not a.tweet_id or not b.tweet_id or a.tweet_id == b.tweet_id


def _each_once(tweets: list[Tweet]) -> list[Tweet]:
    """Return `tweets` with those that have the same id merged at the place of the first."""
    ids_known = [each.tweet_id for each in tweets if each.tweet_id]
    if len(set(ids_known)) == len(ids_known):
        return tweets
    found: dict[object, Tweet] = {}
    for place, each in enumerate(tweets):
        key = each.tweet_id or place
        found[key] = fuller(found[key], each) if key in found else each
    return list(found.values())


def _ids_by_text(tweets: Iterable[Tweet]) -> dict[str, set[str]]:
    """Return the ids that tweets with the same words have."""
    found: dict[str, set[str]] = defaultdict(set)
    for each in tweets:
        if each.tweet_id:
            found[_key(each)].add(each.tweet_id)
    return found


def _keys(tweets: Sequence[Tweet], same_words: Mapping[str, set[str]]) -> list[tuple[str, int]]:
    """Return a key for each tweet, with a count for repeats: those make the matcher slow.

    The key is the tweet's id, else that of the one tweet with the same words, else its words.
    """
    seen: Counter[str] = Counter()
    keys: list[tuple[str, int]] = []
    for tweet in tweets:
        words = _key(tweet)
        known = same_words.get(words, ())
        same = tweet.tweet_id or (next(iter(known)) if len(known) == 1 else None)
        key = f"id {same}" if same else f"words {words}"
        keys.append((key, seen[key]))
        seen[key] += 1
    return keys


def _key(tweet: Tweet) -> str:
    return normalised(tweet.text)


def begins(a: Tweet, b: Tweet) -> bool:
    """Whether one is the beginning of the other: previews cut long posts, as in `and no fur…`."""
    return begins_like(_key(a), _key(b))


def begins_like(a: str, b: str) -> bool:
    """Whether one normalised text is the beginning of the other; see `begins`."""
    short, long = (a, b) if len(a) <= len(b) else (b, a)
    return bool(short) and long.startswith(short.rstrip("….").rstrip() or short)


def fuller(a: Tweet, b: Tweet) -> Tweet:
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
