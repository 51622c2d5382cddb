"""The image, the compose file and the systemd unit; and the bot where only its data can be written.

These need no image. `test_image.py` tries one that was built; here its program is run without it,
on a read-only root file system.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.terminal.commands import COMMANDS
from tests.conftest import ROOT, SEEDS, Program
from tests.discord_server import LoopbackDiscord, Member, Upload

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = (ROOT / "compose.yaml").read_text(encoding="utf-8")
WITH_DATABASE = ROOT / "compose.postgres.yaml"
UNIT = ROOT / "deploy" / "threadbot.service"

RUN = """
import sys
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route
Route.BASE = sys.argv[1] + "/api/v10"
DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(sys.argv[2])
from bot.terminal.main import main
if __name__ == "__main__":
    sys.exit(main(["run"]))
"""
"""Runs the bot on the tests' Discord."""
READ_ONLY = """
set -e
mount --bind "$1" "$1"
mount -o remount,ro,bind /
shift
exec "$@"
"""
"""Makes all but one folder read-only, and runs a command."""
UNSHARE = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", READ_ONLY, "sh")


def can_unshare(folder: Path = ROOT / "tests") -> bool:
    """Whether a process here may have a read-only root of its own."""
    if not shutil.which("unshare"):
        return False
    done = subprocess.run([*UNSHARE, str(folder), "true"], capture_output=True, check=False)
    return done.returncode == 0


needs_unshare = pytest.mark.skipif(not can_unshare(), reason="no user namespaces")


def instructions() -> list[tuple[str, str]]:
    """The instructions of the Dockerfile, each with its arguments in one line."""
    joined = re.sub(r"\\\n\s*", " ", re.sub(r"^#.*\n", "", DOCKERFILE, flags=re.MULTILINE))
    lines = [each for each in joined.splitlines() if each.strip()]
    return [(name, rest) for name, _, rest in (each.partition(" ") for each in lines)]


def of(name: str) -> list[str]:
    """The arguments of the instructions of that name in the last stage."""
    found = instructions()
    last = max(place for place, (each, _) in enumerate(found) if each == "FROM")
    return [rest for each, rest in found[last:] if each == name]


def test_every_stage_is_pinned_and_they_are_the_same() -> None:
    images = [rest.split()[0] for name, rest in instructions() if name == "FROM"]
    assert len({*images}) == 1
    assert re.fullmatch(r"python:[\d.]+-slim@sha256:[0-9a-f]{64}", images[0])


def test_the_image_runs_as_nobody_special() -> None:
    assert of("USER") == ["threadbot"]
    (made,) = [each for each in of("RUN") if "useradd" in each]
    assert "--uid 10001" in made
    assert "--gid 10001" in made
    names = [name for name, _ in instructions()]
    assert names.index("USER") > max(at for at, name in enumerate(names) if name == "RUN")


def test_the_image_leaves_nothing_behind_that_it_was_built_with() -> None:
    assert not [rest for name, rest in instructions() if name == "ADD"]
    for name, rest in instructions():
        if name == "RUN" and "apt-get" in rest:
            assert "--no-install-recommends" in rest
            assert "rm -rf /var/lib/apt/lists/*" in rest
        if name == "RUN" and "pip install" in rest:
            assert "--no-cache-dir" in rest
    for each in of("RUN"):
        assert "apt-get" not in each
    for name, rest in instructions():
        for source in rest.split()[:-1] if name == "COPY" and "--from" not in rest else ():
            assert (ROOT / source).exists()


def test_no_start_compiles_anything() -> None:
    compiled = [rest for name, rest in instructions() if name == "RUN" and "compileall" in rest]
    assert len(compiled) == 2
    assert all("--invalidation-mode unchecked-hash" in each for each in compiled)


def test_the_image_is_checked_with_a_command_of_the_program() -> None:
    (check,) = of("HEALTHCHECK")
    for option in ("--interval=", "--timeout=", "--start-period=", "--retries="):
        assert option in check
    program, command = json.loads(check.partition("CMD ")[2])
    assert program == "threadbot"
    assert command in COMMANDS
    assert json.loads(of("ENTRYPOINT")[0]) == ["threadbot"]


