"""The statistics of a library as text, and the series that charts show. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.i18n.messages import Language, Sentence, sentence
from bot.reports import LibraryStats, Tally
from bot.views import wording

HOW_ON_DISCORD = sentence("Load files of threads with {reload}.", reload=sentence("/reload"))
HOW_IN_TERMINAL = "Load files or folders of threads with `threadbot load PATH…`."
NO_LINKS = sentence("No tweet here has a link.")
NO_AUTHORS = sentence("None of these tweets names its author.")
BY_MONTH, BY_YEAR = sentence("Tweets per month"), sentence("Tweets per year")
HOSTS, AUTHORS = sentence("Tweets by linked site"), sentence("Tweets by author")
REST_EMPTY = sentence("Periods that are not listed have no tweets.")
UNNAMED = sentence("(see text)")
"""Replaces names in the picture that its font cannot render."""
MONTHS = (
    sentence("Jan"),
    sentence("Feb"),
    sentence("Mar"),
    sentence("Apr"),
    sentence("May"),
    sentence("Jun"),
    sentence("Jul"),
    sentence("Aug"),
    sentence("Sep"),
    sentence("Oct"),
    sentence("Nov"),
    sentence("Dec"),
)
MOST_BARS = 150
"""Most bars of months in a picture, about twelve years; more are not readable."""
FEW_MONTHS = 24
"""Up to so many months are shown even if most of them have no tweets."""
YEARS = (1, 10, 100, 1000)
"""Lengths of periods in years, for more bars than that."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """Tweets by month or longer period."""

    title: Sentence
    """Title of the chart, with its period."""
    years: int
    """Years in a period; 0 for months."""
    bars: tuple[Tally, ...]
    """Every period from first to last, empty ones included, named `2025-06` or `2025`."""


def timeline(months: Sequence[Tally]) -> Timeline | None:
    """`months` in the shortest periods that need at most MOST_BARS bars; None without months.

    More than FEW_MONTHS of which most have no tweets are shown as years.
    """
    if not months:
        return None
    first, last = (_month(each) for each in (months[0], months[-1]))
    count = last - first + 1
    if count <= FEW_MONTHS or (count <= MOST_BARS and 2 * len(months) >= count):
        tweets = {_month(each): each.tweets for each in months}
        every = range(first, last + 1)
        names = (f"{each // 12:04}-{each % 12 + 1:02}" for each in every)
        counts = (tweets.get(each, 0) for each in every)
        return Timeline(BY_MONTH, 0, tuple(map(Tally, names, counts)))
    years = next(each for each in YEARS if (last - first) // 12 // each + 2 <= MOST_BARS)
    numbered = groupby(months, lambda each: _month(each) // 12 // years)
    periods = {number: sum(each.tweets for each in some) for number, some in numbered}
    bars = (
        Tally(f"{max(number * years, 1):04}", periods.get(number, 0))
        for number in range(min(periods), max(periods) + 1)
    )
    title = BY_YEAR if years == 1 else sentence("Tweets per {years} years", years=str(years))
    return Timeline(title, years, tuple(bars))


def period(line: Timeline, bar: Tally, say: Language) -> str:
    """The name of a period in full: `Jun 2025`, `2025`, `1990 to 1999`."""
    if not line.years:
        return say("{month} {year}", month=month_of(bar), year=bar.name.split("-")[0])
    if line.years == 1:
        return bar.name
    last = int(bar.name) // line.years * line.years + line.years - 1
    return say("{first} to {last}", first=bar.name, last=f"{last:04}")


def month_of(bar: Tally) -> Sentence:
    """The name of a bar's month."""
    return MONTHS[_month(bar) % 12]


