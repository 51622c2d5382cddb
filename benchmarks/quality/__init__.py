"""Measures ranking quality on test collections, in comparison with other systems."""
