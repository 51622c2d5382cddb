"""The image itself: `THREADBOT_TEST_IMAGE=threadbot python -m pytest tests/test_image.py`.

It has to be built before, which takes minutes and a registry; docs/operations.md says how. Docker
or Podman runs it; `THREADBOT_TEST_CONTAINERS` names another program. The bot in the container talks
to the tests' Discord over the host's loopback.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import subprocess
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import discord
import pytest

from tests.discord_server import LoopbackDiscord, Member, Upload

IMAGE = os.environ.get("THREADBOT_TEST_IMAGE", "")
CONTAINERS = (
    os.environ.get("THREADBOT_TEST_CONTAINERS") or shutil.which("docker") or shutil.which("podman")
)

pytestmark = [
    pytest.mark.skipif(not IMAGE, reason="THREADBOT_TEST_IMAGE names no image"),
    pytest.mark.skipif(not CONTAINERS, reason="neither docker nor podman is here"),
]

PATIENCE = 60.0
"""Seconds to wait for the bot: an image is tried on busy machines, too."""
OPTIONS = (
    *("--read-only", "--init", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"),
    *("--tmpfs", "/tmp:rw,noexec,nosuid,nodev,size=64m,mode=1777"),  # noqa: S108  # in the container
    *("--memory", "4g", "--pids-limit", "200", "--network", "host"),
)
"""What compose.yaml gives the bot, and the host's network, to reach the tests' Discord."""
REDIRECTION = """
import os, yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route
Route.BASE = os.environ["TEST_API"] + "/api/v10"
DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["TEST_GATEWAY"])
"""
"""A `sitecustomize.py`: Python runs it before the program."""
UNCOMPILED = (
    "env -u PYTHONPATH python -v /opt/threadbot/bin/threadbot ask chip 2>&1"
    """ | grep -E "is stale|code object from '/.*\\.py'" """
)
"""Shows what Python has to compile at each start."""


def engine(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    """Run Docker or Podman."""
    return subprocess.run(
        [str(CONTAINERS), *arguments], input=given, capture_output=True, text=True, check=False
    )


@dataclass(frozen=True, slots=True)
class Container:
    """A container of the image."""

    name: str
    """Its name."""

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command in it."""
        return engine("exec", self.name, *arguments)

    def stop(self) -> tuple[float, int]:
        """Send it SIGTERM, and kill it after 30 s; return how long it took, and its exit status."""
        started = time.monotonic()
        engine("stop", "--time", "30", self.name)
        took = time.monotonic() - started
        state = engine("inspect", "--format", "{{.State.ExitCode}}", self.name).stdout
        return took, int(state)


@pytest.fixture
def volume() -> Iterator[str]:
    """A volume of its own, and a container's name; both are removed at the end."""
    name = f"threadbot-test-{uuid.uuid4().hex[:8]}"
    yield name
    engine("rm", "--force", name)
    engine("volume", "rm", "--force", name)


@pytest.fixture
async def discord_and_ada() -> AsyncIterator[tuple[LoopbackDiscord, Member]]:
    """A Discord, and somebody who may load."""
    async with LoopbackDiscord() as server:
        place = server.add_guild("Okapis")
        manager = discord.Permissions(manage_guild=True)
        yield server, place.add_member("ada", permissions=manager)


