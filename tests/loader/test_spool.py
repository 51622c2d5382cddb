"""Posts on disk and back."""

from __future__ import annotations

import gc
import os

import pytest

from bot.loader import spool
from bot.loader.posts import Post
from bot.loader.spool import Spool
from bot.models import Link

FULL = Post(
    line=3, text="Low tide \ud800 €", mentions=("bob", "anna"),
    links=(Link("a…", None), Link("b", "https://b.example")), author="anna", author_id="7",
    created_at="2024-03-01T10:00:00Z", tweet_id="11", part="tweets.js", conversation="10",
    reply_to="9", reply_to_author="bob", reply_to_author_id="8", is_repost=True,
    permalink="https://x.com/anna/status/11",
)  # fmt: skip
BARE = Post(line=1, text="")


def open_files() -> int:
    gc.collect()
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208  # of names, not of paths


@pytest.mark.parametrize("in_memory", [0, 1, 300, 10**6])
def test_every_field_comes_back_in_any_order(
    in_memory: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool, "IN_MEMORY", in_memory)
    made = Spool()
    assert len(made) == 0
    for post in (FULL, BARE, FULL):
        made.add(post)
    assert len(made) == 3
    assert [made[2], made[0], made[1]] == [FULL, FULL, BARE]
    made.add(BARE)
    assert (made[3], made[2]) == (BARE, FULL)


def test_posts_may_be_added_after_some_were_read() -> None:
    made = Spool()
    made.add(FULL)
    assert made[0] == FULL
    made.add(BARE)
    assert (made[0], made[1]) == (FULL, BARE)


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="only Linux lists open files")  # noqa: PTH112
def test_many_posts_go_to_a_file_that_is_gone_with_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "IN_MEMORY", 10_000)
    before = open_files()
    made = Spool()
    while len(made) < 10:
        made.add(FULL)
    assert open_files() == before
    while len(made) < 100:
        made.add(FULL)
    assert open_files() == before + 1
    del made
    assert open_files() == before
