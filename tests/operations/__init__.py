"""Tests of `bot/operations/`."""
