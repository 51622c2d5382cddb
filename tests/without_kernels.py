"""`threadbot` as it runs on a machine where the kernels could not be built."""

from __future__ import annotations

from bot.cli import run
from bot.search.bm25 import native

native.kernels = None
run()
