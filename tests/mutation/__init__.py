"""Mutation testing: changes one thing in a module and checks that a test fails."""
