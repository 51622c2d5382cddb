"""Tests of the loader, module for module."""
