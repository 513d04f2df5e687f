"""Pictures of audits of labels: for every label, what became of the runs that were continued."""

from collections.abc import Mapping
from typing import Unpack

from matplotlib.figure import Figure

from nashscape.dynamics.label_audits import LabelAudit
from nashscape.figures.given import by_rule
from nashscape.figures.paper import Paper, canvas, head, key, on_paper
from nashscape.figures.stacks import segment
from nashscape.figures.style import INK, TEXT, Look, bare, handle, words

HELD, UNFINISHED, CHANGED = Look("#0072B2"), Look("#F2F2F2", "....", "#8A8A8A"), Look("#E69F00", "////", INK)


@on_paper
def label_audit_figure(
    audits: LabelAudit | Mapping[str, LabelAudit], *, title: str | None = None, **paper: Unpack[Paper]
) -> Figure:
    """For every label the shares of the continued runs that held, could not be followed to the end, and changed.

    Args:
        audits: an audit, or audits by rule.
        title: of the figure; by default how many labels changed.
        **paper: `size` and `ax`, see `Paper`.

    Raises:
        InputError: for anything else.

    Example:
        >>> from nashscape import audit_labels, games, pg
        >>> figure = label_audit_figure(audit_labels(games.stag_hunt(), pg(), n=50, sample=5))
        >>> [label.get_text() for label in figure.axes[0].get_yticklabels()]
        ['CC (5 of 11)', 'DD (5 of 39)']
    """
    named = by_rule(audits, LabelAudit)
    rows = max(int((one.looked_at > 0).sum()) for one in named.values())
    figure, grid = canvas(1, len(named), 1.8 + 3.2 * len(named), 1.8 + 0.4 * rows)
    for axes, (rule, one) in zip(grid[0], named.items(), strict=True):
        shown = [k for k in range(len(one.names)) if one.looked_at[k]]
        for row, k in enumerate(shown):
            total = int(one.looked_at[k])
            held = total - int(one.changed[k]) - int(one.unfinished[k])
            left = 0.0
            for count, look in ((held, HELD), (int(one.unfinished[k]), UNFINISHED), (int(one.changed[k]), CHANGED)):
                left = segment(axes, row, left, count / total, look, text=str(count))
        bare(axes)
        axes.grid(False)
        names = [f"{one.names[k]} ({one.looked_at[k]} of {one.runs[k]})" for k in shown]
        axes.set_yticks(range(len(shown)), names, fontsize=TEXT)
        axes.set_ylim(len(shown) - 0.4, -0.6)
        axes.set_xlim(0.0, 1.0)
        words(axes, title=f"{rule} on {one.game}", xlabel="share of the runs that were continued")
    handles = [handle(HELD, "held"), handle(UNFINISHED, "not followed to the end"), handle(CHANGED, "changed")]
    key(figure, handles, columns=3)
    changed, followed = (
        sum(int(getattr(one, what).sum()) for one in named.values()) for what in ("changed", "looked_at")
    )
    usual = f"{changed or 'none'} of {followed} labels that were followed further changed"
    head(figure, usual if title is None else title)
    return figure
