"""The explorer: a local page on which the landscape of outcomes is played with. Opened by `nashscape app`.

A scene is everything that is on screen, as plain data. Parts are what is computed of a scene, quick ones first. A desk
computes parts for many visitors at once, the latest scene of each alone; a server hands them out.
"""

from nashscape.core.faces import face

__getattr__, __dir__, __all__ = face(__name__, __file__)
