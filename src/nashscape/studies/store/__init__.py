"""Results of a study in a folder: written whole, verified when read, continued, merged, queried, exported.

Names are loaded when they are first used; they need pyarrow, of the extra `studies`.
"""

import importlib
from typing import TYPE_CHECKING, Any

_HOMES = {
    "comparing": ["differences"],
    "differing": ["StoreDifferences"],
    "exporting": ["export"],
    "manifest": ["Counts", "counts"],
    "merging": ["merge"],
    "queries": ["query"],
    "repairs": ["Repaired", "repair"],
    "stores": ["Store"],
}
_WHERE = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name in _WHERE:
        return getattr(importlib.import_module(f"{__name__}.{_WHERE[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


if TYPE_CHECKING:
    from nashscape.studies.store.comparing import differences
    from nashscape.studies.store.differing import StoreDifferences
    from nashscape.studies.store.exporting import export
    from nashscape.studies.store.manifest import Counts, counts
    from nashscape.studies.store.merging import merge
    from nashscape.studies.store.queries import query
    from nashscape.studies.store.repairs import Repaired, repair
    from nashscape.studies.store.stores import Store

__all__ = [
    "Counts",
    "Repaired",
    "Store",
    "StoreDifferences",
    "counts",
    "differences",
    "export",
    "merge",
    "query",
    "repair",
]
