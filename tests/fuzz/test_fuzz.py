"""What the fuzzer begins with keeps every promise, and reaches every kind of custom id."""

from __future__ import annotations

import re

import pytest

from tests.fuzz import changes
from tests.fuzz.beginnings import IDS, LONGEST, beginnings
from tests.fuzz.targets import COMPONENTS, FORMS, REBUILT, TARGETS


@pytest.mark.parametrize("target", TARGETS)
def test_a_target_takes_all_that_it_begins_with(target: str) -> None:
    for data in beginnings(target).values():
        TARGETS[target](data)


def test_there_is_a_custom_id_of_each_kind_to_begin_with() -> None:
    kinds = [each.pattern for each in COMPONENTS] + [each.template for each in FORMS]
    assert [
        each for each in (*kinds, *REBUILT) if not any(re.fullmatch(each, one) for one in IDS)
    ] == []


@pytest.mark.parametrize("change", [changes.changed_file, changes.changed_ids])
def test_changes_are_repeatable_and_not_too_long(change: changes.Change) -> None:
    texts = ["\n".join(IDS).encode(), b'{"a": [1, {"b": "c"}]}', b"", b"x"]
    for text in texts:
        for seed in range(200):
            made = change(text, LONGEST, seed, lambda data, most: data[::-1][:most])
            assert len(made) <= LONGEST
            assert made == change(text, LONGEST, seed, lambda data, most: data[::-1][:most])
