"""Rules over the ledger, what they found, and telling people: zones, red lines, thresholds, build-up, overdue, silence."""
