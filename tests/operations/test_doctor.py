"""The doctor: what it finds, and what it advises."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.config import Settings
from bot.errors import SettingsError
from bot.library import generations
from bot.library.layer_files import FILE_VERSION
from bot.library.library import Library
from bot.operations import doctor
from bot.reports import DiscordSays, Finding, GatewaySays
from bot.store import newest, upkeep
from bot.store.migrations import FILE, MIGRATIONS
from tests.conftest import SEEDS
from tests.store.test_upkeep import filled

TOKEN = f"{base64.urlsafe_b64encode(b'123456789012345678').decode().rstrip('=')}.GabcDE.{'x' * 38}"


def examined(
    data: Path,
    environment: Mapping[str, str] | None = None,
    *,
    full: bool = False,
    discord: DiscordSays | None = None,
) -> list[Finding]:
    """What the doctor finds, with the settings of an environment."""
    values = {
        "THREADBOT_DATA": str(data),
        "THREADBOT_SEEDS": str(SEEDS),
        "DISCORD_TOKEN": TOKEN,
        **(environment or {}),
    }
    settings: Settings | SettingsError
    try:
        settings = Settings.from_env(values)
    except SettingsError as error:
        settings = error
    env_file = data / ".env"
    return doctor.examined(settings, values, env_file=env_file, full=full, discord=discord)


def bad(found: list[Finding], check: str) -> list[Finding]:
    """The findings of a check that are not ok."""
    return [each for each in found if each.check == check and each.state != "ok"]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A private data folder with a store."""
    folder = tmp_path / "data"
    path = asyncio.run(filled(folder, "Okapis are shy"))
    folder.chmod(0o700)
    path.chmod(0o600)
    return folder


def test_all_is_well_where_it_is(data: Path) -> None:
    found = examined(data, full=True)
    assert [each for each in found if each.state != "ok"] == []
    assert not doctor.is_faulty(found)
    checks = {each.check for each in found}
    assert checks == {
        "settings",
        "versions",
        "kernels",
        "token",
        "seeds",
        "data",
        "store",
        "index",
        "disk",
        "memory",
        "clock",
    }


def test_a_folder_that_is_not_there_yet_is_no_fault(tmp_path: Path) -> None:
    assert not doctor.is_faulty(examined(tmp_path / "new"))
    assert not (tmp_path / "new").exists()


def test_wrong_and_unknown_settings_are_named(data: Path) -> None:
    found = examined(data, {"THREADBOT_LOG": "LOUD", "THREADBOT_SEED": "x"})
    fault, warning = bad(found, "settings")
    assert (fault.state, warning.state) == ("fault", "warning")
    assert "THREADBOT_LOG is 'LOUD'" in fault.message
    (skipped,) = bad(found, "skipped")
    assert "store" in skipped.message
    assert warning.advice == "Did you mean THREADBOT_SEEDS?"
    assert doctor.is_faulty(found)


@pytest.mark.parametrize("token", ["x", TOKEN[:-30], f"{'!' * 24}.GabcDE.{'x' * 38}", "a.b.c"])
def test_what_is_no_token_is_a_fault_that_does_not_show_it(data: Path, token: str) -> None:
    (found,) = bad(examined(data, {"DISCORD_TOKEN": token}), "token")
    assert found.state == "fault"
    assert token not in found.message + found.advice


def test_no_token_is_a_warning(data: Path) -> None:
    (found,) = bad(examined(data, {"DISCORD_TOKEN": ""}), "token")
    assert found.state == "warning"


def test_discord_decides_about_the_token(data: Path) -> None:
    now = datetime.now(UTC)
    assert bad(examined(data, discord=DiscordSays(7, now)), "token") == []
    refused = DiscordSays(date=now, problem="Discord rejected DISCORD_TOKEN")
    (found,) = bad(examined(data, discord=refused), "token")
    assert (found.state, found.message) == ("fault", "Discord rejected DISCORD_TOKEN")
    away = DiscordSays(problem="Discord cannot be reached (x)")
    (found,) = bad(examined(data, discord=away), "discord")
    assert found.state == "fault"


def gateway(recommended: int, left: int) -> DiscordSays:
    """What Discord says of shards, and of the sessions that are left."""
    return DiscordSays(7, datetime.now(UTC), gateway=GatewaySays(recommended, 1000, left, 7300.0))


def test_shards_that_discord_recommends_are_fine(data: Path) -> None:
    for environment in ({}, {"THREADBOT_SHARDS": "4", "THREADBOT_SHARD_IDS": "0-1"}):
        found = examined(data, environment, discord=gateway(4, 990))
        (said,) = [each for each in found if each.check == "shards"]
        assert said.state == "ok"
        assert said.message.startswith("4, Discord recommends 4; 990 of 1000 session starts")
    assert [each for each in examined(data) if each.check == "shards"] == []


def test_fewer_shards_than_discord_recommends_are_a_warning(data: Path) -> None:
    (found,) = bad(examined(data, {"THREADBOT_SHARDS": "1"}, discord=gateway(4, 990)), "shards")
    assert (found.state, "Discord recommends 4" in found.message) == ("warning", True)
    assert "to auto, or to 4 in all processes" in found.advice


def test_too_few_session_starts_are_a_fault(data: Path) -> None:
    (found,) = bad(examined(data, discord=gateway(4, 3)), "shards")
    assert (found.state, "3 of 1000 are left" in found.message) == ("fault", True)
    assert "do not start it for 2 h 2 min" in found.advice
    own = {"THREADBOT_SHARDS": "4", "THREADBOT_SHARD_IDS": "1-3"}
    assert bad(examined(data, own, discord=gateway(4, 3)), "shards") == []


