"""Past one process: several bots on one host, and a library spread over actors.

`SCALE=processes` or `SCALE=ray` names the part to measure.
"""

from __future__ import annotations

import os

from benchmarks import processes, spread

MEASURES = {"processes": processes.main, "ray": spread.main}


def main() -> None:
    """Measure the parts that `SCALE` names; by default all."""
    for name in os.environ.get("SCALE", ",".join(MEASURES)).split(","):
        MEASURES[name]()
