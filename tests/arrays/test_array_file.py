"""Arrays in a file."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from bot.arrays import array_file
from bot.arrays.array_file import (
    ALIGNMENT,
    MAGIC,
    Arrays,
    Unusable,
    read_arrays,
    release,
    with_prefix,
    without_prefix,
    write_arrays,
    write_parts,
)

some_arrays = st.dictionaries(
    st.text("abc.", min_size=1, max_size=5),
    arrays_of.arrays(
        st.sampled_from([np.int64, np.int32, np.uint8, np.float64, np.bool_]),
        st.integers(0, 40),
    ),
    max_size=4,
)


@given(some_arrays, st.text(max_size=9))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_was_frozen_comes_back(
    tmp_path: Path, arrays: dict[str, np.ndarray[tuple[int], np.dtype[np.int64]]], key: str
) -> None:
    path = tmp_path / "a.bin"
    write_arrays(path, key, {"said": key}, arrays)
    meta, back = read_arrays(path, key)
    assert meta == {"said": key}
    assert list(back) == list(arrays)
    for name, each in arrays.items():
        assert back[name].dtype == each.dtype
        assert back[name].tobytes() == each.tobytes()
        with pytest.raises(ValueError, match="read-only"):
            back[name][:1] = 0
    assert [each.name for each in tmp_path.iterdir()] == ["a.bin"]


def test_parts_are_written_as_all_arrays_at_once_are(tmp_path: Path) -> None:
    arrays: Arrays = {"a": np.arange(70), "b": np.empty(0, np.int32), "c": np.arange(3.0)}
    write_arrays(tmp_path / "whole.bin", "key", [1], arrays)
    parts = ({name: arrays[name]} for name in arrays)
    write_parts(tmp_path / "parts.bin", "key", [1], parts, len(arrays))
    assert (tmp_path / "parts.bin").read_bytes() == (tmp_path / "whole.bin").read_bytes()
    write_parts(tmp_path / "roomy.bin", "key", [1], [{}, arrays])
    meta, back = read_arrays(tmp_path / "roomy.bin", "key")
    assert (meta, back.keys()) == ([1], arrays.keys())


def test_no_part_is_kept_while_the_next_one_is_made(tmp_path: Path) -> None:
    def parts() -> Iterator[Arrays]:
        for _ in range(3):
            made = np.arange(9)
            known = weakref.ref(made)
            yield {"a": made, "b": made[1:]}
            del made
            assert known() is None

    write_parts(tmp_path / "a.bin", "key", None, parts())


def test_more_arrays_than_there_is_room_for_are_refused(tmp_path: Path) -> None:
    arrays = {f"name {number}": np.arange(3) for number in range(100)}
    with pytest.raises(ValueError, match="100 arrays, and there is room for 9"):
        write_parts(tmp_path / "a.bin", "key", None, [arrays], 9)
    assert not [*tmp_path.iterdir()]


def test_what_is_released_is_read_again(tmp_path: Path) -> None:
    write_arrays(tmp_path / "a.bin", "key", None, {"a": np.arange(9_000)})
    _, arrays = read_arrays(tmp_path / "a.bin", "key")
    for each in (arrays["a"], arrays["a"][7:], np.arange(9_000)):
        total = each.sum()
        release(each)
        assert each.sum() == total


def test_a_file_made_for_something_else_is_not_used(tmp_path: Path) -> None:
    write_arrays(tmp_path / "a.bin", "one", None, {"a": np.arange(5)})
    with pytest.raises(Unusable, match="made from other data"):
        read_arrays(tmp_path / "a.bin", "other")


@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_damaged_file_is_not_used(tmp_path: Path, data: st.DataObject) -> None:
    path = tmp_path / "a.bin"
    write_arrays(path, "key", None, {"a": np.arange(50)})
    whole = path.read_bytes()
    if data.draw(st.booleans()):
        path.write_bytes(whole[: data.draw(st.integers(0, len(whole) - 1))])
    else:
        at = data.draw(st.integers(0, len(whole) - 1))
        changed = bytearray(whole)
        changed[at] ^= data.draw(st.integers(1, 255))
        path.write_bytes(bytes(changed))
    with pytest.raises(Unusable):
        read_arrays(path, "key")


def test_what_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "a.bin").mkdir()
    with pytest.raises(OSError, match=r"a\.bin"):
        write_arrays(tmp_path / "a.bin", "key", None, {"a": np.arange(50)})
    assert [each.name for each in tmp_path.iterdir()] == ["a.bin"]


@pytest.mark.parametrize("chunk", [1, 7, 64, 1 << 22])
def test_arrays_larger_than_a_chunk_come_back(
    tmp_path: Path, chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(array_file, "CHUNK", chunk)
    given = {"a": np.arange(30).reshape(5, 6), "b": np.arange(9.0)[::2], "none": np.empty((0, 2))}
    write_arrays(tmp_path / "a.bin", "key", [1], given)
    meta, back = read_arrays(tmp_path / "a.bin", "key")
    assert meta == [1]
    for name, each in given.items():
        np.testing.assert_array_equal(back[name], each)
        assert back[name].ctypes.data % ALIGNMENT == 0 or not each.size


@pytest.mark.parametrize("content", [b"", MAGIC, b"x" * 200, MAGIC + b"\0" * 11])
def test_another_kind_of_file_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.bin").write_bytes(content)
    with pytest.raises(Unusable, match="not a file of arrays"):
        read_arrays(tmp_path / "a.bin", "key")


def test_a_changed_byte_is_called_damage(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    write_arrays(path, "key", None, {"a": np.arange(50)})
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(Unusable, match="damaged"):
        read_arrays(path, "key")


def test_arrays_of_several_parts_stand_beside_each_other() -> None:
    one, other = {"x": np.arange(1)}, {"x": np.arange(2), "y.z": np.arange(3)}
    together = {**with_prefix("one", one), **with_prefix("other", other)}
    assert list(together) == ["one.x", "other.x", "other.y.z"]
    assert without_prefix("one", together) == one
    assert without_prefix("other", together) == other
    assert without_prefix("o", together) == {}
