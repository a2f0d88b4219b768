"""Money: set aside, taken, let go and given back, with a provider that may answer late, twice or never."""
