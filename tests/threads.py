"""How long tests wait for other threads."""

from __future__ import annotations

LONG = 60.0
"""Seconds; longer than any test waits."""
SOON = 10.0
