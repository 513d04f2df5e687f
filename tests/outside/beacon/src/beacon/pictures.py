"""Pictures of separations."""

from matplotlib.figure import Figure


def separation_figure(found, *, title="what messages tell"):
    """Bits over updates; of several results a line each."""
    figure = Figure(figsize=(5, 3), layout="constrained")
    axes = figure.subplots()
    for name, one in (found if isinstance(found, dict) else {"": found}).items():
        axes.plot(one.bits, label=name)
    axes.set(xlabel="update", ylabel="bits", title=title)
    return figure
