"""Progress, previews and reports of loads as lines of text. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from bot.i18n.messages import Language, Listed, Sentence, counted, quoted, sentence
from bot.models import Step
from bot.reports import DumpFault, DumpReport, DumpSummary, Event, HiddenThreads, LoadReport
from bot.views import wording
from bot.views.format_names import format_names
from bot.views.notice_text import NO_TWEETS, noticed, reasons

HANDLE = re.compile(r"@[\w.]+(?:@[\w.-]+)?")
"""The name of an author; all others are titles."""
FILES_SHOWN = 3
"""Files that the history names of a load."""
TITLES_SHOWN = 10
"""Titles that a report lists of new, changed or removed threads."""


def step_line(step: Step, say: Language) -> str:
    """The progress of a load: `In progress: reading a.zip, 40 %.`"""
    if not step.of:
        return say("In progress: {doing}. You can keep asking meanwhile.", doing=step.doing)
    return say(
        "In progress: {doing}, {percent} %. You can keep asking meanwhile.",
        doing=step.doing,
        percent=100 * step.done // step.of,
    )


def heading(report: LoadReport, say: Language) -> str | None:
    """What was done to what: `Loaded 3 files: a.txt, b.txt and c.txt.`; None if nothing was."""
    if not report.changed:
        return None
    if report.action == "load":
        return say.count(
            len(report.dumps),
            "Loaded {count} file: {files}.",
            "Loaded {count} files: {files}.",
            files=_files(report),
        )
    done = {
        "reload": sentence("Reloaded the shared threads."),
        "undo": sentence("Undid the last change."),
    }.get(report.action)
    return say.say(done) if done else None


def question(report: LoadReport, say: Language, *, shared: bool) -> str | None:
    """What a preview asks: `Load a.txt for this server?`; None if it would change nothing.

    `shared`: whether the shared threads are reloaded.
    """
    if not report.changed:
        return None
    if shared:
        return say("Reload the shared threads?")
    return say("Load {files} for this server?", files=_files(report))


def confirming(say: Language, *, shared: bool, doubtful: bool) -> str:
    """What the button below a preview says, in the word of its question."""
    if shared:
        return say("Reload anyway") if doubtful else say("Reload")
    return say("Load anyway") if doubtful else say("Load")


def _files(report: LoadReport) -> Listed:
    """The names of the files that were read, the first few of many."""
    names = [each.dump.file for each in report.dumps]
    files: list[Sentence | str] = [wording.short(_file_name(each)) for each in names[:FILES_SHOWN]]
    rest = len(names) - len(files)
    if rest:
        files.append(counted(rest, "{count} more file", "{count} more files"))
    return Listed(files, "and")


def next_step(report: LoadReport, say: Language, command: Callable[[Sentence], str]) -> str | None:
    """What to do now, in Markdown; None if nothing was changed. `command` names a command."""
    if not report.changed:
        return None
    if report.action in ("load", "reload"):
        return say(
            "Search them with {ask}, or read one with {thread}.",
            ask=command(sentence("/ask")),
            thread=command(sentence("/thread")),
        )
    return say("All changes: {history}", history=command(sentence("/library history")))


def preview_lines(report: LoadReport, say: Language) -> list[str]:
    """What a load would change, a line each, the most important first."""
    would = _would_change(report, say) if report.changed else _no_change(report, say)
    gone = [say("Would be removed or replaced: {file}", file=file) for file in report.gone]
    kept = [say("The earlier version stays loaded: {file}", file=file) for file in report.kept]
    doubts = doubt_lines(report, say)
    several = len(report.dumps) > 1
    files = [_dump_line(each, say, counted_alone=several) for each in report.dumps]
    noted = [*hidden_lines(report, say), *lost_author_lines(report, say)]
    return [would, *doubts, *noted, *gone, *files, *kept]


def doubt_lines(report: LoadReport, say: Language) -> list[str]:
    """Which files hardly are threads, and why: `Please check notes.txt: this looks like …`."""
    return [
        say("Please check {file}: {why}.", file=each.dump.file, why=each.dump.doubt)
        for each in report.dumps
        if each.dump.doubt
    ]


def hidden_lines(report: LoadReport, say: Language) -> list[str]:
    """Which threads of the files stay hidden, and how they are shown again."""
    return [_stays_hidden(each, say) for each in report.hidden]


def lost_author_lines(report: LoadReport, say: Language) -> list[str]:
    """Which files have no longer the author that was given before."""
    return [
        say(
            "{file} was loaded with the author {author} before, and has none now. To keep it, "
            "load the file again with the author.",
            file=file,
            author=f"@{author}",
        )
        for file, author in report.lost_authors
    ]


def _stays_hidden(each: HiddenThreads, say: Language) -> str:
    if each.author and not each.name:
        return say.count(
            each.threads,
            "{count} thread of this file is by somebody who was hidden here and erased. It stays "
            "hidden. To show it: the command “unhide”, then load this file again.",
            "{count} threads of this file are by somebody who was hidden here and erased. They "
            "stay hidden. To show them: the command “unhide”, then load this file again.",
        )
    if not each.name:
        return say.count(
            each.threads,
            "{count} thread of this file was hidden here and erased. It stays hidden. To show it: "
            "the command “unhide”, then load this file again.",
            "{count} threads of this file were hidden here and erased. They stay hidden. To show "
            "them: the command “unhide”, then load this file again.",
        )
    if each.author:
        return say.count(
            each.threads,
            "{name} is hidden here, so {count} thread of this file is not shown. The command "
            "“unhide” shows it.",
            "{name} is hidden here, so {count} threads of this file are not shown. The command "
            "“unhide” shows them.",
            name=each.name,
        )
    return say(
        "The thread “{title}” is hidden here, so it is not shown. The command “unhide” shows it.",
        title=wording.short(each.name),
    )


def _no_change(report: LoadReport, say: Language) -> str:
    """`No changes to apply.`, or how many files cannot be read."""
    unreadable = len(report.errors)
    if not unreadable:
        return say("No changes to apply.")
    if not report.dumps:
        return _all_unreadable(unreadable, say)
    return say.count(
        unreadable,
        "{count} file cannot be read; the others have nothing new.",
        "{count} files cannot be read; the others have nothing new.",
    )


def _all_unreadable(number: int, say: Language) -> str:
    return say.count(number, "The file cannot be read.", "None of the {count} files can be read.")


def _would_change(report: LoadReport, say: Language) -> str:
    """`3 new tweets, none changed.`"""
    added, changed, known = (
        sum(getattr(each, what) for each in report.dumps)
        for what in ("added", "changed", "unchanged")
    )
    new = counted(added, "{count} new tweet", "{count} new tweets")
    parts = {
        "new": new if added else sentence("No new tweets"),
        "changed": sentence("{number} changed", number=changed)
        if changed
        else sentence("none changed"),
    }
    if not known:
        return say("{new}, {changed}.", **parts)
    return say("{new}, {changed}, {known} already loaded.", **parts, known=known)


def _dump_line(each: DumpReport, say: Language, *, counted_alone: bool) -> str:
    """The contents of a file; also how many of its tweets are new, if they are `counted_alone`."""
    holds: dict[str, str | Listed] = {
        "file": each.dump.file,
        "format": format_names(each.dump.format),
        "threads": wording.threads(each.threads, say),
        "tweets": wording.tweets(each.tweets, say),
    }
    if counted_alone:
        return say("{file} ({format}): {threads}, {tweets}, {new} new", **holds, new=each.added)
    return say("{file} ({format}): {threads}, {tweets}", **holds)


def notice_lines(report: LoadReport, say: Language) -> list[str]:
    """All notices of the loader: unreadable files first, then by line."""
    return [
        *(could_not_read(each, say) for each in report.errors),
        *(
            f"{where(n.file, n.line)}: {say.say(noticed(n.message))}"
            for each in report.dumps
            for n in each.dump.notices
        ),
    ]


def could_not_read(fault: DumpFault, say: Language) -> str:
    """Which file cannot be read, and why."""
    place, why = where(fault.file, fault.line), fault.message
    if isinstance(why, Sentence) and why.english == NO_TWEETS:
        notices = "; ".join(map(say.say, reasons(str(why.fields["why"]))))
        why = replace(why, fields={"why": notices})
    return say("Cannot read {where}: {why}", where=place, why=why)


def dump_lines(served: Sequence[DumpSummary], say: Language) -> list[str]:
    """The loaded files, a line each."""
    return [
        say("{file} ({format}, shared)", file=each.file, format=format_names(each.format))
        if each.shared
        else say("{file} ({format})", file=each.file, format=format_names(each.format))
        for each in served
    ]


def utc(moment: str) -> str:
    """An ISO 8601 timestamp in UTC, to the minute."""
    return f"{moment[:16].replace('T', ' ')} UTC"


def history_lines(
    events: Sequence[Event],
    say: Language,
    *,
    written: Callable[[str], str] = str,
    moment: Callable[[str], str] = utc,
) -> list[str]:
    """Who did what and when, a line each.

    Args:
        events: the events, latest first.
        say: the reader's language.
        written: escapes a name for the surface.
        moment: formats an ISO 8601 timestamp for the surface.
    """
    if not events:
        return [say("Nothing yet.")]
    listed = [say("{at}: {what}", at=moment(each.at), what=_done(each, written)) for each in events]
    if events[-1].generation > 1:
        listed.append(say("Earlier changes are not listed."))
    return listed


def event_line(event: Event, say: Language) -> str:
    """Who did what: `Grace hid @tin_and_teddy`."""
    return say.say(_done(event, str))


def _done(event: Event, written: Callable[[str], str]) -> Sentence:
    """What somebody did: `Grace hid @tin_and_teddy`."""
    who = written(event.actor)
    if event.undone:
        return _undone(who, event.undone, written)
    what = _things(event, written)
    if what and event.action == "load":
        return sentence("{who} loaded {what}", who=who, what=what)
    if what and event.action == "remove":
        return sentence("{who} removed {what}", who=who, what=what)
    if what and event.action == "forget":
        return sentence("{who} hid {what}", who=who, what=what)
    if what and event.action == "unhide":
        return sentence("{who} showed {what} again", who=who, what=what)
    done = {
        "seeds": sentence("Threadbot loaded the shared threads for the first time"),
        "load": sentence("{who} loaded files", who=who),
        "reload": sentence("{who} reloaded the shared threads", who=who),
        "undo": sentence("{who} undid the last change", who=who),
        "reread": sentence("A newer version of Threadbot read the files again"),
        "remove": sentence("{who} removed a file", who=who),
        "forget": sentence("{who} hid a thread or author, or showed one again", who=who),
        "unhide": sentence("{who} no longer hides a thread or author that was erased", who=who),
        "restore": sentence("{who} restored a backup", who=who),
        "repair": sentence("{who} repaired the library, without its earlier history", who=who),
        "erase": sentence("{who} erased for good what was removed or hidden", who=who),
    }
    return done[event.action]


def _undone(who: str, undone: Event, written: Callable[[str], str]) -> Sentence:
    """What `who` took back, and who had done it: `Ada undid the hiding of @anna (by Grace)`."""
    what, whom = _things(undone, written), written(undone.actor)
    if what and undone.action == "load":
        return sentence("{who} undid the load of {what} (by {whom})", who=who, what=what, whom=whom)
    if what and undone.action == "remove":
        return sentence(
            "{who} undid the removal of {what} (by {whom})", who=who, what=what, whom=whom
        )
    if what and undone.action == "forget":
        return sentence(
            "{who} undid the hiding of {what} (by {whom})", who=who, what=what, whom=whom
        )
    return sentence("{who} undid this: {what}", who=who, what=_done(undone, written))


def _things(event: Event, written: Callable[[str], str]) -> Listed | None:
    """What was loaded, removed or hidden, the first few of many files; None if it has no name."""
    loaded = event.loaded[:FILES_SHOWN]
    what: list[Sentence | str] = [
        *(quoted(written(wording.short(_file_name(each)))) for each in loaded),
        *(quoted(written(_file_name(each))) for each in event.removed),
        *(quoted(written(wording.short(each))) for each in event.hidden_threads),
        *map(written, event.hidden_authors),
        *(
            written(each) if HANDLE.fullmatch(each) else quoted(written(wording.short(each)))
            for each in event.unhidden
        ),
    ]
    rest = len(event.loaded) - len(loaded)
    if rest:
        what.append(counted(rest, "{count} more file", "{count} more files"))
    return Listed(what, "and") if what else None


def _file_name(path: str) -> str:
    """The name of a file without its folders, which only the operator needs to know."""
    return PurePosixPath(path).name


def report_lines(report: LoadReport, say: Language) -> list[str]:
    """What a load changed, a line each, the most important first."""
    notices = notice_lines(report, say)
    faults = len(report.errors)
    kept = [say("The earlier version stays loaded: {file}", file=file) for file in report.kept]
    return [
        _summary(report, say),
        *_unhidden(report, say),
        *hidden_lines(report, say),
        *lost_author_lines(report, say),
        *(
            _added(report, each, say)
            for each in _titles(report.threads_added, report.more_added, say)
        ),
        *(
            say("Changed: {thread}", thread=each)
            for each in _titles(report.threads_changed, report.more_changed, say)
        ),
        *(
            _removed(report, each, say)
            for each in _titles(report.threads_removed, report.more_removed, say)
        ),
        *notices[:faults],
        *kept,
        *notices[faults:],
    ]


def _unhidden(report: LoadReport, say: Language) -> list[str]:
    """What to do if nothing came back, as it was erased."""
    if report.action != "unhide" or report.threads_added or report.threads_changed:
        return []
    return [
        say("It is no longer hidden, but no loaded file has it. Load its file again to show it.")
    ]


def _added(report: LoadReport, title: str, say: Language) -> str:
    if report.action in ("undo", "unhide"):
        return say("Shown again: {thread}", thread=title)
    return say("New: {thread}", thread=title)


def _removed(report: LoadReport, title: str, say: Language) -> str:
    if report.action == "forget":
        return say("Hidden: {thread}", thread=title)
    return say("Removed: {thread}", thread=title)


def _titles(titles: Sequence[str], more: int, say: Language) -> list[str]:
    """The first few titles, and the number of the others."""
    shown = [wording.short(each) for each in titles[:TITLES_SHOWN]]
    rest = len(titles) - len(shown) + more
    if not rest:
        return shown
    return [*shown, say.count(rest, "{count} more thread", "{count} more threads")]


def _summary(report: LoadReport, say: Language) -> str:
    now = wording.tweets_in_threads(report.tweets_after, report.threads_after, say)
    if not report.changed:
        nothing = say("Nothing changed: {now}.", now=now)
        if report.errors and not report.dumps:
            return f"{_all_unreadable(len(report.errors), say)} {nothing}"
        return nothing
    difference = report.tweets_after - report.tweets_before
    if not difference:
        return say("The number of tweets is the same: {now}.", now=now)
    sign = "+" if difference > 0 else "−"
    return say(
        "{difference}. The library now has {now}.",
        difference=f"{sign}{wording.tweets(abs(difference), say)}",
        now=now,
    )


def where(file: str, line: int | None) -> str:
    """A place in a file: `a.txt:3`, or `a.txt` without a line."""
    return file if line is None else f"{file}:{line}"
