"""A library's figures in words, and what is drawn of them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.language import Language, Sentence, sentence
from bot.reports import LibraryStats, Tally
from bot.views import text

HOW_ON_DISCORD = sentence("{reload} takes files of threads.", reload=sentence("/reload"))
HOW_IN_TERMINAL = "`threadbot load PATH…` takes files of threads, or folders of them."
NO_LINKS = sentence("No tweet here has a link.")
NO_AUTHORS = sentence("Of no tweet here the author is known.")
BY_MONTH, BY_YEAR = sentence("Tweets per month"), sentence("Tweets per year")
HOSTS, AUTHORS = sentence("Tweets by the host they link to"), sentence("Tweets by author")
REST_EMPTY = sentence("What is not named has none.")
UNNAMED = sentence("(see text)")
"""Stands in the picture for a name that its font can't write."""
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
"""So many months, a little more than twelve years, can be told apart in a picture, and read."""
YEARS = (1, 10, 100, 1000)
"""How long periods may be, beyond a month."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """Tweets by when they were posted."""

    title: Sentence
    """What is counted, and by which periods."""
    years: int
    """How many years a period has; 0 where it is a month."""
    bars: tuple[Tally, ...]
    """Every period from the first to the last, those without a tweet too: `2025-06`, `2025`."""


def timeline(months: Sequence[Tally]) -> Timeline | None:
    """`months` as periods, none of them left out, as long as it takes to have few enough."""
    if not months:
        return None
    first, last = (_month(each) for each in (months[0], months[-1]))
    if last - first < MOST_BARS:
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
    """The month of a bar that is one."""
    return MONTHS[_month(bar) % 12]


def summary(stats: LibraryStats, say: Language, *, how: Sentence | str) -> list[str]:
    """How much there is, a line each; `how` says what to do where there is nothing."""
    if not stats.tweets:
        return [say("Nothing is loaded here yet, so there is nothing to count. {how}", how=how)]
    total = say(
        "{tweets} in {threads} ({complete} complete, {previews}), of {dumps}",
        tweets=text.tweets(stats.tweets, say),
        threads=text.threads(stats.complete + stats.previews, say),
        complete=stats.complete,
        previews=say.count(stats.previews, "{count} preview", "{count} previews"),
        dumps=text.dumps(stats.dumps, say),
    )
    return [total, _dates(stats, say)]


def _dates(stats: LibraryStats, say: Language) -> str:
    first, last = stats.first or "", stats.last or ""
    if not stats.dated:
        return say("No tweet here says when it was posted, so there are no figures by month.")
    if stats.dated == stats.tweets:
        return say("All are dated, from {first} until {last}.", first=first, last=last)
    return say.count(
        stats.dated,
        "{count} is dated, from {first} until {last}; "
        "of the others it is not known when they were posted.",
        "{count} are dated, from {first} until {last}; "
        "of the others it is not known when they were posted.",
        first=first,
        last=last,
    )


def hosts_title(stats: LibraryStats, say: Language) -> str:
    """What is told of hosts: `Tweets by the host they link to (10 of 34)`."""
    return _of_how_many(HOSTS, stats.hosts, stats.all_hosts, say)


def authors_title(stats: LibraryStats, say: Language) -> str:
    """What is told of authors."""
    return _of_how_many(AUTHORS, stats.authors, stats.all_authors, say)


def unknown(stats: LibraryStats, say: Language) -> str | None:
    """How many tweets are of nobody knows whom; none where there are none."""
    if not stats.unknown:
        return None
    if not stats.authors:
        return say.say(NO_AUTHORS)
    return say.count(
        stats.unknown,
        "Of {count} more tweet the author is not known.",
        "Of {count} more tweets the author is not known.",
    )


def by_year(line: Timeline, say: Language) -> Iterator[tuple[str, int, list[str]]]:
    """Months by their year: its name, its tweets, and what each month with any has: `Jun 12`.

    Longer periods stand together, with no name and no sum.
    """
    for year, some in groupby(line.bars, lambda each: "" if line.years else each.name[:4]):
        bars = [each for each in some if each.tweets]
        names = [
            period(line, each, say) if line.years else say.say(month_of(each)) for each in bars
        ]
        said = [f"{name} {say.number(each.tweets)}" for name, each in zip(names, bars, strict=True)]
        if said:
            yield year, sum(each.tweets for each in bars), said


def described(stats: LibraryStats, say: Language) -> str:
    """What the picture shows, for those who do not see it; its figures are in the text beside."""
    parts = []
    line = timeline(stats.months)
    if line:
        most = max(line.bars, key=lambda each: each.tweets)
        parts.append(
            say(
                "{title}, {span}: the most, {most}, in {period}.",
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
            first = say(", ").join(
                f"{sign}{each.name[:60]} {say.number(each.tweets)}" for each in tallies[:3]
            )
            named = say("{title}: {figures}", title=title, figures=first)
            parts.append(f"{named}{' …' if len(tallies) > 3 else '.'}")
    return say("Bar charts. {charts}", charts=" ".join(parts))


def _span(line: Timeline, say: Language) -> str:
    first, last = (period(line, each, say) for each in (line.bars[0], line.bars[-1]))
    return first if first == last else say("{first} until {last}", first=first, last=last)


def _of_how_many(title: Sentence, shown: Sequence[Tally], there: int, say: Language) -> str:
    if there <= len(shown):
        return say.say(title)
    return say("{title} ({shown} of {there})", title=title, shown=len(shown), there=there)


def _month(tally: Tally) -> int:
    year, month = tally.name.split("-")
    return int(year) * 12 + int(month) - 1
