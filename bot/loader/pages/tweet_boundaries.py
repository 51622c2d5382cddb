"""Finds where one tweet ends and the next begins, in text that does not mark it. Pure.

Copies of a thread separate its tweets by line ends, blank lines, two blank lines or rules; some
keep the blank lines inside a tweet and drop those between. The evidence: the author's own counters
(`3/`, `(3/12)`), the page's number of tweets, and that few tweets exceed 280 characters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.loader.entities import Parts
from bot.loader.pages.display_formats import fits
from bot.loader.raw.line import Line
from bot.models import Link, Media

OPENING = "[({【（"
COUNTER_FIRST = re.compile(
    r"(?P<before>\W{0,3}?)(?P<open>[\[({【（]?)(?P<number>\d{1,3})\s?[/／]"
    r"(?:\s?(?P<of>\d{1,3}|[nN])(?!\d))?(?=\W|$)(?!\d)"
)
COUNTER_LAST = re.compile(
    r"(?:(?:^|[\s🧵👇])(?P<number>\d{1,3})[/／](?P<of>\d{1,3}|[nN])?"
    r"|(?P<open>[\[({【（])(?P<number2>\d{1,3})\s?[/／]\s?(?P<of2>\d{1,3}|[nN])?[\])}】）])"
    r"(?:\s*(?:🧵|👇|⬇️|end|fin))?$"
)
SLASHED = re.compile(r"\d\s?[/／]")
LIST_ITEM = re.compile(r"(?:[•·▪▫◦‣●○*–—→➡▶✅☑✔❌🔸🔹🔺🔻⭐👉-]\ufe0f?)\s+\S")
BOXED = re.compile(r"\W{0,2}\d\ufe0f?\u20e3")
MOSTLY = 0.6
"""The share of a text, by length, that must be in tweets of at most a tweet's length."""
CLEARLY = 0.1
"""The advantage, as a share of the text, that one way to split needs over another."""
FARTHEST = 6
"""The largest step from one counter to the next; authors skip some, and copies lose some."""
JOINED = -1
"""The gap above a line that the markup joins to the line above."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A line of a thread."""

    line: Line
    """The line."""
    text: str
    """The text without markup."""
    parts: Parts
    """The text, split into text, mentions and links."""
    gap: int
    """The number of blank lines above it, or JOINED."""
    blank: bool
    """Whether a blank line is above it, to be kept if both lines are in one tweet."""
    links: tuple[Link, ...]
    """Links with URLs from the markup."""
    below_rule: bool
    """Whether a rule is above it."""
    author: str | None = None
    """The author of the tweet that begins here, if it is marked."""
    tweet_id: str | None = None
    """The id of the tweet that begins here, if it is marked."""
    media: tuple[Media, ...] = ()
    """The pictures and videos on the line, and on lines without text next to it."""


Tweets = list[list[Piece]]


def text_of(pieces: Sequence[Piece]) -> str:
    """Return the text of the lines, with the blank lines between them."""
    texts: list[str] = []
    for piece in pieces:
        if texts:
            texts.append("\n\n" if piece.blank else "\n")
        texts.append(piece.text)
    return "".join(texts)


def may_count(text: str) -> bool:
    """Whether a text has a digit and a slash next to it, as counters do."""
    return ("/" in text or "／" in text) and SLASHED.search(text) is not None


def segment(
    pieces: Sequence[Piece], declared: int | None, *, from_page: bool
) -> tuple[Tweets, bool]:
    """Split `pieces` into tweets; return them, and whether the boundaries are a guess.

    Args:
        pieces: the lines of one thread, in order.
        declared: the number of tweets according to the page, if known.
        from_page: whether they were copied from a Thread Reader page, where line ends separate
            tweets and a blank line is inside one, unless the tweets would become too long.
    """
    if any(piece.tweet_id for piece in pieces):
        return _cut(pieces, lambda _, piece: piece.tweet_id is not None), False
    ruled = _cut(pieces, lambda _, piece: piece.below_rule)
    if len(ruled) > 2 or (len(ruled) == 2 and _share_that_fits(ruled) == 1):
        return ruled, False
    counted = _by_counters(pieces, from_page=from_page)
    if counted is not None:
        return counted, False
    tweets, guessed = _by_gaps(pieces, declared, from_page=from_page)
    return tweets, guessed and len(tweets) > 1


