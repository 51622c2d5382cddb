"""Tests of how a tweet's media, quote, poll and card are packed."""

from __future__ import annotations

import json

from hypothesis import given

from bot.extras import NOTHING, Extras, packed, to_json, unpacked
from tests.strategies import extras


@given(extras)
def test_all_that_is_packed_comes_back(given: Extras) -> None:
    column = to_json(packed(**given))
    assert unpacked(json.loads(column or "{}")) == given


def test_nothing_costs_nothing() -> None:
    assert to_json(packed(**NOTHING)) is None
