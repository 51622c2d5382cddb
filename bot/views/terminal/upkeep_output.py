"""What the commands that keep the bot running say, as rows for a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.reports import Finding
from bot.views.terminal.output import Row, Span, text_row

STYLES = {"ok": "quiet", "warning": "match", "fault": "title"}
"""The style of each state of a finding."""
FAULTS = 5
"""Faults of a store that are listed one by one."""
NARROW = 60
"""Columns; on a smaller screen, what was found is below what was checked, not beside it."""
SHOWN = 8
"""Names of files and threads that are listed one by one."""


def findings_rows(findings: Sequence[Finding], width: int | None = None) -> list[Row]:
    """What the doctor found, a row each with its advice below, and the sum at the end.

    Args:
        findings: what it found.
        width: the columns of the screen; None for no limit.
    """
    rows = []
    for each in findings:
        if width is not None and width < NARROW:
            rows.append(Row(0, (Span(f"{each.state} {each.check}", STYLES[each.state]),)))
            below = (each.message, each.advice)
            rows += [Row(2, (Span(one),)) for one in below if one]
            continue
        lead = Span(f"{each.state:<8} {each.check:<9} ", STYLES[each.state])
        rows.append(Row(0, (Span(each.message),), lead))
        if each.advice:
            rows.append(Row(len(lead.text), (Span(each.advice),)))
    faults = sum(each.state == "fault" for each in findings)
    warnings = sum(each.state == "warning" for each in findings)
    if not faults and not warnings:
        return [*rows, text_row("All is well.", "title")]
    said = f"{_counted(faults, 'fault')}, {_counted(warnings, 'warning')}."
    return [*rows, text_row(said, "title")]


def backup_rows(file: str, counts: Mapping[str, int], missing: Sequence[str]) -> list[Row]:
    """What a backup has, and that it was read back."""
    files, tweets = counts.get("dump", 0), counts.get("tweet", 0)
    has = f"{_counted(files, 'file')} with {_counted(tweets, 'tweet')}"
    rows = [text_row(f"Backed up {has} to {file}. It was read back, and is whole.")]
    rows.append(text_row("These are all that the store has, earlier and hidden ones too.", "quiet"))
    if missing:
        rows.append(text_row(f"{_counted(len(missing), 'picture')} of the library had no file."))
    return rows


def migrated_rows(source: str, target: str, counts: Mapping[str, int]) -> list[Row]:
    """What was copied into PostgreSQL, and what to do next."""
    files, tweets = counts["dump"], counts["tweet"]
    has = f"{_counted(files, 'file')} with {_counted(tweets, 'tweet')}"
    return [
        text_row(f"Copied {has} from {source} to {target}. Every row was read back and compared."),
        text_row(
            "Set DATABASE_URL for all processes of the bot, then start them. The file stays as it "
            "is; keep it until you have a backup of the database."
        ),
    ]


def vacuum_rows(before: int, after: int, *, is_log_empty: bool) -> list[Row]:
    """How much space was given back."""
    freed = max(before - after, 0)
    said = f"The store had {before:,} bytes and has {after:,} now: {freed:,} less."
    rows = [text_row(said if freed else f"The store has {after:,} bytes, no less than before.")]
    if not is_log_empty:
        rows.append(
            text_row(
                "The bot was reading its log, which is emptied later. Run this again to do so."
            )
        )
    return rows


def repairing_lines(found: Sequence[str]) -> list[str]:
    """What is damaged, and what a repair costs, a line each."""
    rest = len(found) - len(found[:FAULTS])
    more = [f"- and {_counted(rest, 'more fault')}"] if rest else []
    cost = (
        "What is whole is kept, and the other files are read again from their stored bytes. The "
        "history is lost: nothing from before can be undone. The damaged store is set aside."
    )
    return ["The store is damaged:", *(f"- {each}" for each in found[:FAULTS]), *more, cost]


def repair_rows(
    whole: Sequence[str], read_again: Sequence[str], lost: Sequence[str], set_aside: str
) -> list[Row]:
    """What became of a damaged store.

    Args:
        whole: the files whose threads were whole.
        read_again: the files that were read again from their stored bytes.
        lost: what is lost, in sentences.
        set_aside: the folder that has the damaged store now.
    """
    lines = [f"Files kept as they were: {len(whole)}."]
    lines += [f"Read again: {each}" for each in read_again]
    lines += [f"Lost: {each}" for each in lost] or ["Nothing that was loaded is lost."]
    lines += ["Earlier changes can no longer be undone."]
    lines.append(
        f"The damaged store is in {set_aside}. Once you no longer need it, delete that folder, or "
        "run `threadbot erase`, which deletes it too."
    )
    return [text_row(each) for each in lines]


def health_lines(facts: Mapping[str, object]) -> list[str]:
    """What a running bot says of itself, a line for each fact."""
    well = "The bot is well." if facts.get("ok") else "The bot is not well."
    others = [
        f"{key}: {value}"
        for key, value in facts.items()
        if key not in ("ok", "shards", "shard_count")
    ]
    shards = facts.get("shards")
    count = facts.get("shard_count")
    return [well, *others, *(_shard_line(each, count) for each in _objects(shards))]


def _objects(value: object) -> list[Mapping[str, object]]:
    """Return the objects of a list that a program sent."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _shard_line(shard: Mapping[str, object], count: object) -> str:
    """What a running bot says of one of its shards."""
    state = "ready" if shard.get("ready") else "not connected"
    age = shard.get("heartbeat_age_s")
    heartbeat = "no heartbeat" if age is None else f"heartbeat {age} s ago"
    return (
        f"shard {shard.get('id')} of {count}: {state}, {heartbeat}, servers: {shard.get('servers')}"
    )


