"""Titles and the names of files."""

import re
import unicodedata

import numpy as np

_TIMES = (
    "Morning",
    "Evening",
    "Dusk",
    "Early Light",
    "After Rain",
    "Noon",
    "Late Summer",
    "First Frost",
    "April",
    "October",
    "Low Tide",
    "Grey Day",
    "Mist",
    "Moonrise",
    "Wind",
    "Thaw",
)
_PLACES = (
    "Vernay",
    "Sankt Alban",
    "Porto Lume",
    "Kessel",
    "Orvane",
    "Hallow Bay",
    "Tarn",
    "Brackwater",
    "Monteviso",
    "Les Aulnes",
    "Harrow Down",
    "Castelmar",
    "Ulvsund",
    "Saint-Clair",
    "Altwasser",
    "the Old Mill",
)
_HUES = (
    "Red",
    "Ochre",
    "Violet",
    "Blue",
    "Black",
    "Umber",
    "White",
    "Green",
    "Orange",
    "Grey",
    "Rose",
    "Yellow",
    "Maroon",
    "Indigo",
)
_SITTERS = (
    "a Young Woman",
    "the Notary",
    "Madame R.",
    "a Gardener",
    "the Painter's Sister",
    "a Violinist",
    "an Actor",
    "the Widow",
    "a Student",
    "the Ferryman's Daughter",
    "Doctor L.",
    "a Stranger",
    "the Model at Rest",
    "a Baker",
    "Self, Aged Forty",
    "an Old Friend",
)
_FRUITS = ("Apples", "Quinces", "Plums", "Oranges", "Pears", "Lemons", "Peaches", "Pomegranates")
_VESSELS = (
    "a Jug",
    "a Green Bottle",
    "a White Cloth",
    "a Goblet",
    "Two Bottles",
    "a Pewter Plate",
    "a Clay Pot",
)
_FLOWERS = (
    "Peonies",
    "Asters",
    "Poppies",
    "Anemones",
    "Dahlias",
    "Roses",
    "Marigolds",
    "Wild Flowers",
    "Tulips",
)

_PATTERNS: dict[str, tuple[str, ...]] = {
    "hills": (
        "Hills near {place}",
        "Fields at {place}, {time}",
        "{time} over {place}",
        "The Road to {place}",
    ),
    "river": (
        "The River at {place}",
        "{time} on the River",
        "Backwater near {place}",
        "Reflections, {time}",
    ),
    "mountain": (
        "Mountain above {place}",
        "The Peak, {time}",
        "{time} in the Mountains",
        "View towards {place}",
    ),
    "wood": (
        "The Wood at {place}",
        "Edge of the Forest, {time}",
        "Path near {place}",
        "Under the Trees, {time}",
    ),
    "sea": ("The Sea at {place}", "Waves, {time}", "Off {place}", "{time} on the Coast"),
    "harbour": (
        "Harbour at {place}",
        "Boats at {place}, {time}",
        "{time} in the Harbour",
        "The Quay, {place}",
    ),
    "roofs": ("Roofs of {place}", "{place} from the Hill", "The Town, {time}", "Rooftops, {time}"),
    "street": (
        "Street in {place}",
        "{time} on the Boulevard",
        "The Avenue, {time}",
        "Walkers in {place}",
    ),
    "bridge": (
        "The Bridge at {place}",
        "Old Bridge, {time}",
        "Arches at {place}",
        "{time} by the Bridge",
    ),
    "fruit": (
        "{fruit} and {vessel}",
        "Still Life with {fruit}",
        "Table with {vessel}",
        "{fruit} on a Table",
    ),
    "candle": (
        "The Candle",
        "Still Life with a Candle and {fruit}",
        "Vanity with {vessel}",
        "Books and a Candle, {time}",
    ),
    "bouquet": (
        "{flower} in a Vase",
        "Bouquet of {flower}",
        "{flower}, {time}",
        "{flower} by the Window",
    ),
    "bamboo": ("Bamboo in {time}", "Bamboo, {time}", "Stems and Leaves", "Bamboo at {place}"),
    "plum": ("Plum Blossom, {time}", "Old Plum at {place}", "Plum Branch", "Blossom after Snow"),
    "pine": ("Old Pine, {time}", "Pine at {place}", "Leaning Pine", "Pine before Mountains"),
    "bust": ("Portrait of {sitter}", "Head of {sitter}", "{sitter}", "{sitter}, Seated"),
    "abstract": (
        "Composition in {hue} and {other}",
        "Number {number}",
        "Untitled ({hue}, {other})",
        "{hue} over {other}",
        "Composition no. {number}",
    ),
}
_OUTSIDER = (
    "The Inner Country {number}",
    "Letter I Cannot Read",
    "Moth Hour",
    "What the Wall Said",
    "Garden under the Skin",
    "Map of {place} Asleep",
)


def make_title(rng: np.random.Generator, subject: str, outsider: bool = False) -> str:
    """A title that fits the subject."""
    patterns = _OUTSIDER if outsider else _PATTERNS[subject]
    hue, other = rng.choice(_HUES, 2, replace=False)
    title = str(rng.choice(patterns)).format(
        place=rng.choice(_PLACES),
        time=rng.choice(_TIMES),
        fruit=rng.choice(_FRUITS),
        vessel=rng.choice(_VESSELS),
        flower=rng.choice(_FLOWERS),
        sitter=rng.choice(_SITTERS),
        hue=hue,
        other=other,
        number=int(rng.integers(2, 60)),
    )
    return title[0].upper() + title[1:]


def make_unique(title: str, taken: set[str]) -> str:
    """The title, or 'title no. 2' and so on where the painter has used it; `taken` is added to."""
    candidate, number = title, 2
    while make_slug(candidate) in taken:
        candidate, number = f"{title} no. {number}", number + 1
    taken.add(make_slug(candidate))
    return candidate


def make_slug(text: str) -> str:
    """Lower-case ASCII words joined by hyphens, as WikiArt names its files."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
