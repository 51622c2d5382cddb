"""A process that holds layers, without Ray."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cluster import layer_host
from bot.cluster.layer_host import LayerHost, UnknownView
from bot.library import layer_files
from bot.library.spread.search_requests import Statistics
from bot.library.spread.spreading import Held, View
from tests.library.snapshot.shelf import CAFE, PORTS, snapshot_of


def view(folder: Path, name: str) -> View:
    """Return a view of a layer in a file."""
    part = snapshot_of(PORTS, CAFE).parts[0]
    layer_files.write(folder / f"index-{name}.bin", "key", [part])
    file = layer_files.layer_file(folder, part.layer.name)
    assert file is not None
    return View((Held(file, part.layer.name, 3, None, 0, frozenset()),), (), ())


def test_it_answers_about_views_that_are_open(tmp_path: Path) -> None:
    host, shown = LayerHost(), view(tmp_path, "0")
    with pytest.raises(UnknownView):
        host.answer("a", Statistics(("port",)))
    facts = host.open("a", shown)
    assert (facts.documents, facts.threads) == (3, 2)
    assert host.answer("a", Statistics(("port",))).terms.tolist() == [2]
    assert host.open("a", shown) == facts
    assert host.memory()["rss"] > 0


def test_views_that_nobody_asks_are_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    host = LayerHost()
    host.open("a", view(tmp_path, "0"))
    host.open("b", view(tmp_path, "1"))
    assert host.answer("a", Statistics(("port",))).terms.tolist() == [2]
    monkeypatch.setattr(layer_host, "KEPT", 1)
    host.open("a", view(tmp_path, "0"))
    with pytest.raises(UnknownView):
        host.answer("b", Statistics())
    monkeypatch.setattr(layer_host, "KEPT", 9)
    monkeypatch.setattr(layer_host, "UNUSED_FOR", -1.0)
    host.open("c", view(tmp_path, "2"))
    with pytest.raises(UnknownView):
        host.answer("a", Statistics())
    assert len(host.answer("c", Statistics(("port",))).terms) == 1


def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    shown = view(tmp_path, "0")
    shown.layers[0].file.unlink()
    with pytest.raises(FileNotFoundError):
        LayerHost().open("a", shown)
