"""From a question to the best tweets. Imports neither the store, the loader nor the library."""
