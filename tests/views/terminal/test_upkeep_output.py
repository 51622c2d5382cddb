"""What the commands that keep the bot running say."""

from __future__ import annotations

from bot.reports import Finding
from bot.views.terminal import upkeep_output as upkeep
from bot.views.terminal.output import Row


def texts(rows: list[Row]) -> list[str]:
    """Each row as text."""
    return [
        " " * row.indent + row.lead.text + "".join(each.text for each in row.spans) for row in rows
    ]


def test_findings_are_listed_with_their_advice_and_counted() -> None:
    found = [Finding("disk", "ok", "9 GB free"), Finding("token", "fault", "bad", "Reset it.")]
    assert texts(upkeep.findings_rows(found)) == [
        "ok       disk      9 GB free",
        "fault    token     bad",
        "                   Reset it.",
        "1 fault, 0 warnings.",
    ]
    assert texts(upkeep.findings_rows(found[:1]))[-1] == "All is well."
    assert texts(upkeep.findings_rows(found, 60)) == texts(upkeep.findings_rows(found))


def test_on_a_narrow_screen_findings_are_below_what_was_checked() -> None:
    found = [Finding("disk", "ok", "9 GB free"), Finding("token", "fault", "bad", "Reset it.")]
    assert texts(upkeep.findings_rows(found, 39))[:-1] == [
        "ok disk",
        "  9 GB free",
        "fault token",
        "  bad",
        "  Reset it.",
    ]


def test_what_stays_hidden_is_said_after_all_that_goes() -> None:
    lines = upkeep.erasing_lines(
        files=["a.txt"], parted=["b.txt"], labels=["@anna"], tweets=2, uploads=1, set_aside=["old"]
    )
    assert [each.startswith("- ") for each in lines] == [True] * 6 + [False]
    assert lines[-1].startswith("What is hidden stays hidden")


def test_only_what_replaced_something_can_be_undone() -> None:
    (later,) = upkeep.restored_lines(7, 3, 0, is_new=True)
    assert later.endswith("To undo this: threadbot undo --guild 7")
    (first,) = upkeep.restored_lines(0, 3, 0, is_new=True, is_first=True)
    assert "undo" not in first


def test_a_backup_says_what_it_has_and_lacks() -> None:
    counts = {"dump": 2, "tweet": 1_000}
    assert texts(upkeep.backup_rows("b.zip", counts, ())) == [
        "Backed up 2 files with 1,000 tweets to b.zip. It was read back, and is whole.",
        "These are all that the store has, earlier and hidden ones too.",
    ]
    assert texts(upkeep.backup_rows("b.zip", counts, ("a.png",)))[2:] == [
        "1 picture of the library had no file."
    ]


def test_space_is_counted_and_a_log_in_use_is_said() -> None:
    assert texts(upkeep.vacuum_rows(2_000, 500, is_log_empty=True)) == [
        "The store had 2,000 bytes and has 500 now: 1,500 less."
    ]
    assert len(upkeep.vacuum_rows(500, 600, is_log_empty=False)) == 2
    said = texts(upkeep.vacuum_rows(500, 600, is_log_empty=False))[0]
    assert said == "The store has 600 bytes, no less than before."


def test_libraries_are_named_and_compared() -> None:
    said = [
        upkeep.relation_line(0, "newer", 1),
        upkeep.relation_line(7, "newer", 2),
        upkeep.relation_line(0, "unrelated", 0),
        upkeep.relation_line(0, "same", 0),
        upkeep.relation_line(0, "new", 0),
    ]
    assert said == [
        "The shared library was changed once after the backup.",
        "The library of server 7 was changed 2 times after the backup.",
        "The shared library is another one than in the backup.",
        "The shared library was not changed after the backup.",
        "The shared library is only in the backup.",
    ]
    (line,) = upkeep.restored_lines(7, 1, 0, is_new=True)
    assert line.startswith("The library of server 7 is restored, and shows 1 tweet now.")
    assert line.endswith("threadbot undo --guild 7")
    assert (
        "2 tweets of the backup did not come back" in upkeep.restored_lines(0, 1, 2, is_new=True)[1]
    )
    assert "already" in upkeep.restored_lines(0, 3, 0, is_new=False)[0]


def test_what_would_be_erased_is_listed() -> None:
    lines = upkeep.erasing_lines(
        files=[f"{each}.txt" for each in range(10)],
        parted=["a.txt"],
        labels=["@anna"],
        tweets=1,
        uploads=2,
        set_aside=["replaced-1"],
    )
    assert len(lines) == 7
    assert lines[0] == "- 1 tweet that is no longer shown"
    assert any("threadbot unhide" in each for each in lines)
    assert lines[1].endswith("7.txt and 2 more")
    assert (
        upkeep.erasing_lines(files=(), parted=(), labels=(), tweets=0, uploads=0, set_aside=())
        == []
    )


def test_health_is_said_first() -> None:
    assert upkeep.health_lines({"ok": True, "tweets": 3}) == ["The bot is well.", "tweets: 3"]
    assert upkeep.health_lines({"ok": False})[0] == "The bot is not well."


def test_health_has_a_line_for_each_shard() -> None:
    shards = [
        {"id": 2, "ready": True, "heartbeat_age_s": 1.5, "servers": 7},
        {"id": 3, "ready": False, "heartbeat_age_s": None, "servers": 0},
    ]
    assert upkeep.health_lines({"ok": False, "shards": shards, "shard_count": 4}) == [
        "The bot is not well.",
        "shard 2 of 4: ready, heartbeat 1.5 s ago, servers: 7",
        "shard 3 of 4: not connected, no heartbeat, servers: 0",
    ]
