"""One generation of a library in memory, built once and never changed."""
