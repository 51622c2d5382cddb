"""Spreads the layers of a library over a Ray cluster. The only package that knows Ray."""
