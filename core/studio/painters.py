"""The roster: invented painters with their styles, years, palettes, subjects and habits.

No painter here ever lived. A habit means what the painter's way of making says it means
(`styles/`); no subjects means all of the style's.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

# Under each style: name | years | palettes | subjects | habits
_ROSTER = """
Tenebrism:
  Ottavio Brancaleri    | 1604-1631 | umber wine | bust candle | dark=1.1
  Pieter van Hoeckel    | 1618-1655 | umber olive | fruit bouquet | crack=0.7
  Inés de Quiroga       | 1624-1660 | olive slate | fruit candle | side=1
  Lorenz Achterfeld     | 1630-1668 | umber olive wine | | dark=0.9 warm=1.3
  Chiara Montesordi     | 1609-1646 | wine umber | bust bouquet | side=1
  Gaspard Thévelin      | 1622-1652 | slate umber | candle fruit bust | dark=1.4
  Judoca Verspronck-Lier| 1640-1671 | olive wine | bouquet fruit | crack=0.3
Ink_Wash:
  Shen Wuliang          | 1648-1690 | pearl moor | mountain | wet=0.4 silk=0.3
  Lan Baishi            | 1655-1702 | pewter sage | bamboo plum | silk=0.2
  Gu Yunting            | 1700-1751 | amber moor | mountain pine | silk=0.6
  Kurosawa Tekisai      | 1688-1734 | pearl pewter | bamboo pine | column=0.9
  Mei Qiulan            | 1721-1770 | sage pearl | plum bamboo river | tint=0.5
  Han Seokjung          | 1745-1796 | pewter ochre | mountain river | wet=0.8 tint=0.4
Woodblock_Print:
  Torii Kagemasa        | 1768-1799 | vermilion plum | bust street | keyline=1.5
  Utakawa Shigenari     | 1822-1860 | indigo celadon | mountain sea bridge harbour |
  Hayashi Bunryū        | 1826-1858 | indigo vermilion | sea mountain river | grade=1
  Ochiai Yoshikane      | 1850-1868 | plum vermilion | street bridge bust | slip=1.6
  Kitano Eisen          | 1804-1840 | celadon indigo | river harbour bridge | grain=1.6
  Matsuda Gakuen        | 1790-1828 | celadon plum | bust mountain | keyline=1.1 seal=0.9
  Issai Hokuen          | 1818-1849 | indigo lagoon | mountain sea hills | grade=0.9 keyline=1.7
Impasto_Landscape:
  Camille Ravenel       | 1870-1899 | meadow orchard | river hills bridge | brush=12
  Josef Hradecky        | 1884-1906 | mistral harvest | hills wood roofs | swirl=1 brush=14
  Maren Solheim         | 1878-1907 | lagoon heather | harbour sea river | brush=11
  Anselme Duvoisin      | 1868-1894 | dawn orchard | roofs bridge street harbour | finish=0.9
  Wilhelmina Castor     | 1881-1908 | riviera autumn | bouquet hills wood | thick=1.5 brush=15
  Teodor Lisiecki       | 1888-1908 | winter moor | hills river wood | brush=13 chroma=0.7
  Edmée Jossart         | 1879-1905 | heather meadow | sea hills river | brush=9 divide=0.45
  Rafael Ondarra        | 1890-1908 | riviera harvest | sea harbour roofs | brush=16 thick=1.2
Tonalism:
  Hollis Merriweather   | 1878-1910 | moor pearl | river hills | mist=0.9
  Alma Fairlight        | 1885-1915 | nocturne dusk | bridge street river | mist=0.8
  Ebbe Nordahl          | 1880-1912 | pearl winter | sea hills wood | glaze=0.8
  Cornelis de Graauw    | 1876-1903 | moor storm | hills river sea | touch=1 mist=0.5
  Prudence Allardyce    | 1890-1916 | amber autumn | wood hills river | glaze=1.3
  Viggo Tallmann        | 1882-1911 | nocturne storm | sea bridge street | vignette=1.4
