"""Tests of `bot/arrays/`."""
