"""Work in a child process: what it says is heard, and what hangs is stopped."""

from __future__ import annotations

import time

from tests.mutation import child


def test_what_a_child_says_and_returns_is_heard() -> None:
    def work(say: child.Say) -> int:
        say("one")
        say("two")
        return 7

    assert child.run(work) == child.Outcome(7, ["one", "two"])


def test_a_child_that_falls_silent_is_stopped() -> None:
    def work(say: child.Say) -> int:
        say("asleep")
        time.sleep(600)
        return 0

    outcome = child.run(work, patience=lambda line: 0.1 if line else None)
    assert outcome == child.Outcome(child.HUNG, ["asleep"])


def test_an_error_in_a_child_is_told_from_a_verdict() -> None:
    outcome = child.run(lambda _: 1 // 0)
    assert outcome.status == child.BROKEN
    assert "ZeroDivisionError" in outcome.lines[-1]
