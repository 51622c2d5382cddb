"""Libraries that earlier versions of the program made, each by its own code, in `upgrades/`.

Each had the seed `okapi.txt`, then loaded `lion.txt` and `zebra.txt`, and removed the latter if it
could. The names say which schema, loader and index files it had; 0: no index files yet.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from bot.library import generations
from bot.library.layer_files import FILE_VERSION
from bot.library.library import Library
from bot.loader import PARSER_VERSION
from bot.store import upkeep
from bot.store.migrations import FILE, MIGRATIONS

FOLDER = Path(__file__).parent / "upgrades"
SAVED = sorted(FOLDER.glob("*.zip"))
NAME = re.compile(r"schema-(\d+)-parser-(\d+)-files-(\d+)\.zip")
FIRST_WITH_REMOVE = 3
"""The first schema of a version that could remove files."""


def versions(saved: Path) -> tuple[int, ...]:
    """The versions of the schema, the loader and the index files."""
    found = NAME.fullmatch(saved.name)
    assert found
    return tuple(map(int, found.groups()))


@pytest.fixture(params=SAVED, ids=lambda each: each.stem)
def saved(request: pytest.FixtureRequest) -> Path:
    """One of them."""
    path: Path = request.param
    return path


@pytest.fixture
def data(saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Its data folder."""
    monkeypatch.setattr(generations, "WORTH_A_FILE", 1)
    zipfile.ZipFile(saved).extractall(tmp_path / "data")
    return tmp_path / "data"


def test_there_is_one_of_each_version_that_landed() -> None:
    schemas, _, files = ({*each} for each in zip(*map(versions, SAVED), strict=True))
    assert schemas == {*range(1, len(MIGRATIONS))}
    assert files >= {*range(FILE_VERSION)}


async def test_it_answers_loads_and_undoes_with_today_s_code(
    saved: Path, data: Path, tmp_path: Path
) -> None:
    can_remove = versions(saved)[0] >= FIRST_WITH_REMOVE
    quagga = tmp_path / "quagga.txt"
    quagga.write_text("Quaggas are extinct", encoding="utf-8")

    async def found(library: Library) -> list[int]:
        words = ("okapis", "leaves", "lions", "manes", "zebras", "quaggas")
        return [(await library.ask(each)).tweets for each in words]

    async with Library.open(data, tmp_path / "nowhere") as library:
        assert await found(library) == [1, 1, 1, 1, 0 if can_remove else 1, 0]
        (hit,) = (await library.ask("okapis")).hits
        assert hit.thread.author == "anna"
        await library.load([quagga], "ada")
        assert (await found(library))[-1] == 1
        await library.undo("ada")
        assert (await found(library))[-1] == 0
        await library.undo("ada")  # what the earlier version did last
        assert (await found(library))[4] == (1 if can_remove else 0)
    async with Library.open(data, tmp_path / "nowhere") as library:
        assert (await found(library))[:4] == [1, 1, 1, 1]
    facts = upkeep.facts(data / FILE)
    assert (facts.schema, facts.parsers) == (len(MIGRATIONS), (PARSER_VERSION,))
    assert upkeep.damage(data / FILE, full=True) == []


async def test_its_index_files_are_used_if_they_are_of_this_version_else_replaced(
    saved: Path, data: Path, tmp_path: Path
) -> None:
    version = versions(saved)[2]
    before = _layers(data)
    assert bool(before) == (version > 0)
    async with Library.open(data, tmp_path / "nowhere") as library:
        await library.settled()
        assert (await library.ask("lions")).tweets == 1
    after = (data / "index-0.bin").read_bytes()
    assert f'"key": "{FILE_VERSION} '.encode() in after
    kept = {name for name, content in _layers(data).items() if content == before.get(name)}
    assert bool(kept) == (version == FILE_VERSION)


def _layers(data: Path) -> dict[str, bytes]:
    """The contents of the index files, by their names."""
    return {each.name: each.read_bytes() for each in data.glob("index-*")}
