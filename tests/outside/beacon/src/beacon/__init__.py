"""Signalling games: a sender who knows something, a receiver who answers what it is told."""

from beacon.estimators import Shaken
from beacon.games import Signalling, lewis
from beacon.results import Separation, separation
from beacon.rules import HeavyBall
from beacon.semantics import Trembling

__all__ = ["HeavyBall", "Separation", "Shaken", "Signalling", "Trembling", "lewis", "separation"]
