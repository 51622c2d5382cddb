"""Threads that are being posted."""

from __future__ import annotations

import pytest

from bot.app.posts_under_way import PostsUnderWay

KEY, ADA, GRACE = 100, 1, 2


def test_a_post_is_found_while_it_is_under_way() -> None:
    posts = PostsUnderWay()
    assert posts.get(KEY) is None
    with posts.register(KEY, ADA) as post:
        assert post is not None
        assert posts.get(KEY) is post
        assert (post.user, post.stopped) == (ADA, False)
    assert posts.get(KEY) is None


def test_a_key_in_use_is_refused_and_stays_with_the_first_post() -> None:
    posts = PostsUnderWay()
    with posts.register(KEY, ADA) as first:
        with posts.register(KEY, GRACE) as second:
            assert second is None
        assert posts.get(KEY) is first


def test_a_post_that_fails_is_no_longer_under_way() -> None:
    posts = PostsUnderWay()
    with pytest.raises(ConnectionError), posts.register(KEY, ADA):
        raise ConnectionError
    assert posts.get(KEY) is None
