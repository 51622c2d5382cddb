"""Reads dumps that people read: copied pages, Markdown and HTML."""