def test_the_image_writes_to_its_volume_alone() -> None:
    values = dict(each.split("=", 1) for each in of("ENV")[0].split())
    assert of("VOLUME") == ["/data"]
    assert (values["THREADBOT_DATA"], values["TMPDIR"]) == ("/data", "/data")
    assert values["PYTHONDONTWRITEBYTECODE"] == "1"


@pytest.mark.parametrize(
    "line",
    [
        "read_only: true",
        "init: true # a first process ignores SIGTERM until the bot handles it; init passes it on",
        'user: "10001"',
        "cap_drop: [ALL]",
        'security_opt: ["no-new-privileges:true"]',
        "- data:/data",
        "- ./seeds:/seeds:ro",
    ],
)
def test_the_compose_file_gives_the_bot_no_more_than_it_needs(line: str) -> None:
    assert line in [each.strip() for each in COMPOSE.splitlines()]
    assert re.search(r'tmpfs: \["/tmp:[^"]*noexec', COMPOSE)
    assert "privileged" not in COMPOSE.replace("no-new-privileges", "")
    assert "ports:" not in COMPOSE


@pytest.fixture
def with_database() -> dict[str, Any]:
    """The compose file with a database, as YAML has it."""
    yaml = pytest.importorskip("yaml")
    found: dict[str, Any] = yaml.safe_load(WITH_DATABASE.read_text(encoding="utf-8"))
    return found


def test_no_service_beside_the_database_has_more_than_it_needs(
    with_database: dict[str, Any],
) -> None:
    for each in with_database["services"].values():
        assert each["read_only"] is True
        assert each["cap_drop"] == ["ALL"]
        assert each["security_opt"] == ["no-new-privileges:true"]
        assert each["user"] in ("10001", "postgres")
        assert all("noexec" in folder for folder in each["tmpfs"])
        assert each["healthcheck"]["test"][0] == "CMD"
        assert "ports" not in each
        for key, value in each["environment"].items():
            assert "PASSWORD" not in key or value == "" or value.startswith("${")
    assert with_database["networks"]["database"] == {"internal": True}
    for name in ("primary", "replica"):
        assert with_database["services"][name]["networks"] == ["database"]


def test_the_bots_beside_the_database_share_all_shards(with_database: dict[str, Any]) -> None:
    bots = [each for each in with_database["services"].values() if each["image"] == "threadbot"]
    settings = [dict(each["environment"]) for each in bots]
    ids = [each.pop("THREADBOT_SHARD_IDS").split("-") for each in settings]
    shards = [shard for first, last in ids for shard in range(int(first), int(last) + 1)]
    assert shards == [*range(int(settings[0]["THREADBOT_SHARDS"]))]
    assert settings[0] == settings[1]
    assert "target_session_attrs=primary" in settings[0]["DATABASE_URL"]
    for each in bots:
        assert each["depends_on"] == {"primary": {"condition": "service_healthy"}}
        assert each["volumes"] == ["data:/data", "./seeds:/seeds:ro"]


@pytest.mark.skipif(os.name == "nt", reason="there, files are not programs by their mode")
def test_the_scripts_of_the_database_are_there(with_database: dict[str, Any]) -> None:
    for name in ("primary", "replica"):
        data, script = with_database["services"][name]["volumes"]
        assert data == f"{name}:/var/lib/postgresql/data"
        source, _, mode = script.split(":")
        assert mode == "ro"
        assert os.access(ROOT / source, os.X_OK)


def test_the_image_can_use_the_database() -> None:
    (installed,) = [rest for name, rest in instructions() if "pip --python" in rest]
    assert "'.[metrics,postgres]'" in installed


