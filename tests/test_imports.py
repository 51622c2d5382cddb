"""The import graph: no circles, whether imports run at start, in a function, or for types alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest
from grimp import ImportGraph


def circles(package: str) -> list[str]:
    """Every import that closes a circle, with the shortest one: `a → b → a`."""
    graph = grimp.build_graph(package, exclude_type_checking_imports=False, cache_dir=None)
    return sorted(" → ".join(each) for each in _circles(graph))


def _circles(graph: ImportGraph) -> Iterator[tuple[str, ...]]:
    seen: set[frozenset[str]] = set()
    for module in sorted(graph.modules):
        for imported in sorted(graph.find_modules_directly_imported_by(module)):
            back = graph.find_shortest_chain(importer=imported, imported=module)
            if back is not None and frozenset(back) not in seen:
                seen.add(frozenset(back))
                yield module, *back


def test_there_is_no_import_circle() -> None:
    assert circles("bot") == []


@pytest.mark.parametrize(
    "importing",
    [
        "import zebra_package.b",
        "from zebra_package import b",
        "from zebra_package.b import b",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from zebra_package import b",
        "def late() -> None:\n    from zebra_package import b",
    ],
)
def test_a_circle_is_found_however_it_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, importing: str
) -> None:
    package = tmp_path / "zebra_package"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "a.py").write_text(importing, encoding="utf-8")
    (package / "b.py").write_text("from zebra_package import c\nb = 1", encoding="utf-8")
    (package / "c.py").write_text("from zebra_package import a", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    a, b, c = (f"zebra_package.{each}" for each in "abc")
    assert circles("zebra_package") == [f"{a} → {b} → {c} → {a}"]
