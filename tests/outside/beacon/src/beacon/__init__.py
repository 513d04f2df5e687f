"""Signalling games: a sender who knows something, a receiver who answers what it is told."""

from beacon.estimators import Shaken
from beacon.games import Cipher, Codebook, Signalling, lewis
from beacon.results import Separation, separation
from beacon.rules import HeavyBall
from beacon.semantics import Trembling, trembling

__all__ = [
    "Cipher",
    "Codebook",
    "HeavyBall",
    "Separation",
    "Shaken",
    "Signalling",
    "Trembling",
    "lewis",
    "separation",
    "trembling",
]
