"""Past one machine: what spreading a library costs. `SCALE=ray` names the parts to measure."""

from __future__ import annotations

import os

from benchmarks import spread

MEASURES = {"ray": spread.main}


def main() -> None:
    """Measure the parts that `SCALE` names; by default all."""
    for name in os.environ.get("SCALE", ",".join(MEASURES)).split(","):
        MEASURES[name]()
