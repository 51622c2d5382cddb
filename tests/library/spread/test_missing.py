"""What an answer says of parts that cannot be reached."""

from __future__ import annotations

import pytest

from bot.errors import PartUnreachable
from bot.library.snapshot.layer import analyzer
from bot.library.snapshot.snapshot import Snapshot
from bot.library.spread.missing import NAMED, Missing, without_missing
from bot.library.spread.part import LocalPart
from bot.library.spread.snapshot import SpreadSnapshot
from tests.library.snapshot.shelf import CAFE, PORTS, snapshot_of


def divided() -> tuple[SpreadSnapshot, LocalPart, LocalPart]:
    layers = [snapshot_of(each).parts[0] for each in (PORTS, CAFE)]
    one, other = (LocalPart([each], [place]) for place, each in enumerate(layers))
    return SpreadSnapshot([one, other], analyzer(), of=Snapshot(1, layers)), one, other


def test_an_answer_without_a_part_names_its_files() -> None:
    snapshot, one, other = divided()
    missing = Missing()
    assert not missing
    assert without_missing(snapshot, missing) is snapshot
    missing.add(PartUnreachable(one), snapshot)
    assert missing.tweets == 2
    assert str(missing.hint(["a.txt", "b.txt"])) == (
        "2 tweets were not searched, from a.txt and b.txt: this part of the library cannot be "
        "reached right now."
    )
    assert str(missing.hint(["x.txt"] * (NAMED + 1))).count("x.txt") == NAMED
    assert "2 tweets were not searched: this part" in str(missing.hint([]))
    left = without_missing(snapshot, missing)
    assert isinstance(left, SpreadSnapshot)
    assert left.parts == (other,)
    assert [each.summary.title for each in left.catalogue] == [CAFE.title]


def test_without_any_part_there_is_no_answer() -> None:
    snapshot, one, other = divided()
    missing = Missing()
    missing.add(PartUnreachable(one), snapshot)
    with pytest.raises(PartUnreachable, match="Try again in a minute"):
        missing.add(PartUnreachable(other), without_missing(snapshot, missing))
    with pytest.raises(PartUnreachable):
        Missing().add(PartUnreachable(object()), snapshot)
