"""Large layers that have a file are held elsewhere, small ones stay."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bot.library import layer_files
from bot.library.snapshot.layered import Part
from bot.library.snapshot.snapshot import Snapshot
from bot.library.snapshot.stacking import Contents, stacked
from bot.library.spread.part import LocalPart
from bot.library.spread.snapshot import SpreadSnapshot
from bot.library.spread.spreading import Held, Spreader, View, divided, dumps_of
from tests.library.snapshot.shelf import CAFE, PORTS, RICE, Shelf


class Here:
    """Hosts in this process."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.opened: list[View] = []

    def open(self, views: Sequence[View]) -> Sequence[LocalPart]:
        """Read the files that views name."""
        self.opened += views
        return [
            each.part(
                [Part(layer_files.mapped(held.file, held.name), held.gone) for held in each.layers]
            )
            for each in views
        ]


def library(folder: Path) -> Snapshot:
    """Three layers; the first two are in files, and a thread of the first is masked."""
    shelf = Shelf()
    first = stacked(Contents(1, [shelf.add(PORTS, RICE)], []), shelf)
    second = stacked(Contents(2, [*first.dumps, shelf.add(CAFE)], []), shelf, first)
    layer_files.write(folder / "index-0.bin", "key", second.parts)
    third = stacked(Contents(3, [*second.dumps, shelf.add(RICE)], []), shelf, second)
    assert len(third.parts) == 3
    return third


def test_small_layers_and_those_without_a_file_stay(tmp_path: Path) -> None:
    whole, hosts = library(tmp_path), Here(2)
    assert Spreader(hosts, least=9).spread(whole, tmp_path, None) is whole
    spread = Spreader(hosts, least=1).spread(whole, tmp_path, None)
    assert isinstance(spread, SpreadSnapshot)
    held = [each.name for view in hosts.opened for each in view.layers]
    assert sorted(held) == sorted(each.layer.name for each in whole.parts[:2])
    assert len(spread.parts) == 3
    assert [*spread.catalogue] == [*whole.catalogue]
    only = Spreader(Here(2), least=3).spread(whole, tmp_path, None)
    assert isinstance(only, SpreadSnapshot)
    assert [*only.catalogue] == [*whole.catalogue]


def test_all_layers_can_be_had_again(tmp_path: Path) -> None:
    whole = library(tmp_path)
    again = Spreader(Here(1), least=1).spread(whole, tmp_path, None).whole()
    assert [each.layer.name for each in again.parts] == [each.layer.name for each in whole.parts]
    assert [*again.catalogue] == [*whole.catalogue]
    assert (again.generation, again.dumps) == (whole.generation, whole.dumps)


def test_a_layer_knows_the_dumps_of_its_threads(tmp_path: Path) -> None:
    whole = library(tmp_path)
    assert [dumps_of(whole, each) for each in whole.parts[:2]] == [{0}, {1}]


def test_hosts_hold_about_as_many_tweets_each() -> None:
    sizes = [10, 90, 50, 40, 1]
    layers = [
        Held(Path("x"), f"{place}", size, np.zeros(1, np.bool_), place, frozenset())
        for place, size in enumerate(sizes)
    ]
    shares = divided(layers, 2)
    assert [[each.place for each in share] for share in shares] == [[0, 1], [2, 3, 4]]
    assert divided(layers[::-1], 2) == shares
    assert [len(share) for share in divided(layers, 9)] == [1, 1, 1, 1, 1]
