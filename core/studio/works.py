"""One work of the collection, and the plan of all of them before anything is painted."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.studio.canvas import Size
from core.studio.painters import PAINTERS, Painter
from core.studio.scenes import GENRES
from core.studio.styles import OUTSIDER, STYLES, Style
from core.studio.titles import make_slug, make_title, make_unique

SHORT_SIDE = 256
_UPRIGHT = ("bust", "bouquet")
_FORMATS = {
    "upright": (0.72, 0.76, 0.8, 0.85),
    "wide": (1.2, 1.25, 1.33, 1.4, 1.5),
    "any": (1.0, 0.8, 0.75, 1.25, 1.33, 1.5, 1.0),
    "scroll": (0.62, 0.68, 0.75, 1.5),
}


@dataclass(frozen=True)
class Work:
    """A planned work. `painter` and `index` seed it; the rest is what the catalogue says.

    `kind` names what is planted in it, `copying` how it copies the work whose key is `partner`,
    `damage` what is done to its file; all empty for most works.
    """

    painter: str
    index: int
    title: str
    year: int
    subject: str
    palette: str
    size: Size
    made_style: str
    given_style: str
    kind: str = ""
    partner: str = ""
    copying: str = ""
    damage: str = ""

    @property
    def key(self) -> str:
        """The file's path without its extension, stable across runs."""
        name = f"{make_slug(self.painter)}_{make_slug(self.title)}-{self.year}"
        return f"images/{self.given_style}/{name}"

    @property
    def file(self) -> str:
        """The file's path below the collection's root."""
        return f"{self.key}.jpg"

    @property
    def genre(self) -> str:
        """What a cataloguer would file the subject under."""
        return GENRES[self.subject]


def make_rng(seed: int, painter: str, index: int, stage: int) -> np.random.Generator:
    """Chance for one stage (0 catalogue, 1 painting, 2 copying) of one work, and no other."""
    return np.random.default_rng([seed, zlib.crc32(painter.encode()), index, stage])


def get_style(painter: Painter) -> Style:
    """How a painter makes; the one without a style has a making of their own."""
    return STYLES.get(painter.style, OUTSIDER)


def plan_oeuvre(painter: Painter, count: int, seed: int) -> Iterator[Work]:
    """`count` works by one painter, titles all different."""
    taken: set[str] = set()
    subjects = painter.subjects or get_style(painter).subjects
    for index in range(count):
        rng = make_rng(seed, painter.name, index, 0)
        subject = str(rng.choice(subjects))
        title = make_title(rng, subject, outsider=not painter.style)
        yield Work(
            painter=painter.name,
            index=index,
            title=make_unique(title, taken),
            year=int(rng.integers(painter.first, painter.last + 1)),
            subject=subject,
            palette=str(rng.choice(painter.palettes)),
            size=_choose_size(rng, painter.style, subject),
            made_style=painter.style,
            given_style=painter.given_style,
            kind=painter.case,
        )


def _choose_size(rng: np.random.Generator, style: str, subject: str) -> Size:
    """Width and height, the short side 256."""
    kind = "wide"
    if subject in _UPRIGHT:
        kind = "upright"
    elif style == "Ink_Wash":
        kind = "scroll"
    elif subject == "abstract":
        kind = "any"
    aspect = float(rng.choice(_FORMATS[kind]))
    if aspect >= 1:
        return round(SHORT_SIDE * aspect), SHORT_SIDE
    return SHORT_SIDE, round(SHORT_SIDE / aspect)


def share_out(works: int, cases: dict[str, int], rng: np.random.Generator) -> dict[str, int]:
    """How many works each painter has: the cases as given, the rest unevenly, every style early."""
    counts = {painter.name: cases[painter.case] for painter in PAINTERS if painter.case}
    ordinary = _interleave([painter for painter in PAINTERS if not painter.case])
    rest = works - sum(counts.values())
    for number, painter in enumerate(ordinary):
        counts[painter.name] = int(number < rest)
    # Evenly among styles, unevenly among the painters of one.
    left = max(0, rest - len(ordinary))
    names = list(STYLES)
    for number, style in enumerate(names):
        part = left // len(names) + (number < left % len(names))
        members = [painter.name for painter in ordinary if painter.style == style]
        shares = 0.5 / len(members) + 0.5 * rng.dirichlet(np.full(len(members), 3.0))
        for name, more in zip(members, rng.multinomial(part, shares).tolist(), strict=True):
            counts[name] += more
    return counts


def _interleave(painters: list[Painter]) -> list[Painter]:
    """The first painter of every style, then the second of every style, and so on."""
    rank: dict[str, int] = {}
    order = []
    for painter in painters:
        rank[painter.style] = rank.get(painter.style, 0) + 1
        order.append((rank[painter.style], painter))
    return [painter for _, painter in sorted(order, key=lambda pair: pair[0])]
