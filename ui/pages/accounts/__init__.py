"""The city's accounts on platforms: how each is connected, its budgets, connecting another."""
