"""Faults of the system: kills, failing writes, power cuts and damage. `python -m tests.faults`."""
