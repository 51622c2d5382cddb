"""Turns bytes into text: contents, encodings and streams."""
