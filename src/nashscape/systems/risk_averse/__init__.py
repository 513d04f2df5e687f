"""Risk-averse equilibrium: strategies for the mean less the variance that others cause."""