def library_name(scope: int) -> str:
    """Name a library: `the shared library`."""
    return f"the library of server {scope}" if scope else "the shared library"


def relation_line(scope: int, kind: str, changes: int) -> str:
    """How a library is related to the one in a backup."""
    name = library_name(scope)
    if kind == "newer":
        return f"{_upper(name)} was changed {_times(changes)} after the backup."
    if kind == "unrelated":
        return f"{_upper(name)} is another one than in the backup."
    if kind == "same":
        return f"{_upper(name)} was not changed after the backup."
    return f"{_upper(name)} is only in the backup."


def restored_lines(
    scope: int, tweets: int, erased: int, *, is_new: bool, is_first: bool = False
) -> list[str]:
    """What became of a library: how many tweets it shows now, and how many stay erased.

    Args:
        scope: the library.
        tweets: how many tweets it shows.
        erased: how many tweets of the backup stay erased.
        is_new: whether it has changed.
        is_first: whether there was nothing before, so that there is nothing to go back to.
    """
    name = _upper(library_name(scope))
    if not is_new:
        return [f"{name} has the same contents already."]
    guild = f" --guild {scope}" if scope else ""
    shows = f"{name} is restored, and shows {_counted(tweets, 'tweet')} now."
    again = "A running bot serves it at once."
    again += "" if is_first else f" To undo this: threadbot undo{guild}"
    if not erased:
        return [f"{shows} {again}"]
    lost = (
        f"{_counted(erased, 'tweet')} of the backup did not come back: `threadbot erase` took "
        "them out of files that are still here. `threadbot restore --replace` brings back all."
    )
    return [f"{shows} {again}", lost]


def erasing_lines(
    *,
    files: Sequence[str],
    parted: Sequence[str],
    labels: Sequence[str],
    tweets: int,
    uploads: int,
    set_aside: Sequence[str],
) -> list[str]:
    """What would be erased, a line each.

    Args:
        files: the files that are removed, or that a load replaced.
        parted: the files that have hidden threads.
        labels: the names of what is hidden.
        tweets: the number of tweets that go.
        uploads: the number of uploads that wait.
        set_aside: the folders of replaced stores.
    """
    lines = [f"- {_counted(tweets, 'tweet')} that {_are(tweets)} no longer shown"] if tweets else []
    if files:
        lines.append(f"- the contents of files that were removed or replaced: {_list(files)}")
    if labels:
        lines.append(f"- the names of what is hidden, or was: {_list(labels)}")
    if parted:
        lines.append(f"- the kept bytes of files with hidden threads: {_list(parted)}")
    if uploads:
        waiting = "1 upload that waits" if uploads == 1 else f"{uploads:,} uploads that wait"
        lines.append(f"- {waiting} to be loaded")
    if set_aside:
        lines.append(f"- stores that a restore replaced: {_list(set_aside)}")
    if labels:
        lines.append(
            "What is hidden stays hidden, also if a file with it is loaded again. To show it after "
            "all, run `threadbot unhide`, then load its file again."
        )
    return lines


def _list(names: Sequence[str]) -> str:
    shown = ", ".join(names[:SHOWN])
    return f"{shown} and {len(names) - SHOWN} more" if len(names) > SHOWN else shown


def _counted(number: int, thing: str) -> str:
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number:,} times"


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
