"""What a building should use, by its own past and the weather."""
