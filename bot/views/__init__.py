"""How answers, threads and reports look, on each surface."""
