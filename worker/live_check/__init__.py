"""`savvycal-sync check --live`: finds out in one account what SavvyCal's documentation leaves open, by reading only."""