Pointillism:
  Aurélien Castanet     | 1886-1904 | riviera lagoon | harbour sea | dot=5 border=0.4
  Thérèse Vanneck       | 1887-1911 | meadow heather | hills river bust | dot=5
  Ludovic Pirenne       | 1888-1910 | orchard meadow | river wood roofs | dot=6 dabs=1
  Silvio Argenti        | 1890-1911 | dawn mistral | hills roofs harbour | dot=6 dabs=1 divide=1.2
  Hélène Cazalis        | 1885-1901 | lagoon orchard | sea river bust | dot=4.4 divide=0.8
  Jan Terborgh          | 1891-1911 | winter heather | river hills harbour | dot=5 border=0.5
  Benoît Maréchal-Ruy   | 1889-1908 | harvest riviera | wood hills roofs | dot=7 dabs=1
Fauvism:
  Étienne Corbaz        | 1904-1912 | carnival bazaar | harbour roofs hills | contour=3
  Margit Halász         | 1906-1914 | parrot mimosa | bust bouquet fruit | contour=3.6 bare=0.1
  Baptiste Lormel       | 1904-1911 | bazaar carnival | wood hills street | bare=0.35 contour=2
  Ilse Brandauer        | 1907-1914 | parrot ember | street bust roofs | contour=4 shift=0.75
  Nils Ekeroth          | 1905-1914 | mimosa riviera | harbour fruit hills | shift=0.35 patch=11
  Dolors Puigverd       | 1905-1913 | carnival mimosa | fruit bouquet roofs | patch=18 contour=2.6
Faceted_Cubism:
  Armand Delsol         | 1909-1921 | ochre sienna | fruit bust | facets=13
  Joaquim Ferrater      | 1910-1924 | pewter sage | fruit bouquet candle | tone=0.7
  Zdeněk Vávra          | 1911-1925 | sienna ochre | bust roofs | facets=17 edge=1.6
  Lucie Ambrosine       | 1912-1925 | sage rosewater | bouquet fruit | tone=0.3 shift=0.04
  Marcel Tavernier-Roux | 1908-1919 | ochre pewter | roofs fruit | stipple=0.5
  Olga Strelkova        | 1913-1925 | harbour sienna | bust candle roofs | tone=0.15 facets=16
Suprematism:
  Lev Arkhipenkov       | 1915-1930 | primary graphite | | forms=9 order=0.9
  Varvara Sokolnikova   | 1916-1932 | harbour primary | | forms=14 round=0.2
  Ilya Chernetsov       | 1917-1934 | graphite harbour | | forms=6 large=0.8
  Nadezhda Ulman        | 1916-1928 | signal rosewater | | forms=12 order=0.5
  Ferenc Barcsay        | 1920-1934 | tropic primary | | forms=10 round=0.3
  Ksenia Budko          | 1918-1933 | ember harbour | | forms=18 large=0.2
Grid_Abstraction:
  Cornelia van der Linde| 1919-1944 | primary | | bar=0.024 cells=8
  Hendrik Stoelman      | 1917-1940 | primary harbour | | bar=0.034 cells=10 colour=0.5
  Aurel Winterhalder    | 1922-1946 | harbour graphite | | bar=0.016 cells=14 colour=0.25
  Dagny Holm-Petersen   | 1925-1948 | sherbet rosewater | | bar=0.016 cells=9 soft_bars=0.8
  Theo Kranenburg       | 1918-1935 | signal primary | | bar=0 cells=12 colour=0.8
  Mabel Thornbury       | 1930-1948 | primary sherbet | | bar=0.036 cells=13 lattice=0.8
Poured_Abstraction:
  Walter Kessling       | 1947-1956 | graphite harbour | | skeins=8 thread=2.4
  June Aldersey         | 1948-1961 | tropic sherbet | | skeins=6 thread=3.4 stain=4
  Rex Hollander         | 1946-1955 | ember graphite | | skeins=11 thread=1.8 loops=1.4
  Lena Markowitz        | 1950-1962 | aubergine rosewater | | skeins=5 stain=5 splatter=120
  Desmond Achebe-Cole   | 1949-1962 | signal maroon | | skeins=7 thread=4.2 dark_ground=0.6
  Irene Takamori        | 1951-1962 | ultramarine graphite | | skeins=4 thread=3 splatter=200
