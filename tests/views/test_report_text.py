"""Reports of loads, in lines of text."""

from __future__ import annotations

from dataclasses import replace

from bot.i18n.messages import ENGLISH, Sentence
from bot.reports import DumpFault, Event, LoadReport
from bot.views import report_text
from tests.views.shown import report_of


def test_a_report_tells_the_most_important_first() -> None:
    assert report_text.report_lines(report_of(), ENGLISH) == [
        "+2 tweets. The library now has 5 tweets in 3 threads.",
        "New: Ports grow quiet",
        "Changed: Rice prices double",
        "Removed: A lighthouse is sold",
        "Cannot read odd.txt:3: it is odd",
        "The earlier version stays loaded: kept.txt",
        "a.txt:1: met something",
    ]


def test_a_report_of_nothing_says_so() -> None:
    nothing = LoadReport(1, False, (), (DumpFault("b.txt", None, "gone"),), (), (), (), 1, 1, 1)  # noqa: FBT003  # its order
    assert report_text.report_lines(nothing, ENGLISH) == [
        "The file cannot be read. Nothing changed: 1 tweet in 1 thread.",
        "Cannot read b.txt: gone",
    ]
    assert report_text.preview_lines(nothing, ENGLISH) == ["The file cannot be read."]


def test_a_preview_of_files_that_are_known_or_unreadable_says_both() -> None:
    known = replace(report_of(), errors=(DumpFault("b.txt", None, "gone"),), changed=False)
    first = report_text.preview_lines(known, ENGLISH)[0]
    assert first == "1 file cannot be read; the others have nothing new."
    both = replace(known, dumps=(), kept=(), errors=known.errors * 2)
    assert report_text.preview_lines(both, ENGLISH) == ["None of the 2 files can be read."]
    assert report_text.preview_lines(replace(known, errors=()), ENGLISH)[0] == (
        "No changes to apply."
    )


def test_threads_are_said_to_be_hidden_or_back_if_they_are() -> None:
    report = report_of(threads_removed=("Okapis",), threads_added=("Tapirs",))
    hidden = report_text.report_lines(replace(report, action="forget"), ENGLISH)
    assert "Hidden: Okapis" in hidden
    assert "Shown again: Tapirs" in report_text.report_lines(
        replace(report, action="undo"), ENGLISH
    )
    removed = report_text.report_lines(replace(report, action="remove"), ENGLISH)
    assert {"Removed: Okapis", "New: Tapirs"} <= set(removed)


def test_as_many_tweets_as_before_are_said_to_be_as_many() -> None:
    same = replace(report_of(), changed=True, tweets_before=7, tweets_after=7, threads_after=2)
    first = report_text.report_lines(same, ENGLISH)[0]
    assert first == "The number of tweets is the same: 7 tweets in 2 threads."


def test_a_long_list_of_threads_is_counted_where_it_ends() -> None:
    many = report_of(threads_added=tuple(f"Thread {number}" for number in range(13)))
    lines = report_text.report_lines(many, ENGLISH)
    assert sum(line.startswith("New: Thread") for line in lines) == 10
    assert "New: 3 more threads" in lines


def test_what_was_done_is_named_with_its_files() -> None:
    loaded = replace(report_of(), action="load")
    assert report_text.heading(loaded, ENGLISH) == "Loaded 1 file: a.txt."
    many = replace(loaded, dumps=loaded.dumps * 5)
    assert report_text.heading(many, ENGLISH) == (
        "Loaded 5 files: a.txt, a.txt, a.txt and 2 more files."
    )
    for action, said in (
        ("reload", "Reloaded the shared threads."),
        ("undo", "Undid the last change."),
        ("forget", None),
    ):
        assert report_text.heading(replace(loaded, action=action), ENGLISH) == said
    assert report_text.heading(replace(loaded, changed=False), ENGLISH) is None


def test_a_preview_asks_whether_its_files_are_to_be_loaded() -> None:
    report = report_of()
    asked = report_text.question(report, ENGLISH, shared=False)
    assert asked == "Load a.txt for this server?"
    assert report_text.question(report, ENGLISH, shared=True) == "Reload the shared threads?"
    assert report_text.question(replace(report, changed=False), ENGLISH, shared=True) is None


def test_the_next_step_fits_what_was_done() -> None:
    def named(command: Sentence) -> str:
        return f"<{command}:1>"

    loaded = replace(report_of(), action="load")
    assert report_text.next_step(loaded, ENGLISH, named) == (
        "Search them with </ask:1>, or read one with </thread:1>."
    )
    hidden = replace(loaded, action="forget")
    assert report_text.next_step(hidden, ENGLISH, named) == "All changes: </library history:1>"
    assert report_text.next_step(replace(loaded, changed=False), ENGLISH, named) is None


def test_an_event_is_one_sentence() -> None:
    event = Event(2, "2025-06-13T08:30:00", "Grace", "forget", 1, hidden_authors=("@anna",))
    assert report_text.event_line(event, ENGLISH) == "Grace hid @anna"


def test_an_undo_names_what_it_undid() -> None:
    hid = Event(2, "2025-06-13T08:30:00", "Grace", "forget", 1, hidden_authors=("@anna",))
    undo = Event(3, "2025-06-13T08:31:00", "Ada", "undo", 1, undone=hid)
    assert report_text.event_line(undo, ENGLISH) == "Ada undid the hiding of @anna (by Grace)"
    loaded = replace(hid, action="load", hidden_authors=(), loaded=("a.txt",))
    back = replace(undo, undone=loaded)
    assert report_text.event_line(back, ENGLISH) == "Ada undid the load of “a.txt” (by Grace)"
    removed = replace(hid, action="remove", hidden_authors=(), removed=("a.txt",))
    back = replace(undo, undone=removed)
    assert report_text.event_line(back, ENGLISH) == "Ada undid the removal of “a.txt” (by Grace)"
    reloaded = replace(undo, undone=replace(hid, action="reload", hidden_authors=()))
    assert report_text.event_line(reloaded, ENGLISH) == (
        "Ada undid this: Grace reloaded the shared threads"
    )
    bare = replace(undo, undone=None)
    assert report_text.event_line(bare, ENGLISH) == "Ada undid the last change"


def test_new_tweets_are_counted_once_for_a_single_file() -> None:
    one = report_of()
    assert not any(line.endswith(" new") for line in report_text.preview_lines(one, ENGLISH))
    two = replace(one, dumps=one.dumps * 2)
    assert sum(line.endswith(" new") for line in report_text.preview_lines(two, ENGLISH)) == 2


def test_the_button_says_the_word_of_the_question() -> None:
    words = [
        report_text.confirming(ENGLISH, shared=shared, doubtful=doubtful)
        for shared in (False, True)
        for doubtful in (False, True)
    ]
    assert words == ["Load", "Load anyway", "Reload", "Reload anyway"]
