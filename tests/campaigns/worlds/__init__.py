"""Worlds: the mirror against each answer that SavvyCal's documentation leaves open, and against each kind of damage."""
