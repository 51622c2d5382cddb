"""The note of the newest generations beside the store."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import ChangesLost
from bot.store.migrations import FILE
from bot.store.newest import compare, remember, remembered
from bot.store.opening import NEWEST


def test_the_newest_generation_of_each_scope_is_remembered(tmp_path: Path) -> None:
    store = tmp_path / FILE
    assert remembered(store) == {}
    remember(store, 0, 3)
    remember(store, 77, 1)
    remember(store, 0, 2)  # another process was slower
    assert remembered(store) == {0: 3, 77: 1}


@pytest.mark.parametrize("content", [b"", b"00000000 {}", b"x {}", b"0", b"\xff" * 30])
def test_a_damaged_note_says_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / NEWEST).write_bytes(content)
    assert remembered(tmp_path / FILE) == {}
    remember(tmp_path / FILE, 0, 1)
    assert remembered(tmp_path / FILE) == {0: 1}


def test_a_note_that_cannot_be_written_is_no_error(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    remember(tmp_path / "nowhere" / FILE, 0, 1)
    assert "cannot note" in caplog.text


def test_lost_changes_are_an_error(tmp_path: Path) -> None:
    store = tmp_path / FILE
    compare(store, {0: 3}, {0: 3, 77: 1})
    compare(store, {0: 3}, {0: 4})
    compare(store, {}, {})
    with pytest.raises(ChangesLost, match="change 3 was stored, but the last one here is 2"):
        compare(store, {0: 3}, {0: 2})
    with pytest.raises(ChangesLost) as lost:
        compare(store, {77: 1}, {0: 2})
    assert f"delete {tmp_path / NEWEST}" in str(lost.value)
