"""What a wheel holds, built from a copy of this checkout."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest

from bot.search.bm25 import native
from tests.conftest import ROOT

BUILT_FROM = ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE")
"""What a wheel is built from beside `bot/`; the Dockerfile copies the same."""
KERNELS = ("bot/search/bm25/_kernels.abi3.so", "bot/search/bm25/_kernels.pyd")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of this version; built once for all tests here."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in BUILT_FROM:
        shutil.copy(ROOT / name, folder)
    shutil.copytree(ROOT / "bot", folder / "bot", ignore=shutil.ignore_patterns("__pycache__"))
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", "dist"],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    (built,) = (folder / "dist").iterdir()
    return built


def test_the_wheel_holds_every_file_of_the_package_except_the_sources_in_c(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        packed = {each for each in archive.namelist() if each.startswith("bot/")}
    wanted = {
        each.relative_to(ROOT).as_posix()
        for each in (ROOT / "bot").rglob("*")
        if each.suffix in (".py", ".pyi", ".sql", ".json", ".typed")
    }
    assert packed - set(KERNELS) == wanted
    assert "bot/py.typed" in packed
    assert sum(each.endswith(".sql") for each in packed) >= 3
    assert sum("/locales/" in each for each in packed) >= 5


@pytest.mark.skipif(native.kernels is None, reason="there is no compiler")
def test_the_wheel_holds_the_kernels_and_fits_every_later_python(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        assert len(set(KERNELS) & set(archive.namelist())) == 1
    _, _, python, abi, platform = wheel.stem.split("-")
    assert (python, abi) == ("cp311", "abi3")
    assert platform != "any"


def test_the_metadata_says_what_the_wheel_fits(wheel: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    with ZipFile(wheel) as archive:
        (name,) = [each for each in archive.namelist() if each.endswith(".dist-info/METADATA")]
        metadata = archive.read(name).decode("utf-8").splitlines()
    for classifier in project["classifiers"]:
        assert f"Classifier: {classifier}" in metadata
    assert "Requires-Python: >=3.11" in metadata
    assert "License-Expression: MIT" in metadata


def test_the_tests_build_with_what_the_package_is_built_with() -> None:
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extra = pyproject["project"]["optional-dependencies"]["test"]
    assert set(pyproject["build-system"]["requires"]) <= set(extra)
