"""Which tweets are of which thread."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from bot.search.threads import LayeredThreads, Threads
from tests.search.stacks import Stack, small_stacks


def test_each_tweet_is_of_the_thread_that_starts_last_before_it() -> None:
    assert Threads.at(np.array([0, 2, 3]), 6).of.tolist() == [0, 0, 1, 2, 2, 2]
    assert Threads.at(np.array([], np.int64), 0).of.tolist() == []


def test_the_tweets_of_one_index_are_in_order() -> None:
    threads = Threads.at(np.array([0, 2, 3]), 6)
    of = threads.thread_of(np.array([1, 2, 5]))
    assert of.tolist() == [0, 1, 2]
    assert threads.first_of(of).tolist() == [0, 2, 3]
    assert threads.ascend
    assert threads.in_order(of) is None


@given(small_stacks())
def test_threads_of_layers_are_numbered_layer_by_layer(stack: Stack) -> None:
    tweets = [number for number, each in enumerate(stack.placed) for _ in each.texts]
    docs = np.arange(len(tweets))
    of = stack.stacked.thread_of(docs)
    assert of.dtype == np.int32
    assert of.tolist() == tweets
    assert stack.stacked.first_of(of).tolist() == [tweets.index(each) for each in tweets]
    orders = [stack.placed[each].order for each in tweets]
    assert stack.stacked.order_of(of).tolist() == orders
    order = stack.stacked.in_order(of)
    assert (order is None) == (orders == sorted(orders))
    if order is not None:
        assert order.tolist() == sorted(range(len(tweets)), key=lambda at: (orders[at], at))


@pytest.mark.parametrize(("second", "ascend"), [(5, True), (2, False)])
def test_layers_one_after_the_other_need_no_sorting(second: int, *, ascend: bool) -> None:
    one = Threads.at(np.array([0, 2]), 3)
    none = Threads.at(np.array([], np.int64), 0)
    last = Threads.at(np.array([0]), 1)
    orders = [np.array([1, 3]), np.array([], np.int64), np.array([second])]
    layered = LayeredThreads([*zip((one, none, last), orders, strict=True)])
    assert layered.ascend == ascend
    every = np.array([0, 0, 1, 2], np.int32)
    order = layered.in_order(every)
    assert (order is None) == ascend
    assert layered.in_order(every[3:]) is None
