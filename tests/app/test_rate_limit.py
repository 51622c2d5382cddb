"""The rate limit: so many questions per user in so many seconds."""

from __future__ import annotations

import pytest

from bot.app import rate_limit
from bot.app.rate_limit import RateLimit

ADA, GRACE = 1, 2


def test_a_user_over_the_limit_is_told_how_long_to_wait() -> None:
    limit = RateLimit(questions=2, seconds=60)
    assert [limit.retry_after(ADA) for _ in range(2)] == [None, None]
    seconds = limit.retry_after(ADA)
    assert seconds is not None
    assert 0 < seconds <= 60


def test_each_user_has_a_limit_of_their_own() -> None:
    limit = RateLimit(questions=1, seconds=60)
    assert limit.retry_after(ADA) is None
    assert limit.retry_after(GRACE) is None
    assert limit.retry_after(ADA) is not None
    assert limit.retry_after(GRACE) is not None


def test_the_least_recent_users_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limit, "CAPACITY", 2)
    limit = RateLimit(questions=1, seconds=60)
    for user in (ADA, GRACE):
        limit.retry_after(user)
    assert limit.retry_after(ADA) is not None, "both are remembered"
    limit.retry_after(3)
    assert limit.retry_after(ADA) is not None, "ADA asked more recently than GRACE"
    assert limit.retry_after(GRACE) is None


def test_its_cooldown_counts_nothing_yet() -> None:
    cooldown = RateLimit(questions=2, seconds=60).cooldown()
    assert (cooldown.rate, cooldown.per, cooldown.get_tokens()) == (2, 60, 2)
