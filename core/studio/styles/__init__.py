"""The styles: when each was practised, what it paints, how it makes."""

from dataclasses import dataclass

from core.studio.brief import Making
from core.studio.styles.colour_field import paint_colour_field
from core.studio.styles.divided import paint_divided
from core.studio.styles.faceted import paint_faceted
from core.studio.styles.fauve import paint_fauve
from core.studio.styles.grid import paint_grid
from core.studio.styles.hard_edge import paint_hard_edge
from core.studio.styles.impasto import paint_impasto
from core.studio.styles.ink import paint_ink
from core.studio.styles.outsider import paint_outsider
from core.studio.styles.poured import paint_poured
from core.studio.styles.suprematist import paint_suprematist
from core.studio.styles.tenebrist import paint_tenebrist
from core.studio.styles.tonal import paint_tonal
from core.studio.styles.woodblock import paint_woodblock


@dataclass(frozen=True)
class Style:
    """A style of the collection; its works are dated `first` to `last`.

    `mixing` is how far palettes wander from work to work, 0..1.
    """

    name: str
    first: int
    last: int
    subjects: tuple[str, ...]
    paint: Making
    mixing: float = 0.8


_ABSTRACT = ("abstract",)

STYLES: dict[str, Style] = {
    style.name: style
    for style in (
        Style(
            "Tenebrism", 1602, 1671, ("fruit", "candle", "bust", "bouquet"), paint_tenebrist, 0.4
        ),
        Style(
            "Ink_Wash", 1644, 1796, ("mountain", "river", "pine", "bamboo", "plum"), paint_ink, 0.5
        ),
        Style(
            "Woodblock_Print",
            1766,
            1868,
            ("mountain", "sea", "river", "bridge", "street", "bust", "harbour"),
            paint_woodblock,
        ),
        Style(
            "Impasto_Landscape",
            1868,
            1908,
            ("hills", "river", "sea", "harbour", "roofs", "bridge", "bouquet", "wood"),
            paint_impasto,
        ),
        Style(
            "Tonalism",
            1876,
            1916,
            ("river", "hills", "sea", "wood", "street", "bridge"),
            paint_tonal,
            0.6,
        ),
        Style(
            "Pointillism",
            1885,
            1911,
            ("harbour", "river", "sea", "hills", "roofs", "bust", "wood"),
            paint_divided,
        ),
        Style(
            "Fauvism",
            1904,
            1914,
            ("harbour", "roofs", "hills", "fruit", "bouquet", "bust", "wood", "street"),
            paint_fauve,
        ),
        Style(
            "Faceted_Cubism",
            1908,
            1925,
            ("fruit", "bust", "roofs", "bouquet", "candle"),
            paint_faceted,
            0.5,
        ),
        Style("Suprematism", 1915, 1934, _ABSTRACT, paint_suprematist, 0.5),
        Style("Grid_Abstraction", 1917, 1948, _ABSTRACT, paint_grid, 0.5),
        Style("Poured_Abstraction", 1946, 1962, _ABSTRACT, paint_poured),
        Style("Colour_Field", 1949, 1974, _ABSTRACT, paint_colour_field),
        Style("Hard_Edge_Minimalism", 1957, 1982, _ABSTRACT, paint_hard_edge),
    )
}

OUTSIDER = Style("", 0, 0, _ABSTRACT, paint_outsider, 0.6)
