"""Fishery, pasture and pollution of GovSim: planner, equilibrium, newcomers and messages among players of rules."""
