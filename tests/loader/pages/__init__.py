"""Tests of `bot/loader/pages/`."""
