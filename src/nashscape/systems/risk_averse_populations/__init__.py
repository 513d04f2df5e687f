"""Populations of risk-averse drivers at a crossing: how often they crash, beside populations that solve for Nash."""
