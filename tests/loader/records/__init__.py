"""Tests of `bot/loader/records/`."""
