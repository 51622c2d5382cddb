"""The SQLite store. All SQL is here."""
