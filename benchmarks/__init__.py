"""Measurements; `python -m benchmarks` takes all of them."""
