"""Which tweets are of which thread."""

from __future__ import annotations

import numpy as np

from bot.search.threads import Threads


def test_each_tweet_is_of_the_thread_that_starts_last_before_it() -> None:
    assert Threads.at(np.array([0, 2, 3]), 6).of.tolist() == [0, 0, 1, 2, 2, 2]
    assert Threads.at(np.array([], np.int64), 0).of.tolist() == []
