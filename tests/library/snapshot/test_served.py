"""What answers questions has all that questions ask, wherever its layers are."""

from __future__ import annotations

import pytest

from bot.library.snapshot.layer import analyzer
from bot.library.snapshot.served import Served
from bot.library.spread.part import LocalPart
from bot.library.spread.snapshot import SpreadSnapshot
from tests.library.snapshot.shelf import PORTS, snapshot_of

HERE = snapshot_of(PORTS)
ELSEWHERE = SpreadSnapshot([LocalPart(HERE.parts, [0])], analyzer(), of=HERE)


@pytest.mark.parametrize("served", [HERE, ELSEWHERE])
def test_both_kinds_have_what_questions_ask(served: Served) -> None:
    members = [each for each in vars(Served) if not each.startswith("_")]
    assert "rank" in members
    assert [each for each in members if not hasattr(served, each)] == []
    assert (served.generation, served.version, served.below) == (1, HERE.version, None)


def test_only_a_snapshot_with_its_layers_here_is_whole() -> None:
    assert HERE.whole() is HERE
    assert (HERE.is_here, ELSEWHERE.is_here, ELSEWHERE.is_quick) == (True, False, False)
    with pytest.raises(ValueError, match="cannot be read here"):
        ELSEWHERE.whole()
