"""The store in PostgreSQL, with asyncpg, which is in the extra `postgres`.

`place.py` is the only module that may be imported without asyncpg.
"""
