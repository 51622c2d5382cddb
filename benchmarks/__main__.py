"""Take every measurement, or those named: archive, ask, discord, index, loader."""

from __future__ import annotations

import sys

from benchmarks import archive, ask, discord_load, index, loader

MEASUREMENTS = {
    "archive": archive.main,
    "ask": ask.main,
    "discord": discord_load.main,
    "index": index.main,
    "loader": loader.main,
}


def main(names: list[str]) -> int:
    """Run the measurements named, all if none is; 2 if there is no such."""
    unknown = [name for name in names if name not in MEASUREMENTS]
    if unknown:
        sys.stderr.write(f"no such measurement: {', '.join(unknown)}\n{__doc__}\n")
        return 2
    for name in names or MEASUREMENTS:
        MEASUREMENTS[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
