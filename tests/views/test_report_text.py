"""Reports of loads, in lines of text."""

from __future__ import annotations

from bot.i18n.messages import ENGLISH
from bot.reports import DumpFault, LoadReport
from bot.views import report_text
from tests.views.shown import report_of


def test_a_report_tells_the_most_important_first() -> None:
    assert report_text.report_lines(report_of(), ENGLISH) == [
        "+2 tweets. The library now has 5 tweets in 3 threads (generation 2).",
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
        "Nothing changed: 1 tweet in 1 thread (generation 1).",
        "Cannot read b.txt: gone",
    ]


def test_a_long_list_of_threads_is_counted_where_it_ends() -> None:
    many = report_of(threads_added=tuple(f"Thread {number}" for number in range(13)))
    lines = report_text.report_lines(many, ENGLISH)
    assert sum(line.startswith("New: Thread") for line in lines) == 10
    assert "New: 3 more threads" in lines
