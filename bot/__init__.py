"""Threadbot: search saved X threads from Discord or the terminal, by excerpt and link."""

__version__ = "0.1.0"
