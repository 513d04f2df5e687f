"""Which equilibrium will learning agents reach, and what steers them to a better one.

    import nashscape as ns

    maps = ns.basin_map(ns.games.stag_hunt(), [ns.pg(), ns.meta_mapg()])
    maps["meta_mapg"].fraction("CC")

Names are loaded when they are first used: importing the package imports neither JAX nor SciPy.
"""

from nashscape.core.faces import face

__version__ = "0.1.0"
__getattr__, __dir__, __all__ = face(
    __name__,
    __file__,
    rooms=(
        "app",
        "environments",
        "evolution",
        "neural",
        "populations",
        "programs",
        "proofs",
        "ranking",
        "testing",
        "tournaments",
        "tracing",
    ),
)
