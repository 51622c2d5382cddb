"""Remembering what was shared lately."""

from __future__ import annotations

from bot.app import recent_shares
from bot.app.recent_shares import RecentShares


def test_a_share_counts_once_for_its_user_channel_and_hit() -> None:
    recent = RecentShares()
    assert recent.add((1, 2, "a:1"))
    assert not recent.add((1, 2, "a:1"))
    assert recent.add((9, 2, "a:1"))
    assert recent.add((1, 9, "a:1"))
    assert recent.add((1, 2, "a:2"))


def test_a_share_that_was_not_posted_or_is_deleted_may_be_repeated() -> None:
    recent = RecentShares()
    recent.add((1, 2, "a:1"))
    recent.remove((1, 2, "a:1"))
    assert recent.add((1, 2, "a:1"))
    recent.add((1, 3, "a:1"))
    recent.remove_all(1, 2)
    assert recent.add((1, 2, "a:1"))
    assert not recent.add((1, 3, "a:1"))


def test_old_shares_are_forgotten() -> None:
    recent = RecentShares(seconds=-1)
    assert recent.add((1, 2, "a:1"))
    assert recent.add((1, 2, "a:1"))
    full = RecentShares()
    for number in range(recent_shares.CAPACITY + 1):
        full.add((number, 2, "a:1"))
    assert full.add((0, 2, "a:1"))
