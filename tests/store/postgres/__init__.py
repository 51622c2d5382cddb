"""Tests of the store in PostgreSQL, with a real server and a real replica."""
