"""The tests that rulebook packs carry as data."""
