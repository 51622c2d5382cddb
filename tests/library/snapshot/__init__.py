"""Tests of `bot/library/snapshot/`."""