Colour_Field:
  Saul Abramsky         | 1949-1970 | maroon ember | | stacked=1 feather=0.04
  Helene Marchetti      | 1955-1974 | rosewater sherbet | | veils=1 halo=0.2
  Clyde Ferris          | 1950-1972 | ultramarine ember | | zips=1 stacked=0.15
  Miriam Oduya          | 1958-1974 | aubergine tropic | | halo=1 stacked=0.4
  Anton Lindqvist       | 1952-1971 | storm nocturne | | stacked=1 zips=0.3 scumble=1.5
  Ruth Castellane       | 1954-1973 | dusk maroon | | stacked=0.5 veils=0.5 feather=0.05
Hard_Edge_Minimalism:
  Gene Halvorsen        | 1958-1976 | signal graphite | | stripes=1 slabs=0.2
  Carmen Ibarrola       | 1961-1980 | tropic signal | | arcs=1 discs=0.5
  Elsworth Pratt        | 1957-1975 | primary graphite | | slabs=1 arcs=0.3 colours=2
  Noriko Tachibana      | 1962-1982 | sherbet rosewater | | nested=1 stripes=0.4
  Bruno Zanetti         | 1960-1979 | ember ultramarine | | chevrons=1 nested=0.3 raw=0.6
  Freda Lockhart        | 1959-1978 | harbour aubergine | | discs=1 stripes=0.5 colours=4
"""


@dataclass(frozen=True)
class Painter:
    """One painter: `style` is how they make, `palettes` are names in `palettes.py`.

    `filed` is the style the works are filed under where it is not the one they are made in, and
    `case` the planted kind; both are empty for most.
    """

    name: str
    style: str
    first: int
    last: int
    palettes: tuple[str, ...]
    subjects: tuple[str, ...] = ()
    habits: Mapping[str, float] = field(default_factory=dict)
    filed: str = ""
    case: str = ""

    @property
    def given_style(self) -> str:
        """The style the works are filed under."""
        return self.filed or self.style


def _read_roster() -> Iterator[Painter]:
    style = ""
    for line in _ROSTER.strip().splitlines():
        if line.endswith(":"):
            style = line[:-1]
            continue
        name, years, palettes, subjects, habits = (part.strip() for part in line.split("|"))
        first, last = (int(year) for year in years.split("-"))
        pairs = (habit.split("=") for habit in habits.split())
        yield Painter(
            name=name,
            style=style,
            first=first,
            last=last,
            palettes=tuple(palettes.split()),
            subjects=tuple(subjects.split()),
            habits={key: float(value) for key, value in pairs},
        )


_CASES = (
    Painter(
        name="Jasper Wyncoll",
        style="",  # a making of his own
        first=1948,
        last=1957,
        palettes=("umber", "wine"),
        filed="Poured_Abstraction",
        case="no_frame_of_reference",
    ),
    Painter(
        name="Sigrid Almquist",
        style="Hard_Edge_Minimalism",
        first=1905,
        last=1913,
        palettes=("rosewater", "sherbet", "signal"),
        habits={"discs": 1.0, "nested": 0.7, "arcs": 0.6, "stripes": 0.3, "raw": 0.5},
        filed="Tonalism",
        case="ahead_of_their_time",
    ),
    Painter(
        name="Honoré Bastide",
        style="Pointillism",
        first=1889,
        last=1908,
        palettes=("meadow", "lagoon"),
        subjects=("river", "hills", "sea", "harbour"),
        habits={"dot": 5.0, "divide": 1.0},
        filed="Impasto_Landscape",
        case="oeuvre_mislabelled",
    ),
)

PAINTERS: tuple[Painter, ...] = (*_read_roster(), *_CASES)
WATCHED: tuple[str, ...] = tuple(painter.name for painter in _CASES)
