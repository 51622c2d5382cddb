"""Tests of the settings."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from dotenv import dotenv_values
from platformdirs import user_data_path

from bot.config import KEYS, STORE, Settings, default_data, environment
from bot.errors import SettingsError
from bot.store.migrations import FILE
from tests.conftest import ROOT, SEED, Program

TOKEN = "a.secret-token.of_letters"  # noqa: S105  # made up here


def test_nothing_need_be_set() -> None:
    assert Settings.from_env({}) == Settings(
        token=None, seeds=Path("seeds"), data=Path("data"), log_level="INFO"
    )


def test_what_is_set_is_taken_without_white_space_around_it() -> None:
    settings = Settings.from_env(
        {
            "DISCORD_TOKEN": f" {TOKEN}\n",
            "THREADBOT_SEEDS": " /srv/seeds ",
            "THREADBOT_DATA": "store",
            "THREADBOT_LOG": "debug",
        }
    )
    assert settings == Settings(TOKEN, Path("/srv/seeds"), Path("store"), "DEBUG")


def test_what_is_set_to_nothing_is_not_set() -> None:
    names = (
        "DISCORD_TOKEN",
        "THREADBOT_SEEDS",
        "THREADBOT_DATA",
        "THREADBOT_LOG",
        "THREADBOT_KEEP_REPLIES",
        "THREADBOT_KEEP_REPOSTS",
    )
    assert Settings.from_env(dict.fromkeys(names, " ")) == Settings.from_env({})


PLATFORM = user_data_path("threadbot", appauthor=False)


def test_a_store_in_the_current_folder_is_used(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / STORE).touch()
    assert default_data(tmp_path) == tmp_path / "data"


def test_a_folder_with_seeds_keeps_its_store(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    assert default_data(tmp_path) == tmp_path / "data"
    assert default_data(ROOT) == ROOT / "data"


def test_elsewhere_the_store_is_in_the_platforms_folder(tmp_path: Path) -> None:
    assert default_data(tmp_path) == PLATFORM
    assert PLATFORM.is_absolute()
    assert Settings.from_env({"THREADBOT_DATA": " "}, tmp_path).data == PLATFORM
    assert Settings.from_env({"THREADBOT_DATA": "store"}, tmp_path).data == Path("store")


def test_a_data_folder_of_another_program_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "measurements.csv").touch()
    assert default_data(tmp_path) == PLATFORM


def test_the_store_is_recognized_by_its_file_name() -> None:
    assert STORE == FILE


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="XDG_DATA_HOME is Linux's")
def test_every_folder_asks_the_same_library(threadbot: Program, tmp_path: Path) -> None:
    home = {"XDG_DATA_HOME": str(tmp_path / "home"), "THREADBOT_DATA": "", "THREADBOT_SEEDS": ""}
    assert threadbot("load", str(SEED), settings=home).status == 0
    assert (tmp_path / "home" / "threadbot" / FILE).is_file()
    assert not (tmp_path / "data").exists()
    threadbot.folder = tmp_path / "elsewhere"
    threadbot.folder.mkdir()
    assert threadbot("ask", "suitcases", settings=home).status == 0


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="XDG_DATA_HOME is Linux's")
@pytest.mark.parametrize(
    ("command", "status"), [(("ask", "chips"), 1), (("chat",), 1), ((), 1), (("reload",), 3)]
)
def test_an_empty_library_says_what_to_do_next(
    threadbot: Program, tmp_path: Path, command: tuple[str, ...], status: int
) -> None:
    home = {"XDG_DATA_HOME": str(tmp_path / "home"), "THREADBOT_DATA": "", "THREADBOT_SEEDS": ""}
    done = threadbot(*command, settings=home)
    assert done.status == status
    assert "threadbot load PATH" in done.err
    assert "THREADBOT_SEEDS" in done.err


def test_all_that_is_wrong_is_told_at_once_and_the_token_is_not() -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env({"DISCORD_TOKEN": "my secret", "THREADBOT_LOG": "loud"})
    assert len(caught.value.problems) == 2
    said = str(caught.value)
    assert "DISCORD_TOKEN" in said
    assert "THREADBOT_LOG is 'loud'. Use one of DEBUG" in said
    assert "secret" not in said
    assert caught.value.exit_status == 2


@pytest.mark.parametrize("token", ["two words", "tab\there", "línea", "“quoted”"])
def test_a_token_with_what_no_token_has_is_refused(token: str) -> None:
    with pytest.raises(SettingsError, match="Copy the token again"):
        Settings.from_env({"DISCORD_TOKEN": token})


def test_the_token_is_not_shown() -> None:
    settings = Settings.from_env({"DISCORD_TOKEN": TOKEN})
    assert settings.token == TOKEN
    assert TOKEN not in repr(settings)
    assert TOKEN not in str(settings)


def test_the_process_goes_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / ".env"
    file.write_text(
        "# ours\nDISCORD_TOKEN='of the file'\nTHREADBOT_LOG=DEBUG\nTHREADBOT_DATA\n",
        encoding="utf-8",
    )
    monkeypatch.setenv("DISCORD_TOKEN", TOKEN)
    for name in ("THREADBOT_LOG", "THREADBOT_DATA"):
        monkeypatch.delenv(name, raising=False)
    found = environment(file)
    assert found["DISCORD_TOKEN"] == TOKEN
    assert found["THREADBOT_LOG"] == "DEBUG"
    assert "THREADBOT_DATA" not in found


def test_a_missing_file_says_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("THREADBOT_LOG", raising=False)
    assert "THREADBOT_LOG" not in environment(tmp_path / ".env")


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(b"DISCORD_TOKEN=\xff\xfe")
    with pytest.raises(SettingsError, match="line 1: this is not UTF-8 text"):
        environment(file)


@pytest.mark.parametrize(
    ("said", "kept"), [("yes", True), (" TRUE ", True), ("1", True), ("no", False), ("", False)]
)
def test_what_is_kept_is_said_by_yes_or_no(said: str, *, kept: bool) -> None:
    settings = Settings.from_env({"THREADBOT_KEEP_REPLIES": said, "THREADBOT_KEEP_REPOSTS": "no"})
    assert (settings.keep_replies, settings.keep_reposts) == (kept, False)


def test_another_word_than_yes_or_no_is_told() -> None:
    with pytest.raises(SettingsError, match=r"THREADBOT_KEEP_REPOSTS is 'maybe'. Use yes or no"):
        Settings.from_env({"THREADBOT_KEEP_REPOSTS": "maybe"})


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("", ("127.0.0.1", 8480)),
        ("0.0.0.0:9000", ("0.0.0.0", 9000)),  # noqa: S104  # not bound here
        ("[::1]:9000", ("::1", 9000)),
        ("off", None),
        ("no", None),
    ],
)
def test_the_address_of_checks_is_host_and_port_or_off(
    value: str, address: tuple[str, int] | None
) -> None:
    assert Settings.from_env({"THREADBOT_HTTP": value}).http == address


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("THREADBOT_HTTP", "9000"),
        ("THREADBOT_HTTP", ":9000"),
        ("THREADBOT_HTTP", "localhost:70000"),
        ("THREADBOT_HTTP", "on"),
        ("THREADBOT_LOG_FORMAT", "xml"),
        ("THREADBOT_LOG_QUESTIONS", "perhaps"),
        ("THREADBOT_SLOW_MS", "-1"),
        ("THREADBOT_SLOW_MS", "a second"),
    ],
)
def test_wrong_settings_of_the_service_are_named(key: str, value: str) -> None:
    with pytest.raises(SettingsError, match=key):
        Settings.from_env({key: value})


def test_the_names_of_all_settings_are_those_of_the_example() -> None:
    assert {*KEYS} == {*dotenv_values(ROOT / ".env.example")}


@pytest.mark.parametrize(
    "cluster", ["local", "auto", "ray://head:10001", "10.0.0.1:6379", "ray://[::1]:10001"]
)
def test_a_cluster_is_local_auto_or_an_address(cluster: str) -> None:
    settings = Settings.from_env({"THREADBOT_CLUSTER": cluster, "THREADBOT_CLUSTER_PARTS": "4"})
    assert (settings.cluster, settings.cluster_parts) == (cluster, 4)
    assert Settings.from_env({}).cluster is None


@pytest.mark.parametrize(
    ("cluster", "parts", "said"),
    [
        ("yes", "", "THREADBOT_CLUSTER is 'yes'. Use local, auto, or the address"),
        ("http://head:1", "", "THREADBOT_CLUSTER is 'http://head:1'."),
        ("auto", "0", "THREADBOT_CLUSTER_PARTS is '0'. Use a whole number above 0."),
        ("auto", "two", "THREADBOT_CLUSTER_PARTS is 'two'."),
    ],
)
def test_a_wrong_cluster_is_told(cluster: str, parts: str, said: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(said)):
        Settings.from_env({"THREADBOT_CLUSTER": cluster, "THREADBOT_CLUSTER_PARTS": parts})


def test_the_terminal_names_a_wrong_cluster(threadbot: Program) -> None:
    done = threadbot("ask", "chips", settings={"THREADBOT_CLUSTER": "zebra"})
    assert done.status == 2
    assert "THREADBOT_CLUSTER is 'zebra'" in done.err


@pytest.mark.parametrize(
    ("shards", "ids", "expected"),
    [
        ("", "", (None, None)),
        ("auto", "", (None, None)),
        (" 4 ", "", (4, None)),
        ("4", "0-1", (4, range(2))),
        ("4", "2 - 3", (4, range(2, 4))),
        ("4", "3", (4, range(3, 4))),
    ],
)
def test_shards_are_all_or_those_of_this_process(
    shards: str, ids: str, expected: tuple[int | None, range | None]
) -> None:
    settings = Settings.from_env({"THREADBOT_SHARDS": shards, "THREADBOT_SHARD_IDS": ids})
    assert (settings.shards, settings.shard_ids) == expected


@pytest.mark.parametrize(
    ("shards", "ids", "expected"),
    [
        ("0", "", "Use auto, or a whole number from 1 to 10000."),
        ("99999999", "", "Use auto, or a whole number from 1 to 10000."),
        ("9" * 5000, "", "Use auto, or a whole number from 1 to 10000."),
        ("many", "0-1", "Use auto, or a whole number from 1 to 10000."),
        ("4", "1-", "Use the first and the last shard of this process, such as 0-3"),
        ("4", "3-2", "Use the first and the last shard of this process, such as 0-3"),
        ("4", "0,1", "Use the first and the last shard of this process, such as 0-3"),
        ("auto", "0-1", "but THREADBOT_SHARDS is auto. Set THREADBOT_SHARDS to how many"),
        ("", "0", "but THREADBOT_SHARDS is auto."),
        ("4", "2-4", "with THREADBOT_SHARDS=4 the ids are 0 to 3."),
        ("1", "1", "with THREADBOT_SHARDS=1 the ids are only 0."),
    ],
)
def test_shards_that_cannot_be_are_explained(shards: str, ids: str, expected: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env({"THREADBOT_SHARDS": shards, "THREADBOT_SHARD_IDS": ids})
    (problem,) = caught.value.problems
    assert expected in str(problem)


@pytest.mark.parametrize("key", ["DATABASE_URL", "DATABASE_READ_URL"])
@pytest.mark.parametrize(
    "password", ["12/heim", "ge?heim", "ge#heim", "ge/he#im", "ge@heim", "ge[heim", "50%heim"]
)
def test_a_password_that_ends_an_address_early_is_explained_and_never_shown(
    key: str, password: str
) -> None:
    good = {"DATABASE_URL": "postgresql://one/threadbot"}
    bad = {**good, key: f"postgresql://bot:{password}@db:5432/threadbot"}
    with pytest.raises(SettingsError, match=f"{key} is no address .* write %2F for /") as raised:
        Settings.from_env(bad)
    assert "heim" not in str(raised.value)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://bot:ge%2Fhe:im@db:5432/threadbot?sslmode=verify-full",
        "postgres://db/threadbot",
        "postgresql:///threadbot?host=/run/postgresql&options=-csearch_path%3Da",
        "postgresql://bot:x@one:5432,two/threadbot?target_session_attrs=primary",
        "postgresql://bot@[::1]:5432/threadbot",
    ],
)
def test_addresses_of_databases(url: str) -> None:
    assert Settings.from_env({"DATABASE_URL": url}).database_url == url


@pytest.mark.parametrize(
    "url", ["postgresql://bot:x@db:abc/threadbot", "postgresql://thread[bot:ge@h]/x", "db"]
)
def test_what_is_no_address_of_a_database_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="DATABASE_URL is no address"):
        Settings.from_env({"DATABASE_URL": url})
