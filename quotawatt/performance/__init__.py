"""Energy-performance contracts (合同能源管理): what was agreed, non-routine events, verified savings."""
