"""A seller's consent: taken, stored encrypted, refreshed once, turned into clients."""
