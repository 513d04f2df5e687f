"""Dominated actions and what is left once nobody plays them."""
