"""Parses records: JSON, X archives and tables."""
