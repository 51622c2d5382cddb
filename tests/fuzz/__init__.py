"""What a fuzzer tries: the loader, questions and custom ids."""
