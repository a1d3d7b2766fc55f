"""What rules for vehicles find in trips, events, orders and books: pure, one module a group of checks."""
