"""Continuation: curves of points of rest over a parameter, their folds and bifurcations."""
