"""Tests of `bot/library/`."""
