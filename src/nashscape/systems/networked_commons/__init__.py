"""Networked control of a common pool: which dilemma restraint is, by what players see and care for."""
