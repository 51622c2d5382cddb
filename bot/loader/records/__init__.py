"""Reads dumps made of records: JSON, X archives and tables."""
