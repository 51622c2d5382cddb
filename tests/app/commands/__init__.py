"""Tests of `bot/app/commands/`."""
