"""Tournaments of repeated games with two actions: exact scores of automata and memory-one strategies, without JAX."""

from nashscape.core.faces import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
