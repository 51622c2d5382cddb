"""Reads dumps: from bytes to threads and notices. Asking imports none of the readers."""

PARSER_VERSION = 10
"""Increase it when the same bytes give another result, so that stored dumps are read again."""
