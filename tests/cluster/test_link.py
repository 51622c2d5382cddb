"""The link to a cluster: what it says if there is none, and that it is made again."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from bot.cluster import link
from bot.cluster.driver import LOCAL
from bot.cluster.ray_hosts import RayHosts, connected
from bot.errors import ClusterMissing, ClusterUnreachable, PartUnreachable
from tests.cluster.conftest import Shelf
from tests.cluster.test_ray_hosts import answers


async def test_the_bot_outlives_its_connection(
    shelf: Shelf, hosts: RayHosts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ray ends the process that is connected to a cluster whose head is lost."""
    monkeypatch.setattr(link, "PAUSE", 0.05)
    with connected(hosts.link.head, hosts.count) as others:
        async with shelf.open(others, least=60) as far:
            whole = await answers(far)
            others.link.address = "127.0.0.1:1"
            os.kill(others.link.pid, signal.SIGKILL)
            with pytest.raises(PartUnreachable):
                await far.ask("port ship")
            lost = far.tweets
            await shelf.load(far, "late.json", 9)
            assert far.tweets > lost
            answer = await far.ask("port ship")
            assert str(answer.hints[0]).startswith(f"{lost} tweets were not searched, from ")
            assert answer.tweets < whole[0].tweets
            others.link.address = hosts.link.head
            deadline = time.monotonic() + 60
            while (await far.ask("port ship")).hints and time.monotonic() < deadline:
                time.sleep(0.1)  # noqa: ASYNC251  # nothing else runs here
            async with shelf.open() as near:
                assert await answers(far) == await answers(near)


def test_a_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ray.py").write_text("raise ImportError")
    monkeypatch.syspath_prepend(tmp_path)
    with (
        pytest.raises(ClusterMissing, match=r"pip install 'threadbot\[cluster\]'"),
        connected(LOCAL),
    ):
        pass


@pytest.mark.parametrize("address", ["127.0.0.1:1", "ray://127.0.0.1:1"])
def test_an_address_where_nobody_listens_is_an_error_at_once(address: str) -> None:
    with pytest.raises(ClusterUnreachable, match="refused"), connected(address):
        pass
