"""Everything that changes people, affiliates, rest and what we tell whom."""
