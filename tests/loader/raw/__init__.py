"""Tests of `bot/loader/raw/`."""
