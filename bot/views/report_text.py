"""What is said of loads: how far they are, what they change, and what they changed. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.language import Language, sentence
from bot.models import Step
from bot.reports import DumpFault, DumpReport, DumpSummary, Event, LoadReport
from bot.views import text

TITLES_SHOWN = 10
"""Titles that a report names of what is new, changed or gone."""


def step_line(step: Step, say: Language) -> str:
    """How far a load is: `Still at it: reading a.zip, 40 %.`."""
    if not step.of:
        return say("Still at it: {doing}. Asking goes on meanwhile.", doing=step.doing)
    return say(
        "Still at it: {doing}, {percent} %. Asking goes on meanwhile.",
        doing=step.doing,
        percent=100 * step.done // step.of,
    )


def preview_lines(report: LoadReport, say: Language) -> list[str]:
    """What a load would change, a line each, the most important first."""
    added, changed, known = (
        sum(getattr(each, what) for each in report.dumps)
        for what in ("added", "changed", "unchanged")
    )
    if report.changed:
        would = say(
            "This would add {tweets} and change {changed}; {known} are known.",
            tweets=text.tweets(added, say),
            changed=changed,
            known=known,
        )
    else:
        would = say("This would change nothing.")
    gone = [say("Would go, or be replaced: {file}", file=file) for file in report.gone]
    kept = [say("Would stay as it was before: {file}", file=file) for file in report.kept]
    return [would, *gone, *(_dump_line(each, say) for each in report.dumps), *kept]


def _dump_line(each: DumpReport, say: Language) -> str:
    """What there is in a dump, and how much of it is new."""
    threads_of_it = each.dump.threads
    return say(
        "{file} ({format}): {threads}, {tweets}, {new} new",
        file=each.dump.file,
        format=each.dump.format,
        threads=text.threads(len(threads_of_it), say),
        tweets=text.tweets(sum(len(thread.tweets) for thread in threads_of_it), say),
        new=each.added,
    )


def notice_lines(report: LoadReport, say: Language) -> list[str]:
    """All that the loader has to say: files not read, and what it met in lines, in English."""
    return [
        *(could_not_read(each, say) for each in report.errors),
        *(
            f"{where(n.file, n.line)}: {n.message}"
            for each in report.dumps
            for n in each.dump.notices
        ),
    ]


def could_not_read(fault: DumpFault, say: Language) -> str:
    """Of which file nothing could be read, and why."""
    place = where(fault.file, fault.line)
    return say("Cannot read {where}: {why}", where=place, why=fault.message)


def dump_lines(served: Sequence[DumpSummary], say: Language) -> list[str]:
    """The dumps that are served, a line each."""
    return [
        say("{file} ({format}, shared)", file=each.file, format=each.format)
        if each.shared
        else say("{file} ({format})", file=each.file, format=each.format)
        for each in served
    ]


def utc(moment: str) -> str:
    """An ISO 8601 moment in UTC, to the minute."""
    return f"{moment[:16].replace('T', ' ')} UTC"


def history_lines(
    events: Sequence[Event],
    say: Language,
    *,
    written: Callable[[str], str] = str,
    moment: Callable[[str], str] = utc,
) -> list[str]:
    """Who did what and when, a line each.

    `written` and `moment` are how a surface writes names and moments.
    """
    if not events:
        return [say("Nothing yet.")]
    return [
        say(
            "{at}: {what} by {who} (generation {generation}, {dumps})",
            at=moment(each.at),
            what=DONE[each.action],
            who=written(each.actor),
            generation=str(each.generation),
            dumps=text.dumps(each.dumps, say),
        )
        for each in events
    ]


DONE = {
    "seeds": sentence("seeds first read"),
    "load": sentence("dumps loaded"),
    "reload": sentence("seeds read again"),
    "undo": sentence("the step before undone"),
    "reread": sentence("dumps read anew by a newer version"),
    "remove": sentence("a dump taken out"),
    "forget": sentence("a thread or an author forgotten"),
}
"""What each action did."""


def report_lines(report: LoadReport, say: Language) -> list[str]:
    """What a load changed, a line each, the most important first."""
    told = notice_lines(report, say)
    faults = len(report.errors)
    kept = [say("Still served as it was before: {file}", file=file) for file in report.kept]
    return [
        _summary(report, say),
        *(say("New: {thread}", thread=each) for each in _titles(report.threads_added, say)),
        *(say("Changed: {thread}", thread=each) for each in _titles(report.threads_changed, say)),
        *(say("Gone: {thread}", thread=each) for each in _titles(report.threads_removed, say)),
        *told[:faults],
        *kept,
        *told[faults:],
    ]


def _titles(titles: Sequence[str], say: Language) -> list[str]:
    """The first few titles, and how many more there are."""
    shown = [text.short(each) for each in titles[:TITLES_SHOWN]]
    rest = len(titles) - len(shown)
    if not rest:
        return shown
    return [*shown, say.count(rest, "{count} more thread", "{count} more threads")]


def _summary(report: LoadReport, say: Language) -> str:
    now = text.tweets_in_threads(report.tweets_after, report.threads_after, say)
    generation = str(report.generation)
    if not report.changed:
        return say(
            "Nothing changed: {now} (generation {generation}).", now=now, generation=generation
        )
    difference = report.tweets_after - report.tweets_before
    sign = "+" if difference > 0 else "−" if difference < 0 else "±"
    return say(
        "{difference}: now {now} (generation {generation}).",
        difference=f"{sign}{text.tweets(abs(difference), say)}",
        now=now,
        generation=generation,
    )


def where(file: str, line: int | None) -> str:
    """A place in a dump: its file, and the line where there is one to name."""
    return file if line is None else f"{file}:{line}"
