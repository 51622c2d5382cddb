"""Parses text meant for people: copied pages, Markdown and HTML."""