def started(folder: Path, volume: str, server: LoopbackDiscord) -> Container:
    """Start the bot on the tests' Discord."""
    folder.chmod(0o755)  # the container's user reads it
    (folder / "sitecustomize.py").write_text(REDIRECTION, encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = {
        "DISCORD_TOKEN": server.token,
        "THREADBOT_HTTP": f"127.0.0.1:{port}",
        "PYTHONPATH": "/redirection",
        "TEST_API": server.url,
        "TEST_GATEWAY": str(server.gateway.url),
    }
    given = [part for key, value in settings.items() for part in ("--env", f"{key}={value}")]
    mounts = ("--volume", f"{volume}:/data", "--volume", f"{folder}:/redirection:ro")
    begun = engine("run", "--detach", "--name", volume, *OPTIONS, *mounts, *given, IMAGE)
    assert begun.returncode == 0, begun.stderr
    return Container(volume)


async def test_the_image_does_its_work_and_is_well_as_long_as_discord_is_there(
    tmp_path: Path, volume: str, discord_and_ada: tuple[LoopbackDiscord, Member]
) -> None:
    server, ada = discord_and_ada
    container = await asyncio.to_thread(started, tmp_path, volume, server)
    await server.commands_synced(seconds=PATIENCE)

    found = await (await ada.slash("ask", question="chip export controls")).reply(within=PATIENCE)
    assert "tweets" in found.text
    preview = await (
        await ada.slash("reload", file=Upload("okapi.txt", b"Okapis, a thread\nThey are shy\n"))
    ).reply(within=PATIENCE)
    await (await ada.press(preview, label="Load")).reply(within=PATIENCE)
    found = await (await ada.slash("ask", question="okapis")).reply(within=PATIENCE)
    assert "Okapis" in found.text

    health = await asyncio.to_thread(container.run, "threadbot", "health")
    assert (health.returncode, health.stdout.splitlines()[0]) == (0, "The bot is well.")
    (tmp_path / "gliders.txt").write_text("Gliders, a thread\n1/ They glide\n", encoding="utf-8")
    for command in (
        ("load", "/redirection/gliders.txt", "--yes"),
        ("ask", "glide"),
        ("backup", "/data/backup.zip"),
    ):
        done = await asyncio.to_thread(container.run, "threadbot", *command)
        assert done.returncode == 0, done.stderr

    await server.__aexit__(None, None, None)
    for _ in range(60):
        health = await asyncio.to_thread(container.run, "threadbot", "health")
        if health.returncode:
            break
        await asyncio.sleep(1)
    assert health.returncode == 1
    took, status = await asyncio.to_thread(container.stop)
    assert (took < 10, status) == (True, 0)
    log = await asyncio.to_thread(engine, "logs", volume)
    assert json.loads(log.stderr.splitlines()[-1])["message"] == "stopped"


async def test_the_bot_in_the_image_is_nobody_and_can_write_only_its_data(
    tmp_path: Path, volume: str, discord_and_ada: tuple[LoopbackDiscord, Member]
) -> None:
    container = await asyncio.to_thread(started, tmp_path, volume, discord_and_ada[0])
    await discord_and_ada[0].commands_synced(seconds=PATIENCE)
    assert container.run("id", "-u").stdout + container.run("id", "-g").stdout == "10001\n10001\n"
    for place in ("/", "/seeds/", "/opt/threadbot/", "/usr/", "/etc/"):
        assert container.run("touch", f"{place}okapi").returncode == 1
    assert container.run("touch", "/data/okapi").returncode == 0
    assert container.run("stat", "--format", "%a %u", "/data").stdout == "700 10001\n"
    assert container.run("sh", "-c", UNCOMPILED).stdout == ""
    for absent in ("gcc", "make", "git"):
        assert container.run("sh", "-c", f"command -v {absent}").returncode != 0
    took, status = await asyncio.to_thread(container.stop)
    assert (took < 10, status) == (True, 0)


def test_the_image_stops_at_once_while_it_starts(volume: str) -> None:
    options = ("--network", "none", "--env", "DISCORD_TOKEN=a.b.c", "--read-only", "--init")
    begun = engine("run", "--detach", "--name", volume, *options, IMAGE)
    assert begun.returncode == 0, begun.stderr
    took, status = Container(volume).stop()
    assert (took < 5, status) == (True, 143)


def test_the_image_names_its_health_check() -> None:
    found = engine("image", "inspect", "--format", "{{json .Config}} {{json .HealthCheck}}", IMAGE)
    if found.returncode:  # Docker has it in its configuration alone
        found = engine("image", "inspect", "--format", "{{json .Config}}", IMAGE)
    assert '"Test":["CMD","threadbot","health"]' in found.stdout.replace(" ", "")
