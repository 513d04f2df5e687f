"""Social learning and collective norms: players of rules on a logistic pool, with mechanisms on and off."""