def threads_in(pieces: Sequence[Piece], *, are_previews: bool) -> list[list[Piece]]:
    """Split lines where the author's counters start again: `1/n` below `n/n`.

    Args:
        pieces: the lines.
        are_previews: whether they are previews, whose last counters are often cut off.
    """
    found = _all_counters(pieces)
    starts = [0]
    for number, counter in enumerate(found[1:], 1):
        above = found[number - 1]
        if counter.number != 1 or counter.of is None:
            continue
        is_complete = above.of is not None and str(above.number) == above.of
        below = found[number + 1] if number + 1 < len(found) else None
        goes_on = below is not None and below.number == 2 and below.of == counter.of
        if (is_complete and goes_on) or (are_previews and (goes_on or counter.bracket)):
            start = counter.index
            if counter.is_last or (above.is_last and above.index + 1 <= counter.index):
                start = _below_bylines(pieces, above.index + 1)
            starts.append(start)
    return [
        list(pieces[a:b]) for a, b in zip(starts, [*starts[1:], len(pieces)], strict=True) if a < b
    ]


def _by_gaps(
    pieces: Sequence[Piece], declared: int | None, *, from_page: bool
) -> tuple[Tweets, bool]:
    is_guess = not from_page
    if JOINED in {piece.gap for piece in pieces[1:]}:
        # Where line breaks inside tweets are marked, blank lines separate the tweets.
        return _cut(pieces, _wider(0)), is_guess
    if declared is not None:
        for is_border in (_wider(0), _wider(1), _border_unless_blank, _border_of_lines):
            tweets = _cut(pieces, is_border)
            if len(tweets) == declared:
                return tweets, False
    gaps = {_gap(piece) for piece in pieces[1:]} - {JOINED}
    if len(gaps) <= 1:
        return _cut(pieces, _border_of_lines), bool(gaps) and 0 not in gaps
    if max(gaps) > 1:
        wide = _cut(pieces, _wider(1))
        if _share_that_fits(wide) >= MOSTLY:
            return wide, is_guess
        return [tweet for unit in wide for tweet in _pack(unit)], True
    blocks, inside = _cut(pieces, _wider(0)), _cut(pieces, _border_unless_blank)
    blocks_fit, inside_fit = _share_that_fits(blocks), _share_that_fits(inside)
    if from_page and inside_fit >= max(MOSTLY, blocks_fit - CLEARLY):
        return _inside_where_it_fits(pieces), False
    if blocks_fit >= max(MOSTLY, inside_fit - CLEARLY):
        return blocks, is_guess
    if inside_fit >= MOSTLY and _mostly_pairs(inside):
        return _inside_where_it_fits(pieces), is_guess
    lines = _cut(pieces, _border_of_lines)
    if _share_that_fits(lines) >= MOSTLY:
        return lines, is_guess
    return blocks, is_guess


def _cut(pieces: Sequence[Piece], is_border: Callable[[Piece, Piece], bool]) -> Tweets:
    tweets: Tweets = []
    for piece in pieces:
        if tweets and not is_border(tweets[-1][-1], piece):
            tweets[-1].append(piece)
        else:
            tweets.append([piece])
    return tweets


def _gap(piece: Piece) -> int:
    """Return the gap above a line: JOINED for one that always belongs to the tweet above."""
    return JOINED if piece.parts.is_byline or piece.gap == JOINED else min(piece.gap, 2)


def _wider(gap: int) -> Callable[[Piece, Piece], bool]:
    return lambda _, piece: _gap(piece) > gap


