"""Tests of the views that know nothing of Discord, and of those that do."""
