"""Runs all benchmarks, or those named.

Benchmarks: archive, ask, discord, endurance, engines, guilds, hostile, libraries, loader,
pages, quality, scale.
"""

from __future__ import annotations

import sys

from benchmarks import (
    archive,
    ask,
    discord_load,
    endurance,
    engines,
    guilds,
    hostile,
    libraries,
    loader,
    pages,
    scale,
)
from benchmarks.quality import __main__ as quality

MEASUREMENTS = {
    "archive": archive.main,
    "ask": ask.main,
    "discord": discord_load.main,
    "endurance": endurance.main,
    "engines": engines.main,
    "guilds": guilds.main,
    "hostile": hostile.main,
    "libraries": libraries.main,
    "loader": loader.main,
    "pages": pages.main,
    "quality": quality.main,
    "scale": scale.main,
}


def main(names: list[str]) -> int:
    """Run the named benchmarks, or all. Returns the exit status: 2 if a name is unknown."""
    unknown = [name for name in names if name not in MEASUREMENTS]
    if unknown:
        sys.stderr.write(f"unknown benchmark: {', '.join(unknown)}\n{__doc__}\n")
        return 2
    for name in names or MEASUREMENTS:
        MEASUREMENTS[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
