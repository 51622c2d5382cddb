"""Data structures in NumPy arrays: array files, gathered columns, strings and multimaps."""
