"""What the terminal's commands share."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.config import Settings
from bot.errors import SettingsError
from bot.reports import LoadReport
from bot.search.bm25 import native
from bot.terminal.arguments import DONE, UNREADABLE
from bot.terminal.session import (
    metadata_of,
    opened,
    print_errors,
    print_json,
    print_list,
    print_report,
)
from bot.views.terminal.output import text_row
from tests.conftest import SEED, SEEDS, Program
from tests.views.shown import report_of


def test_options_that_are_wrong_are_all_named(threadbot: Program) -> None:
    done = threadbot("load", str(SEED), "--date", "soon", "--source", "here")
    assert done.status == 2
    assert "--date soon" in done.err
    assert "--source here" in done.err


WITHOUT_KERNELS = ("-m", "tests.without_kernels")


@pytest.mark.parametrize("command", [("load", str(SEED)), ("reload",), ("chat",), ("run",)])
def test_missing_kernels_are_reported_once_with_what_to_install(
    threadbot: Program, tmp_path: Path, command: tuple[str, ...]
) -> None:
    settings = {}
    if command == ("run",):  # discord.py imports a deprecated module; the only seed is unreadable
        (tmp_path / "bad").mkdir()
        (tmp_path / "bad" / "empty.txt").touch()
        settings = {"DISCORD_TOKEN": "x", "PYTHONWARNINGS": "ignore", "THREADBOT_SEEDS": "bad"}
    done = threadbot(*command, program=WITHOUT_KERNELS, settings=settings)
    assert done.err.count("Searches run without the compiled kernels") == 1
    assert "apt install gcc python3-dev" in done.err


@pytest.mark.parametrize("command", [("ask", "suitcases", "--json"), ("threads",), ("stats",)])
def test_missing_kernels_are_no_matter_where_only_an_answer_is_wanted(
    threadbot: Program, command: tuple[str, ...]
) -> None:
    done = threadbot(*command, program=WITHOUT_KERNELS)
    assert done.status == 0
    assert done.err == ""


@pytest.mark.skipif(native.kernels is None, reason="the kernels are not built")
def test_nothing_is_said_of_kernels_that_are_there(threadbot: Program) -> None:
    assert threadbot("load", str(SEED)).err == ""


def test_a_first_load_needs_no_seeds(threadbot: Program, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Okapis are shy", encoding="utf-8")
    nowhere = {"THREADBOT_SEEDS": "nowhere"}
    assert threadbot("load", "a.txt", settings=nowhere).status == 0
    assert threadbot("ask", "okapi", settings=nowhere).status == 0


def options(**given: object) -> argparse.Namespace:
    """The options of a command, those of dumps not given."""
    none = dict.fromkeys(("author", "source", "date", "title"))
    kept = {"column": [], "keep_replies": False, "keep_reposts": False, "json": False}
    return argparse.Namespace(**{**none, **kept, **given})


def settings_of(folder: Path, **given: str) -> Settings:
    places = {"THREADBOT_DATA": str(folder / "data"), "THREADBOT_SEEDS": str(SEEDS)}
    return Settings.from_env({**places, **given})


@pytest.mark.parametrize(
    ("report", "status"), [(report_of(), UNREADABLE), (report_of(errors=()), DONE)]
)
def test_the_status_says_whether_all_could_be_read(
    report: LoadReport, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert print_report(report, options()) == status
    assert "+2 tweets." in capsys.readouterr().out
    assert print_report(report, options(json=True)) == status
    assert json.loads(capsys.readouterr().out)["generation"] == 2


def test_what_cannot_be_read_goes_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    print_errors(report_of())
    printed = capsys.readouterr()
    assert printed.err == "threadbot: cannot read odd.txt:3: it is odd\n"
    assert printed.out == ""


def test_a_list_is_lines_or_json(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [text_row("é.txt (text)")]
    print_list([{"file": "é.txt"}], rows, options())
    assert capsys.readouterr().out == "é.txt (text)\n"
    print_list([{"file": "é.txt"}], rows, options(json=True))
    printed = capsys.readouterr().out
    assert json.loads(printed) == [{"file": "é.txt"}]
    assert "é.txt" in printed  # as it is written, not escaped


@pytest.mark.parametrize("by_option", [True, False])
@pytest.mark.parametrize("by_setting", [True, False])
def test_replies_are_kept_if_an_option_or_a_setting_says_so(
    tmp_path: Path, *, by_option: bool, by_setting: bool
) -> None:
    setting = {"THREADBOT_KEEP_REPLIES": "yes"} if by_setting else {}
    made = metadata_of(options(keep_replies=by_option), settings_of(tmp_path, **setting))
    assert made.keep_replies == (by_option or by_setting)
    assert not made.keep_reposts


def test_what_is_said_of_a_file_is_read(tmp_path: Path) -> None:
    made = metadata_of(options(author="@Anna", date="2025-06-13"), settings_of(tmp_path))
    assert (made.author, made.date) == ("Anna", "2025-06-13")
    assert metadata_of(options(column=["text=Body"]), settings_of(tmp_path)).columns == "text=Body"
    with pytest.raises(SettingsError, match="--column Body: write KEY=NAME"):
        metadata_of(options(column=["Body"]), settings_of(tmp_path))
    with pytest.raises(
        SettingsError, match=r"(?s)--date soon.*--source here|--source here.*--date"
    ):
        metadata_of(options(date="soon", source="here"), settings_of(tmp_path))


async def test_a_library_is_opened_for_everyone_or_for_a_server(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    okapi = tmp_path / "okapi.txt"
    okapi.write_text("Okapis are shy", encoding="utf-8")
    async with opened(replace(settings, guild=7)) as own:
        await own.load([okapi], "me")
        assert own.tweets == 38
    async with opened(settings) as shared:
        assert shared.tweets == 37
    async with opened(replace(settings, guild=7)) as own:
        assert own.tweets == 38


def test_json_has_the_same_text_without_raw_control_characters(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_json({"text": "a\x1b[31m\x7f\x9bé"})
    printed = capsys.readouterr().out
    assert json.loads(printed) == {"text": "a\x1b[31m\x7f\x9bé"}
    assert not {"\x1b", "\x7f", "\x9b"} & set(printed)
    assert "é" in printed
