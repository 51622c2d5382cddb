"""Tests of `bot/terminal/`."""
