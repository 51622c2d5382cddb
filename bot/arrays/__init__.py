"""NumPy arrays as data: files of arrays, splices, strings and lookups. Pure."""
