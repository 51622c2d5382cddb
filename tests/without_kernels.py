"""`threadbot` as it runs on a machine where the kernels could not be built."""

from __future__ import annotations

from bot.search.bm25 import native
from bot.terminal.main import run

native.kernels = None
run()
