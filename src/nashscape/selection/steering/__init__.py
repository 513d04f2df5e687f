"""The smallest change with which a target is reached often enough."""
