"""How well the index ranks: test collections, measures, and the comparison with others."""