def unit() -> dict[str, list[str]]:
    """The options of the systemd unit; some are there more than once."""
    found: dict[str, list[str]] = {}
    for line in UNIT.read_text(encoding="utf-8").splitlines():
        key, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found.setdefault(key, []).append(value)
    return found


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("DynamicUser", "yes"),
        ("StateDirectoryMode", "0700"),
        ("UMask", "0077"),
        ("NoNewPrivileges", "yes"),
        ("CapabilityBoundingSet", ""),
        ("ProtectSystem", "strict"),
        ("ProtectHome", "yes"),
        ("PrivateDevices", "yes"),
        ("PrivateTmp", "yes"),
        ("RestrictNamespaces", "yes"),
        ("MemoryDenyWriteExecute", "yes"),
        ("RestartPreventExitStatus", "2"),
    ],
)
def test_the_unit_gives_the_bot_no_more_than_it_needs(key: str, value: str) -> None:
    assert unit()[key] == [value]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd")
def test_systemd_takes_the_unit_and_calls_it_safe(tmp_path: Path) -> None:
    text = UNIT.read_text(encoding="utf-8").replace("/opt/threadbot/bin/threadbot", "/bin/true")
    path = tmp_path / UNIT.name
    path.write_text(text, encoding="utf-8")
    analyze = shutil.which("systemd-analyze") or ""
    verified = subprocess.run(
        [analyze, "verify", str(path)], capture_output=True, text=True, check=False
    )
    if "Failed to" in verified.stderr and verified.returncode:
        pytest.skip("systemd cannot be asked here")
    assert (verified.returncode, verified.stderr) == (0, "")
    judged = subprocess.run(
        [analyze, "security", "--offline=yes", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    exposure = re.search(r"exposure level for .*: ([\d.]+)", judged.stdout)
    if exposure is not None:  # older ones cannot judge a file
        assert float(exposure[1]) <= 2.0


@pytest.fixture
async def discord_and_ada() -> AsyncIterator[tuple[LoopbackDiscord, Member]]:
    """A Discord, and somebody who may load."""
    async with LoopbackDiscord() as server:
        place = server.add_guild("Okapis")
        yield (
            server,
            place.add_member("ada", permissions=discord.Permissions(manage_guild=True)),
        )


@needs_unshare
async def test_the_bot_does_its_work_where_only_its_data_can_be_written(
    tmp_path: Path, threadbot: Program, discord_and_ada: tuple[LoopbackDiscord, Member]
) -> None:
    server, ada = discord_and_ada
    data = tmp_path / "data"
    data.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "DISCORD_TOKEN": server.token,
        "THREADBOT_SEEDS": str(SEEDS),
        "THREADBOT_DATA": str(data),
        "THREADBOT_HTTP": f"127.0.0.1:{port}",
        "TMPDIR": str(data),
    }
    running = await asyncio.create_subprocess_exec(
        *UNSHARE,
        str(data),
        sys.executable,
        "-c",
        RUN,
        server.url,
        server.gateway.url,
        cwd=tmp_path,
        env=settings,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        await server.commands_synced(seconds=60)
        for _ in range(100):
            asked = await asyncio.to_thread(threadbot, "health", settings=settings)
            if asked.status == 0 or running.returncode is not None:
                break
        assert asked.out.startswith("The bot is well.")
        found = await (await ada.slash("ask", question="chip export controls")).reply()
        assert "tweets" in found.text
        sent = Upload("okapi.txt", b"Okapis, a thread\nThey are shy\n")
        preview = await (await ada.slash("reload", file=sent)).reply()
        assert [each.label for each in preview.buttons] == ["Load", "Cancel"], preview.text
        await (await ada.press(preview, label="Load")).reply()
        found = await (await ada.slash("ask", question="okapis")).reply()
        assert "Okapis" in found.text
        saved = await asyncio.to_thread(threadbot, "backup", "b.zip", settings=settings)
        assert saved.status == 0
    finally:
        if running.returncode is None:
            running.send_signal(signal.SIGTERM)
        _, errors = await asyncio.wait_for(running.communicate(), 30)
    assert running.returncode == 0
    lines = [json.loads(each) for each in errors.decode().splitlines()]
    assert {"ERROR", "CRITICAL"} & {each["level"] for each in lines} == set()
    assert [each["what"] for each in lines if each["message"] == "answered"] != []
