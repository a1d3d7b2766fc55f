"""What authorities set beside the rulebook: yearly targets, revised quotas, budgets of months."""
