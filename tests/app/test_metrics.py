"""The numbers for Prometheus; `test_status_server.py` reads them from a running bot."""

from __future__ import annotations

from bot.app.health import BUCKETS
from bot.app.metrics import exposition
from tests.app.conftest import Scene


async def test_the_histogram_is_cumulative(scene: Scene) -> None:
    for seconds in (0.01, 0.2, 9.0):
        scene.client.health_record.acknowledged(seconds)
    text = exposition(scene.client).decode()
    name = "threadbot_acknowledgement_seconds"
    counts = [
        float(line.split(" ")[1]) for line in text.splitlines() if line.startswith(f"{name}_bucket")
    ]
    assert len(counts) == len(BUCKETS) + 1
    assert counts == sorted(counts)
    assert (counts[0], counts[2], counts[-1]) == (1, 2, 3)
    assert f"{name}_count 3" in text
    assert f"{name}_sum 9.21" in text
