"""JSON values of any type, read as the type that they should have."""

from __future__ import annotations

import pytest

from bot.loader.records.json_values import as_dict, as_list, as_text, unpacked

VALUES: list[object] = [{"a": 1}, {}, [1], [], "x", "", 5, 0, 1.5, True, None]


@pytest.mark.parametrize("value", VALUES)
def test_a_value_of_another_type_is_read_as_nothing(value: object) -> None:
    assert as_dict(value) == (value if isinstance(value, dict) else {})
    assert as_list(value) == (value if isinstance(value, list) else [])
    assert as_text(value) == ("x" if value == "x" else None)


def test_arrays_are_unpacked_in_their_order() -> None:
    assert list(unpacked([["a", ["b", [], [["c"]]], {"d": ["e"]}]])) == [
        "a",
        "b",
        "c",
        {"d": ["e"]},
    ]


def test_values_that_are_added_come_next() -> None:
    waiting: list[object] = [["a", "b"]]
    found = []
    for value in unpacked(waiting):
        found.append(value)
        if value == "a":
            waiting.append(["x", "y"])
    assert found == ["a", "x", "y", "b"]


def test_nesting_may_be_deeper_than_the_stack() -> None:
    deep: object = "a"
    for _ in range(5000):
        deep = [deep]
    assert list(unpacked([deep])) == ["a"]
