"""A page's record as claims: one asserted thing each, with what merging and showing need of it."""
