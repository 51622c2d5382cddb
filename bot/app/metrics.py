"""The bot's numbers for Prometheus. Needs the extra `metrics`, which is optional."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.app.client import Threadbot
from bot.app.health import BUCKETS
from bot.errors import MetricsMissing

if TYPE_CHECKING:
    from prometheus_client.core import Metric

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
"""https://prometheus.io/docs/instrumenting/exposition_formats/"""


def exposition(client: Threadbot) -> bytes:
    """Return the numbers of `client`, as Prometheus reads them.

    Raises:
        MetricsMissing: prometheus-client is not installed.
    """
    try:
        from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
        from prometheus_client.registry import Collector
    except ModuleNotFoundError as error:
        raise MetricsMissing from error

    class OfClient(Collector):
        def collect(self) -> Iterator[Metric]:
            return _metrics(client)

    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    registry.register(OfClient())
    return generate_latest(registry)


def _metrics(client: Threadbot) -> Iterator[Metric]:
    from prometheus_client.core import (
        CounterMetricFamily,
        GaugeMetricFamily,
        HistogramMetricFamily,
        InfoMetricFamily,
    )

    health, served = client.health, client.library.about()
    yield InfoMetricFamily("threadbot", "The program", {"version": served.version})
    gauges = (
        ("ready", "Whether all shards of this process are connected", float(health.ready)),
        ("stopping", "Whether the bot is about to stop", float(health.stopping)),
        ("heartbeat_age_seconds", "Longest time since a heartbeat", health.heartbeat_age),
        ("loading", "Whether a library is being changed", float(client.libraries.busy)),
        ("shards", "Shards of all processes", health.shard_count),
        ("servers", "Servers of this process's shards", float(len(client.guilds))),
        ("generation", "Generation of the shared library", float(served.generation)),
        ("threads", "Threads in the shared library", float(served.threads)),
        ("tweets", "Tweets in the shared library", float(served.tweets)),
    )
    for name, meaning, value in gauges:
        if value is not None:
            yield GaugeMetricFamily(f"threadbot_{name}", meaning, value)
    for name, meaning in (
        ("ready", "Whether the shard is connected"),
        ("heartbeat_age_seconds", "Time since the shard's last heartbeat"),
        ("servers", "Servers of the shard"),
    ):
        of_shards = GaugeMetricFamily(f"threadbot_shard_{name}", meaning, labels=["shard"])
        for shard in health.shards:
            value = {
                "ready": float(shard.ready),
                "heartbeat_age_seconds": shard.heartbeat_age,
                "servers": float(shard.servers),
            }[name]
            if value is not None:
                of_shards.add_metric([str(shard.id)], value)
        yield of_shards
    answers = CounterMetricFamily("threadbot_answers", "Answers since the start", labels=["result"])
    answers.add_metric(["answered"], health.answered)
    answers.add_metric(["failed"], health.failed)
    yield answers
    times = HistogramMetricFamily(
        "threadbot_acknowledgement_seconds", "Time until an interaction was acknowledged"
    )
    buckets, total = [], 0
    names = [*(str(each) for each in BUCKETS), "+Inf"]
    for name, count in zip(names, health.acknowledgements, strict=True):
        total += count
        buckets.append((name, float(total)))
    times.add_metric([], buckets, health.acknowledgement_seconds)
    yield times
