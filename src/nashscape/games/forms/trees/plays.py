"""The plays of a tree by name."""

from nashscape.games.forms.trees.nodes import Tree


def play_names(tree: Tree) -> tuple[str, ...]:
    """What happens in every play, moves of chance and of players by their labels, one after the other.

    Moves without a label are called by their number, from 1. Slashes and semicolons, by which outcomes are written,
    become bars and commas.
    """
    found: list[str] = []
    waiting: list[tuple[str, ...]] = [()]
    for number, node in enumerate(tree.nodes):
        path = waiting.pop()
        if node.mover is None:
            found.append(" ".join(path) or "nothing")
            continue
        labels = tree.moves.get(number, ()) if node.mover < 0 else tree.sets[node.mover][node.place]
        said = [
            (labels[k].replace("/", "|").replace(";", ",").strip() if labels else "") or str(k + 1)
            for k in range(node.branches)
        ]
        waiting.extend((*path, label) for label in reversed(said))
    return tuple(found)
