"""Comparisons with other libraries that compute the same thing; run by `make oracles`."""
