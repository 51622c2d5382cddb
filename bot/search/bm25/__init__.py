"""BM25 over flat arrays of postings, with optional kernels in C."""
