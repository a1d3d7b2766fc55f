"""Cost: hours priced by tariffs, months billed, bills checked, and what would have cost less."""
