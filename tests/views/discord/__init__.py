"""Tests of `bot/views/discord/`."""
