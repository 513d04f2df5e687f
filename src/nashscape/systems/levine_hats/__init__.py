"""Levine's hats: strategies by blocks, values of stacks, and a continuous version."""