def _border_of_lines(above: Piece, piece: Piece) -> bool:
    return not _continues(above, piece)


def _border_unless_blank(_: Piece, piece: Piece) -> bool:
    return _gap(piece) == 0


def _inside_where_it_fits(pieces: Sequence[Piece]) -> Tweets:
    """Split at lines without a blank line above, and where a tweet would become too long."""
    tweets: Tweets = []
    for piece in pieces:
        gap = _gap(piece)
        if tweets and (gap == JOINED or (gap > 0 and fits(text_of([*tweets[-1], piece])))):
            tweets[-1].append(piece)
        else:
            tweets.append([piece])
    return tweets


def _pack(unit: list[Piece]) -> Tweets:
    """Pack the paragraphs of a text that is too long into as few tweets as possible.

    A number in a box begins a new one, because authors number the parts of a thread so.
    """
    if fits(text_of(unit)):
        return [unit]
    tweets: Tweets = []
    for paragraph in _cut(unit, _wider(0)):
        if (
            tweets
            and not BOXED.match(paragraph[0].text)
            and fits(text_of([*tweets[-1], *paragraph]))
        ):
            tweets[-1] += paragraph
        else:
            tweets.append(paragraph)
    return tweets


def _continues(above: Piece, piece: Piece) -> bool:
    """Whether a line belongs to the tweet above where each line is a tweet: bylines, lists."""
    if _gap(piece) == JOINED:
        return True
    listed = LIST_ITEM.match(piece.text) and (
        above.text.endswith((":", "：")) or LIST_ITEM.match(above.text)
    )
    return bool(listed) and piece.gap == 0 and fits(f"{above.text}\n{piece.text}")


def _mostly_pairs(tweets: Tweets) -> bool:
    """Whether at least a quarter of the tweets contain blank lines; a few may be slips."""
    return sum(len(unit) > 1 for unit in tweets) * 4 >= len(tweets)


def _share_that_fits(tweets: Tweets) -> float:
    """Return the share of the text, by length, in tweets of at most a tweet's length."""
    lengths = [(len(text), fits(text)) for text in map(text_of, tweets)]
    whole = sum(length for length, _ in lengths)
    return sum(length for length, fit in lengths if fit) / whole if whole else 1


def _by_counters(pieces: Sequence[Piece], *, from_page: bool) -> Tweets | None:
    """Split at the author's own counters; None if there are none."""
    first = _risen(_found(pieces, COUNTER_FIRST, is_last=False))
    last = _risen(_found(pieces, COUNTER_LAST, is_last=True))
    if max(len(first), len(last)) < 2:
        return None
    if not _stand_last(pieces, first, last):
        above_first = min(first)
        head = pieces[:above_first]
        tweets = _cut_at(pieces[above_first:], {start - above_first for start in first})
        if head and first[above_first] == 2:
            before = [list(head)]
        else:
            before, _ = _by_gaps(head, None, from_page=from_page)
        return [*before, *_split_last(tweets, from_page=from_page)]
    return _cut_at(pieces, {_below_bylines(pieces, index + 1) for index in last})


def _stand_last(pieces: Sequence[Piece], first: Mapping[int, int], last: Mapping[int, int]) -> bool:
    """Whether the counters stand at the ends of the tweets; decided once for all of them.

    The first and the last counter decide: a line that is nothing but a counter may be either.
    """
    if min(len(first), len(last)) < 2 or (first and last and abs(len(first) - len(last)) > 1):
        return len(last) > len(first)
    begin = min(*first, *last)
    end = max(*first, *last)
    ends_below = _below_bylines(pieces, end + 1) >= len(pieces)
    opening = begin in last and (begin not in first or (begin > 0 and ends_below))
    closing = end in last and (end not in first or ends_below)
    if opening == closing:
        return opening
    return len(last) > len(first) or (len(last) == len(first) and opening)


