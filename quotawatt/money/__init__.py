"""Money: who buys by which tariff, suppliers' bills line by line, yearly budgets."""
