"""Tests of `bot/search/bm25/`."""
