"""Posts on disk and back."""

from __future__ import annotations

import gc
import pickle
import tracemalloc
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.loader.records import post_spool
from bot.loader.records.post_spool import IN_MEMORY, Spool
from bot.loader.records.posts import Post
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
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.parametrize("in_memory", [1, 300, 10**6])
def test_a_worker_can_send_them(in_memory: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post_spool, "IN_MEMORY", in_memory)
    monkeypatch.setattr(post_spool, "WINDOW", in_memory)
    monkeypatch.setattr(post_spool, "PIECE", in_memory)
    made = Spool()
    posts = [FULL, *(replace(BARE, line=n, text=f"Port {n}") for n in range(300)), FULL, BARE]
    for post in posts:
        made.add(post)
    came = pickle.loads(pickle.dumps(made))  # noqa: S301  # ours
    assert [came[each] for each in range(len(came))] == posts
    came.add(FULL)
    assert came[len(posts)] == FULL
    assert came[0] == FULL


@pytest.mark.parametrize("in_memory", [0, 1, 300, 10**6])
def test_every_field_comes_back_in_any_order(
    in_memory: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(post_spool, "IN_MEMORY", in_memory)
    made = Spool()
    assert len(made) == 0
    for post in (FULL, BARE, FULL):
        made.add(post)
    assert len(made) == 3
    assert [made[2], made[0], made[1]] == [FULL, FULL, BARE]
    made.add(BARE)
    assert (made[3], made[2]) == (BARE, FULL)


def test_what_is_spooled_comes_back_from_memory_and_from_disk() -> None:
    made = Spool()
    one = Post(line=1, text="x" * 100, links=(Link("a…", None), Link("b", "https://b")))
    two = Post(line=2, text="y" * IN_MEMORY, mentions=("anna", "ben"), is_repost=True)
    for post in (one, two, one):
        made.add(post)
    assert [made[2], made[1], made[0]] == [one, two, one]


def test_posts_may_be_added_after_some_were_read() -> None:
    made = Spool()
    made.add(FULL)
    assert made[0] == FULL
    made.add(BARE)
    assert (made[0], made[1]) == (FULL, BARE)


ONLY_LINUX = pytest.mark.skipif(
    not Path("/proc/self/fd").is_dir(), reason="only Linux lists the files that are open"
)


@ONLY_LINUX
@pytest.mark.parametrize(("first", "files"), [(8 * 1024**2 - 1000, 0), (8 * 1024**2 + 1000, 1)])
def test_posts_of_16_mb_go_to_a_file_that_is_gone_with_them(first: int, files: int) -> None:
    before = open_files()
    made = Spool()
    made.add(Post(line=1, text="y" * first))
    assert open_files() == before
    made.add(Post(line=2, text="y" * 8 * 1024**2))
    assert open_files() == before + files
    del made
    assert open_files() == before


@ONLY_LINUX
def test_posts_go_to_one_file_once_however_long_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    before = open_files()
    for in_memory in range(1, 500):
        monkeypatch.setattr(post_spool, "IN_MEMORY", in_memory)
        made = Spool()
        for post in (FULL, FULL, FULL):
            made.add(post)
        assert len(list(Path("/proc/self/fd").iterdir())) == before + 1
        assert made[0] == made[2] == FULL


def test_posts_in_a_file_take_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post_spool, "IN_MEMORY", 1000)
    made = Spool()
    tracemalloc.start()
    try:
        for _ in range(50):
            made.add(replace(FULL, text="y" * 100_000))
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < 1_000_000
