"""`threadbot` as it runs on a machine where the kernels could not be built."""

from __future__ import annotations

from bot import native
from bot.cli import run

native.kernels = None
run()
