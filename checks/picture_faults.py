"""What is wrong with a picture, found in its artists: colliding words, words cut off, hidden data, colours alone.

Every fault is a sentence. Positions are known only once a figure is drawn, which all of this does once.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import Collection
from matplotlib.colors import to_rgba
from matplotlib.image import AxesImage
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text
from matplotlib.transforms import Bbox

TOUCH = 1.5
"""By so many pixels boxes may overlap: letters do not fill their boxes."""
LIGHTER = 10.0
"""In L*, of which black and white are 100 apart: what differs by so much is told apart in greys."""
WHITE = 95.0
"""What is lighter is taken as white, the face of a hollow mark."""
THICKER = 1.5
"""Lines whose widths differ by this factor are told apart."""
NO_MARK = ("None", "none", "", " ", None)


def faults(figure: Any) -> list[str]:
    """All that is wrong with a figure."""
    canvas: Any = FigureCanvasAgg(figure)
    canvas.draw()
    boxes = [
        (text, text.get_window_extent(canvas.get_renderer())) for text in _texts(figure) if text.get_text().strip()
    ]
    return [*_colliding(boxes), *_cut_off(figure, boxes), *_covered(figure, boxes), *_alike_in_greys(figure)]


Boxes = list[tuple[Text, Bbox]]


def _colliding(boxes: Boxes) -> list[str]:
    return [
        f"{_said(one)} and {_said(other)} overlap"
        for (one, box), (other, there) in itertools.combinations(boxes, 2)
        if _shrunk(box).overlaps(_shrunk(there))
    ]


def _cut_off(figure: Any, boxes: Boxes) -> list[str]:
    page = figure.bbox.padded(1.0)
    return [
        f"{_said(text)} leaves the canvas"
        for text, box in boxes
        if not (page.contains(box.x0, box.y0) and page.contains(box.x1, box.y1))
    ]


def _covered(figure: Any, boxes: Boxes) -> list[str]:
    """Legends that lie over data, or over words that are not their own."""
    found = []
    for legend in figure.findobj(Legend):
        box, own = _shrunk(legend.get_window_extent()), set(legend.findobj(Text))
        name = next((text.get_text() for text in legend.get_texts()), "")
        for axes in figure.findobj(Axes):
            if any(_meets(artist, axes, box) for artist in axes.get_children()):
                found.append(
                    f"the legend of {name!r} covers data of a panel ({axes.get_title()!r}, {axes.get_ylabel()!r})"
                )
        hidden = [text for text, there in boxes if text not in own and box.overlaps(_shrunk(there))]
        found += [f"the legend of {name!r} covers {_said(text)}" for text in hidden]
    return found


def _texts(artist: Any) -> Iterator[Text]:
    """The texts of an artist that are seen, without marks of ticks beyond the ends of their axis."""
    if not artist.get_visible():
        return
    if isinstance(artist, Axis):
        low, high = sorted(artist.get_view_interval())
        room = 1e-9 * (high - low)
        for tick in [*artist.get_major_ticks(), *artist.get_minor_ticks()]:
            if low - room <= tick.get_loc() <= high + room:
                yield from (label for label in (tick.label1, tick.label2) if label.get_visible())
        yield from (artist.label, artist.offsetText)
        return
    if isinstance(artist, Text):
        yield artist
    off = isinstance(artist, Axes) and not artist.axison
    for child in artist.get_children():
        if not (off and isinstance(child, Axis)):
            yield from _texts(child)


def _shrunk(box: Bbox) -> Bbox:
    across, up = min(TOUCH, box.width / 3) / 2, min(TOUCH, box.height / 3) / 2
    return Bbox.from_extents(box.x0 + across, box.y0 + up, box.x1 - across, box.y1 - up)


def _said(text: Text) -> str:
    return repr(text.get_text().replace("\n", " ")[:50])


def _meets(artist: Any, axes: Axes, box: Bbox) -> bool:
    """Whether what an artist draws of data lies in a box."""
    if not artist.get_visible() or artist is axes.patch:
        return False
    seen = Bbox.intersection(box, axes.bbox) if artist.get_clip_on() else box
    if seen is None or seen.width <= 0 or seen.height <= 0:
        return False
    if isinstance(artist, Line2D):
        path: Any = artist.get_transform().transform_path(artist.get_path())
        marked = artist.get_marker() not in NO_MARK and seen.count_contains(path.vertices) > 0
        joined = artist.get_linestyle() not in NO_MARK and len(path.vertices) > 1
        return bool(marked or (joined and path.intersects_bbox(seen, filled=False)))
    if isinstance(artist, Collection):
        return _collection_meets(artist, seen)
    if isinstance(artist, Patch):
        return bool(artist.get_transform().transform_path(artist.get_path()).intersects_bbox(seen))
    return isinstance(artist, AxesImage) and bool(artist.get_window_extent().overlaps(seen))


def _collection_meets(artist: Collection, seen: Bbox) -> bool:
    offsets = np.asarray(artist.get_offsets(), float)
    if offsets.any():
        return seen.count_contains(artist.get_offset_transform().transform(offsets)) > 0
    return any(artist.get_transform().transform_path(own).intersects_bbox(seen) for own in artist.get_paths())


@dataclass(frozen=True)
class Style:
    """By what an artist is told from others: its colour over white, and all that greys keep."""

    colour: tuple[float, ...]
    kind: str
    dashes: str
    mark: str
    hollow: bool
    width: float

    def alike(self, other: "Style") -> bool:
        """Whether two that differ in colour look the same in greys."""
        if (self.kind, self.dashes, self.mark, self.hollow) != (other.kind, other.dashes, other.mark, other.hollow):
            return False
        thin, thick = sorted([self.width, other.width])
        return self.colour != other.colour and thick < THICKER * thin and self._apart(other) < LIGHTER

    def _apart(self, other: "Style") -> float:
        return abs(lightness(self.colour) - lightness(other.colour))


def _alike_in_greys(figure: Any) -> list[str]:
    """Entries of a legend, and bars and areas of a panel, that only their colours tell apart."""
    groups = [list(legend.legend_handles) for legend in figure.findobj(Legend)]
    groups += [[one for one in axes.patches if one.get_visible()] for axes in figure.findobj(Axes)]
    found: dict[str, None] = {}
    for group in groups:
        styles = sorted({style for style in map(style_of, group) if style is not None}, key=str)
        for one, other in itertools.combinations(styles, 2):
            if one.alike(other):
                found[f"{one} and {other} look alike in greys"] = None
    return list(found)


def style_of(artist: Any) -> Style | None:
    """How a line or an area looks; None for others, and for lines of which nothing is seen."""
    if isinstance(artist, Line2D):
        dashes, mark = str(artist.get_linestyle()), artist.get_marker()
        if dashes in NO_MARK and mark in NO_MARK:
            return None
        face = artist.get_markerfacecolor()
        hollow = mark not in NO_MARK and (face in NO_MARK or lightness(_over_white(face)) > WHITE)
        colour = artist.get_color() if dashes not in NO_MARK or hollow else face
        return Style(_over_white(colour), "line", dashes, str(mark), hollow, float(artist.get_linewidth()))
    if isinstance(artist, Patch):
        return Style(_over_white(artist.get_facecolor()), "area", artist.get_hatch() or "", "", False, 1.0)
    return None


def _over_white(colour: Any) -> tuple[float, ...]:
    red, green, blue, alpha = to_rgba(colour)
    return tuple(round(float(1 - alpha + alpha * part), 3) for part in (red, green, blue))


def lightness(rgb: tuple[float, ...]) -> float:
    """L* of CIELAB, from 0 for black to 100 for white."""
    seen = np.array(rgb)
    linear = np.where(seen <= 0.04045, seen / 12.92, ((seen + 0.055) / 1.055) ** 2.4)
    y = float(linear @ (0.2126, 0.7152, 0.0722))
    return float(116 * np.cbrt(y) - 16 if y > 0.008856 else 903.3 * y)