def summary(
    stats: LibraryStats,
    say: Language,
    *,
    how: Sentence | str,
    day: Callable[[str], str] = str,
) -> list[str]:
    """The totals, a line each.

    Args:
        stats: the statistics.
        say: the reader's language.
        how: says how to load files if there are none.
        day: formats an ISO 8601 date for the surface.
    """
    if not stats.tweets and stats.dumps:
        return [say("All loaded threads are hidden.")]
    if not stats.tweets:
        return [say("Nothing is loaded yet. {how}", how=how)]
    total = say(
        "{tweets} in {threads} ({complete} complete, {previews}) from {dumps}",
        tweets=wording.tweets(stats.tweets, say),
        threads=wording.threads(stats.complete + stats.previews, say),
        complete=stats.complete,
        previews=say.count(stats.previews, "{count} preview", "{count} previews"),
        dumps=wording.dumps(stats.dumps, say),
    )
    return [total, _dates(stats, say, day)]


def _dates(stats: LibraryStats, say: Language, day: Callable[[str], str]) -> str:
    if not stats.first or not stats.last:
        return say("No tweet here has a date, so there are no monthly figures.")
    first, last = day(stats.first), day(stats.last)
    if stats.dated == stats.tweets:
        return say("All tweets are dated, from {first} to {last}.", first=first, last=last)
    return say.count(
        stats.dated,
        "{count} tweet is dated, from {first} to {last}. The others have no date.",
        "{count} tweets are dated, from {first} to {last}. The others have no date.",
        first=first,
        last=last,
    )


def hosts_title(stats: LibraryStats, say: Language) -> str:
    """Title of the hosts: `Tweets by linked site (10 of 34)`."""
    return _of_how_many(HOSTS, stats.hosts, stats.all_hosts, say)


def authors_title(stats: LibraryStats, say: Language) -> str:
    """Title of the authors: `Tweets by author (10 of 34)`."""
    return _of_how_many(AUTHORS, stats.authors, stats.all_authors, say)


def unknown(stats: LibraryStats, say: Language) -> str | None:
    """How many tweets do not name their author; None if all do."""
    if not stats.unknown:
        return None
    if not stats.authors:
        return say.say(NO_AUTHORS)
    return say.count(
        stats.unknown,
        "{count} more tweet does not name its author.",
        "{count} more tweets do not name their author.",
    )


def by_year(line: Timeline, say: Language) -> Iterator[tuple[str, int, list[str]]]:
    """Years with their number of tweets and their months that have any: `Jun 12`.

    Longer periods form one group without a name.
    """
    for year, some in groupby(line.bars, lambda each: "" if line.years else each.name[:4]):
        bars = [each for each in some if each.tweets]
        names = [
            period(line, each, say) if line.years else say.say(month_of(each)) for each in bars
        ]
        counts = [
            f"{name} {say.number(each.tweets)}" for name, each in zip(names, bars, strict=True)
        ]
        if counts:
            yield year, sum(each.tweets for each in bars), counts


def described(stats: LibraryStats, say: Language) -> str:
    """Alternative text of the picture, with all its names and their figures."""
    parts = []
    line = timeline(stats.months)
    if line:
        most = max(line.bars, key=lambda each: each.tweets)
        parts.append(
            say(
                "{title}, {span}. The peak is {most}, in {period}.",
                title=line.title,
                span=_span(line, say),
                most=most.tweets,
                period=period(line, most, say),
            )
        )
    for title, tallies, sign in (
        (hosts_title(stats, say), stats.hosts, ""),
        (authors_title(stats, say), stats.authors, "@"),
    ):
        if tallies:
            figures = say(", ").join(
                f"{sign}{wording.short(each.name, 40)} {say.number(each.tweets)}"
                for each in tallies
            )
            parts.append(f"{say('{title}: {figures}', title=title, figures=figures)}.")
    return say("Bar charts. {charts}", charts=" ".join(parts))


def _span(line: Timeline, say: Language) -> str:
    first, last = (period(line, each, say) for each in (line.bars[0], line.bars[-1]))
    return first if first == last else say("{first} through {last}", first=first, last=last)


def _of_how_many(title: Sentence, shown: Sequence[Tally], there: int, say: Language) -> str:
    if there <= len(shown):
        return say.say(title)
    return say("{title} ({shown} of {there})", title=title, shown=len(shown), there=there)


def _month(tally: Tally) -> int:
    year, month = tally.name.split("-")
    return int(year) * 12 + int(month) - 1
