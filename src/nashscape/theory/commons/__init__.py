"""What can be computed of common pools: a planner's optimum, and what is left of it in equilibrium."""
