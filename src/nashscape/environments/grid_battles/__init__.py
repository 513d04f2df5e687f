"""Battles of two teams on a small grid, as tables: what policies are worth, and what teams and members gain."""
