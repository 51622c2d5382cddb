"""What is written about the program, held against the program."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest
from dotenv import dotenv_values

from bot.config import Settings
from bot.search.bm25 import native
from bot.terminal.arguments import parser
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands() -> list[str]:
    """The commands, as the program's own help lists them."""
    listed = re.findall(r"^    ([a-z]+) ", parser().format_help(), re.MULTILINE)
    assert "ask" in listed
    return listed


def test_every_setting_is_in_the_example_and_the_readme() -> None:
    example = dotenv_values(ROOT / ".env.example")
    source = (ROOT / "bot" / "config.py").read_text(encoding="utf-8")
    assert len(example) == len([each for each in fields(Settings) if not each.metadata])
    for key in example:
        assert f"`{key}`" in README
        assert f"`{key}`" in source


def test_the_example_is_what_is_taken_by_default() -> None:
    example = {k: v for k, v in dotenv_values(ROOT / ".env.example").items() if v is not None}
    assert Settings.from_env(example) == Settings.from_env({})


@pytest.mark.parametrize("command", commands())
def test_every_command_is_in_the_readme(command: str) -> None:
    assert f"threadbot {command}" in README


def test_ci_runs_the_readme_s_second_command() -> None:
    lines = README.splitlines()
    (command,) = [line.strip() for line in lines if line.strip().endswith("-m tests")]
    assert command in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_the_first_command_asks_and_the_next_line_is_the_program_alone() -> None:
    lines = [line.strip() for line in README.splitlines()]
    asking = 'threadbot ask "chip export controls"'
    (at,) = [place for place, line in enumerate(lines) if line.endswith(asking)]
    assert lines[at].startswith("python3 -m venv .venv && ")
    assert lines[at + 1].split("  ")[0].endswith("/threadbot")


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    wanted += project["optional-dependencies"]["bench"]
    architecture = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    for each in wanted:
        name = re.split(r"[>=\[]", each)[0]
        assert f"**{name}**" in architecture


@pytest.mark.parametrize("module", sorted(each.name for each in (ROOT / "bot").glob("[a-z]*.py")))
def test_every_module_has_its_place_on_the_map(module: str) -> None:
    assert f"{module}`" in (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")


PACKAGES = sorted(
    str(each.parent.relative_to(ROOT / "bot"))
    for each in (ROOT / "bot").rglob("__init__.py")
    if each.parent != ROOT / "bot"
)


@pytest.mark.parametrize("package", PACKAGES)
def test_every_package_has_its_place_on_the_map(package: str) -> None:
    assert f"{package.rpartition('/')[2]}/" in (ROOT / "ARCHITECTURE.md").read_text(
        encoding="utf-8"
    )


DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "benchmarks" / "README.md"]
)
TWO_LINES = 120
"""Characters of two lines in a table cell, as code hosts show it."""


def test_no_cell_of_the_readme_is_longer_than_two_lines() -> None:
    rows = [line for line in README.splitlines() if line.startswith("|")]
    assert rows
    cells = [cell.strip() for row in rows for cell in row.strip("|").split("|")]
    assert [cell for cell in cells if len(cell) > TWO_LINES] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_document_has_a_gap_to_fill(document: Path) -> None:
    assert not re.search(r"@@|TODO|FIXME", document.read_text(encoding="utf-8"))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_documents_lead_to_files(document: Path) -> None:
    text = re.sub(r"```.*?```|`[^`\n]*`", "", document.read_text(encoding="utf-8"), flags=re.DOTALL)
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)|src=\"([^\"]+)\"", text)
    targets = [one or other for one, other in links]
    local = [each for each in targets if not each.startswith(("http:", "https:", "mailto:"))]
    assert [each for each in local if not (document.parent / each).exists()] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_that_documents_name_exist(document: Path) -> None:
    named = re.findall(
        r"`(bot/[\w/]+/|(?:bot|tests)/[\w/]+\.(?:py|json|sql))`",
        document.read_text(encoding="utf-8"),
    )
    assert [each for each in named if "NAME" not in each and not (ROOT / each).exists()] == []


def test_the_image_runs_as_nobody_special_and_holds_no_tests() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert dockerfile.count("\nFROM ") + dockerfile.startswith("FROM ") == 2
    assert "\nUSER threadbot\n" in dockerfile
    assert "\nVOLUME /data\n" in dockerfile
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in ignored
    taken = {line.removeprefix("!") for line in ignored if line.startswith("!")}
    assert taken == {"bot", "seeds", "pyproject.toml", "hatch_build.py", "README.md", "LICENSE"}
    assert "**/.env" in ignored


def test_the_image_is_pinned_writes_to_its_volume_only_and_needs_its_kernels() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    bases = re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE)
    assert len(set(bases)) == 1
    assert re.fullmatch(r"python:3\.\d+-slim@sha256:[0-9a-f]{64}", bases[0])
    assert "TMPDIR=/data" in dockerfile
    assert "docker run --read-only" in README
    (check,) = re.findall(r'python -I -c "(.+)"', dockerfile)
    wheels = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    assert any(f'"{check}"' in each for each in wheels["cibuildwheel"]["test-command"])
    checked = subprocess.run([sys.executable, "-c", check], cwd=ROOT, check=False)
    assert (checked.returncode == 0) == (native.kernels is not None)


def test_ci_runs_on_every_python_that_the_package_claims() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    claimed = re.findall(r"Python :: (3\.\d+)", "\n".join(project["classifiers"]))
    workflow = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    (tested,) = re.findall(r"python: \[(.+)\]", workflow)
    assert re.findall(r"3\.\d+", tested) == claimed
    assert "run: .ci/run\n" in workflow
    assert "--resolution lowest-direct" in workflow


def test_every_module_says_what_it_is() -> None:
    silent = [
        path
        for path in [*(ROOT / "bot").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
        if not path.read_text(encoding="utf-8").startswith(('"""', "#!"))
    ]
    assert silent == []


def test_the_seed_is_word_for_word_what_was_given() -> None:
    given = ROOT.parent / "shared" / "seeds"
    if not given.is_dir():
        pytest.skip("the given dump is not beside this checkout")
    for path in given.iterdir():
        assert (ROOT / "seeds" / path.name).read_bytes() == Path(path).read_bytes()