def _below_bylines(pieces: Sequence[Piece], at: int) -> int:
    """Return the place of the first line from `at` on that is no byline."""
    while at < len(pieces) and pieces[at].parts.is_byline:
        at += 1
    return at


def _cut_at(pieces: Sequence[Piece], starts: set[int]) -> Tweets:
    tweets: Tweets = []
    for index, piece in enumerate(pieces):
        if not tweets or index in starts:
            tweets.append([])
        tweets[-1].append(piece)
    return tweets


def _split_last(tweets: Tweets, *, from_page: bool) -> Tweets:
    """Split what follows the last counter, if it is too long for one tweet."""
    *before, last = tweets
    if fits(text_of(last)) or any(not fits(text_of(each)) for each in before):
        return tweets
    own = 1
    while own < len(last) and (_gap(last[own]) == JOINED or fits(text_of(last[: own + 1]))):
        own += 1
    rest, _ = _by_gaps(last[own:], None, from_page=from_page)
    return [*before, last[:own], *rest]


@dataclass(frozen=True, slots=True)
class _Counter:
    """A counter on a line."""

    index: int
    """The place of the line."""
    number: int
    """The tweet's number."""
    of: str | None
    """How many there are; a letter if the author did not know."""
    bracket: str
    """The bracket in front of it, if any."""
    is_last: bool
    """Whether it stands at the end of the line, below or behind words."""


def _found(pieces: Sequence[Piece], pattern: re.Pattern[str], *, is_last: bool) -> list[_Counter]:
    """Return the counters at the beginnings or at the ends of lines."""
    found: list[_Counter] = []
    find = pattern.search if is_last else pattern.match
    for index, piece in enumerate(pieces):
        text = piece.parts.text
        if may_count(text) and (match := find(text)):
            parts = match.groupdict()
            number = int(parts["number"] or parts.get("number2") or 0)
            of = parts["of"] or parts.get("of2")
            found.append(_Counter(index, number, of, _bracket(parts), is_last))
    return found


def _bracket(parts: Mapping[str, str | None]) -> str:
    """Return the bracket that opens a counter; `(` also where it is part of other signs."""
    opened = parts["open"] or (parts.get("before") or "")[-1:]
    return opened if opened and opened in OPENING else ""


def _all_counters(pieces: Sequence[Piece]) -> list[_Counter]:
    """Return all counters with a total in the lines, in the brackets of the first one."""
    first = {each.index: each for each in _found(pieces, COUNTER_FIRST, is_last=False)}
    last = {each.index: each for each in _found(pieces, COUNTER_LAST, is_last=True)}
    stand_last = sum(index not in first for index in last) > sum(
        index not in last for index in first
    )
    both = last | first if not stand_last else first | last
    found = [both[index] for index in sorted(both) if both[index].of is not None]
    begin = next((each for each in found if each.number == 1), None)
    return [each for each in found if begin and each.bracket == begin.bracket]


def _risen(found: Sequence[_Counter]) -> dict[int, int]:
    """Return the counters by the index of their line, if most of them rise from 1 or 2.

    Where the first and the last one stand in the same brackets, all do.
    """
    counters, chosen = _rising(found)
    ends = {chosen[0].bracket, chosen[-1].bracket} if chosen else set()
    if len(ends) == 1:
        alike = [each for each in found if each.bracket in ends]
        counters, chosen = _rising(alike)
        found = alike
    return counters if len(counters) * 2 > len(found) else {}


def _rising(found: Sequence[_Counter]) -> tuple[dict[int, int], list[_Counter]]:
    counters: dict[int, int] = {}
    chosen: list[_Counter] = []
    latest = 0
    total = None
    for each in found:
        highest = latest + FARTHEST if counters else 2
        if not latest < each.number <= highest:
            continue
        if each.of and each.of.isdecimal():
            if each.of != (total or each.of) or int(each.of) < max(each.number, 2):
                continue
            total = each.of
        counters[each.index] = latest = each.number
        chosen.append(each)
    return counters, chosen
