"""Games in extensive form as texts in Gambit's format, `.efg`, exactly."""

from nashscape.games.exchange.tokens import quotation
from nashscape.games.forms.trees.nodes import Node, Tree


def write_efg(tree: Tree) -> str:
    """A tree in this format: all names, chances and payoffs exactly, a line for each node, each before its branches."""
    people = " ".join(map(quotation, tree.players))
    lines = [f"EFG 2 R {quotation(tree.name)} {{ {people} }}", '""']
    known: set[tuple[int, int]] = set()
    outcomes = 0
    for number, node in enumerate(tree.nodes):
        said = "0"
        if node.payoffs:
            outcomes += 1
            said = f'{outcomes} "" {{ {" ".join(map(str, node.payoffs))} }}'
        lines.append(f"{_head(tree, number, node, known)} {said}")
    return "\n".join([*lines, ""])


def _head(tree: Tree, number: int, node: Node, known: set[tuple[int, int]]) -> str:
    if node.mover is None:
        return 't ""'
    if node.mover < 0:
        labels = tree.moves.get(number, ("",) * node.branches)
        shares = " ".join(f"{quotation(label)} {p}" for label, p in zip(labels, node.chances, strict=True))
        return f'c "" {number + 1} "" {{ {shares} }}'
    name = tree.names[node.mover][node.place] if tree.names else ""
    labels = tree.sets[node.mover][node.place]
    first = (node.mover, node.place) not in known
    known.add((node.mover, node.place))
    said = f" {{ {' '.join(map(quotation, labels))} }}" if first else ""
    return f'p "" {node.mover + 1} {node.place + 1} {quotation(name)}{said}'
