"""Tests of `bot/background/`."""
