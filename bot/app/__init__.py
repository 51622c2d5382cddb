"""Threadbot on Discord: a module for each command, and what they share."""
