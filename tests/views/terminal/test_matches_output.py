"""What else a reference to a thread may mean, on a terminal."""

from __future__ import annotations

from bot.models import MatchKind, ThreadMatches, ThreadSummary
from bot.views.terminal.matches_output import matches_rows
from tests.views.terminal.tty import plain

PORTS = ThreadSummary("0123456789ab", "Ports grow quiet", None, 3, complete=True)
RICE = ThreadSummary("ba9876543210", "Ports of rice", None, 1, complete=True)


def matches(kind: MatchKind, *others: ThreadSummary, count: int = 0) -> ThreadMatches:
    return ThreadMatches(PORTS, others, count or len(others), kind)


def test_other_threads_are_listed_with_their_ids() -> None:
    said = plain(matches_rows(matches("words", RICE)))
    assert said == (
        "\n1 other thread has this in its title.\nba9876543210     1 tweet  Ports of rice\n"
    )
    more = plain(matches_rows(matches("words", RICE, count=4)))
    assert more.startswith("\n4 other threads have this in their title.\n")
    assert more.endswith("and 3 threads more; more words narrow it\n")


def test_a_guess_is_said_to_be_one() -> None:
    assert plain(matches_rows(matches("tweets"))).startswith("\nNo title has these words.")
    assert matches_rows(matches("id")) == []
