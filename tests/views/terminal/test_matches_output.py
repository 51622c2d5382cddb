"""What else a reference may mean, in the terminal."""

from __future__ import annotations

import io
from dataclasses import replace

from bot.models import ThreadMatches, ThreadSummary
from bot.views.terminal import output
from bot.views.terminal.matches_output import matches_rows

BEST = ThreadSummary("0123456789ab", "Okapis", None, 2, complete=True)


def printed(matches: ThreadMatches) -> str:
    """The rows on a stream that is no terminal."""
    stream = io.StringIO()
    output.write(matches_rows(matches), stream)
    return stream.getvalue()


def test_the_others_are_listed_with_their_ids_and_the_rest_counted() -> None:
    other = replace(BEST, id="ba9876543210", title="Okapis again")
    shown = printed(ThreadMatches(BEST, (other,), 4, "words"))
    assert "\n4 other threads have this in their title.\nba9876543210" in shown
    assert shown.endswith("and 3 threads more; more words narrow it\n")
    assert "more words" not in printed(ThreadMatches(BEST, (other,), 1, "words"))


def test_a_thread_that_was_named_stands_alone() -> None:
    assert printed(ThreadMatches(BEST, (), 0, "id")) == ""
    assert "No title has these words." in printed(ThreadMatches(BEST, (), 0, "tweets"))
