"""Data structures in NumPy arrays: array files, splices, strings and multimaps."""
