"""Tests of `bot/search/bm25/kernels/`."""