def test_files_that_others_can_read_are_named_with_the_command_that_helps(data: Path) -> None:
    (data / ".env").write_text("", encoding="utf-8")
    for each, mode in ((data, 0o755), (data / FILE, 0o644), (data / ".env", 0o640)):
        each.chmod(mode)
    found = examined(data)
    assert [each.advice for each in bad(found, "data")] == [
        f"Run: chmod 700 {data}",
        f"Run: chmod 600 {data / FILE}",
    ]
    assert [each.advice for each in bad(found, "settings")] == [f"Run: chmod 600 {data / '.env'}"]


def test_a_damaged_store_is_a_fault(data: Path) -> None:
    broken = bytearray((data / FILE).read_bytes())
    for at in range(4096 * 4, len(broken), 4096):
        broken[at : at + 64] = b"\xff" * 64
    (data / FILE).write_bytes(broken)
    found = bad(examined(data), "store")
    assert found
    assert all("--replace" in each.advice for each in found)
    (data / FILE).write_bytes(b"no store")
    assert doctor.is_faulty(examined(data))


def test_bytes_that_changed_are_found_with_full_alone(data: Path) -> None:
    with upkeep.connected(data / FILE) as connection:
        connection.execute("UPDATE piece SET packed = x'00'")
    assert bad(examined(data), "store") == []
    (found,) = bad(examined(data, full=True), "store")
    assert "have changed" in found.message


@pytest.mark.parametrize("inside", ["", "data"])
def test_a_file_in_place_of_the_folder_is_a_fault(tmp_path: Path, inside: str) -> None:
    file = tmp_path / "file"
    file.write_text("", encoding="utf-8")
    (found,) = bad(examined(file / inside), "data")
    assert (found.state, "is a file" in found.message) == ("fault", True)


def test_a_store_that_is_missing_or_lacks_changes_is_a_fault(data: Path) -> None:
    newest.remember(data / FILE, 5, 9)
    (found,) = bad(examined(data), "store")
    assert (found.state, "the last changes are lost" in found.message) == ("fault", True)
    (data / FILE).unlink()
    (found,) = bad(examined(data), "store")
    assert (found.state, "the database is missing" in found.message) == ("fault", True)
    assert found.advice.startswith("Put the database back")


def test_values_that_are_hardly_meant_are_warnings(data: Path) -> None:
    values = {"THREADBOT_HTTP": "0.0.0.0:80", "THREADBOT_UPLOAD_MB_PER_SERVER": "900"}
    public, quota = bad(examined(data, values), "settings")
    assert (public.state, quota.state) == ("warning", "warning")
    assert "0.0.0.0:80" in public.message
    assert "no effect" in quota.message
    assert bad(examined(data, {"THREADBOT_HTTP": "localhost:80"}), "settings") == []


def test_a_store_of_a_newer_version_is_a_fault(data: Path) -> None:
    with upkeep.connected(data / FILE) as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    (found,) = bad(examined(data), "store")
    assert found.advice == "Upgrade Threadbot."


def test_what_the_next_start_does_is_said(data: Path) -> None:
    with upkeep.connected(data / FILE) as connection:
        connection.execute("UPDATE dump SET parser_version = 1")
    said = [each.message for each in examined(data) if each.check == "store"]
    assert any("reads its files again" in each for each in said)


def test_missing_and_changed_pictures_are_warnings(data: Path) -> None:
    name = f"{'a' * 64}.png"
    with upkeep.connected(data / FILE) as connection:
        connection.execute("INSERT INTO picture SELECT sha256, 'a.png', ? FROM blob", (name,))
    (found,) = bad(examined(data), "store")
    assert (found.state, name in found.message) == ("warning", True)
    (data / "media").mkdir()
    (data / "media" / name).write_bytes(b"another")
    assert bad(examined(data), "store") == []
    assert len(bad(examined(data, full=True), "store")) == 1


async def test_index_files_of_this_version_are_told_from_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generations, "WORTH_A_FILE", 0)
    data = tmp_path / "data"
    async with Library.open(data, SEEDS):
        pass
    count = len([*data.glob("index-*.bin")])  # nothing else runs
    said = [each.message for each in examined(data) if each.check == "index"]
    assert said[0].startswith(f"{count} file")
    assert said[0].endswith(f", version {FILE_VERSION}")
    (data / "index-0-old.bin").write_bytes(b"threadbot arrays 1\n\x05\0\0\0\0\0\0\0xxxxx")
    said = [each.message for each in examined(data) if each.check == "index"]
    assert said == ["damaged: index-0-old.bin"]
    assert [each.state for each in bad(examined(data), "index")] == ["warning"]


def test_a_clock_before_the_last_change_is_a_warning(data: Path) -> None:
    later = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    with upkeep.connected(data / FILE) as connection:
        connection.execute("UPDATE generation SET created_at = ?", (later,))
    (found,) = bad(examined(data), "clock")
    assert found.state == "warning"


def test_the_shared_folder_of_layers_is_tried(tmp_path: Path) -> None:
    pytest.importorskip("fsspec")
    (tmp_path / "layers").mkdir()
    named = {"DATABASE_URL": "postgresql://127.0.0.1:1/threadbot"}
    good = examined(tmp_path, {**named, "THREADBOT_LAYERS": str(tmp_path / "layers")})
    assert [each.state for each in good if each.check == "layers"] == ["ok"]
    (found,) = bad(examined(tmp_path, {**named, "THREADBOT_LAYERS": "no://bucket"}), "layers")
    assert "THREADBOT_LAYERS" in found.advice


def test_a_cluster_needs_its_package(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.operations.doctor.find_spec", lambda _: None)
    (found,) = bad(examined(data, {"THREADBOT_CLUSTER": "local"}), "cluster")
    assert "pip install 'threadbot[cluster]'" in found.message
