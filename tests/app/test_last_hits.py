"""The first hit of each user's last answer."""

from __future__ import annotations

import pytest

from bot.app import last_hits
from bot.app.last_hits import LastHits

ADA, GRACE, EVE = (1, 9), (2, 9), (3, 9)


def test_the_latest_hit_of_a_user_is_remembered() -> None:
    hits = LastHits()
    hits.put(ADA, ("okapi", 1))
    hits.put(ADA, ("tapir", 2))
    assert hits.get(ADA) == ("tapir", 2)
    assert hits.get(GRACE) is None


def test_a_hit_stays_in_its_guild() -> None:
    hits = LastHits()
    hits.put(ADA, ("okapi", 1))
    assert hits.get((1, None)) is None
    assert hits.get((1, 10)) is None


def test_the_least_recent_users_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(last_hits, "CAPACITY", 2)
    hits = LastHits()
    for user in (ADA, GRACE, ADA, EVE):
        hits.put(user, ("okapi", 1))
    assert hits.get(GRACE) is None
    assert hits.get(ADA) == hits.get(EVE) == ("okapi", 1)
