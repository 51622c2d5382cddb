"""Tests of `bot/views/terminal/`."""
