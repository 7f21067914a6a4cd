"""How well novelty separates sculptures, and what else is no painting, from paintings around them.

python -m bench.sculptures

``SCULPTURES`` are works of wikiart-mini that stand, hang or lie in a room, picked by eye from the
thumbnails of Minimalism and Pop Art; reliefs, neon signs and shaped canvases were left aside, and
stay among the paintings. Layers are those of the pretrained backbone. As uploads, the sculptures
are held against four fifths of the paintings, and compared with the last fifth; likewise the other
kinds, on which layers and floor were chosen.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from rich.console import Console
from rich.table import Table
from sklearn.metrics import roc_auc_score

from bench.non_paintings import KINDS
from bench.novelty import shrink
from bench.planted_errors import PAINTINGS, fingerprint_collection, fingerprint_pictures
from core.collection.sources.wikiart import open_wikiart
from core.findings.novelty import UNLIKE, NoveltyReference, compute_novelty
from core.findings.oeuvre.other_works import code_artists

TEXTURE: Final = slice(0, 160)  # of the stem's channels among the moments
CONTENT: Final = slice(384, 768)  # and of the next to last block's
RESAMPLES: Final = 1_000
STYLES: Final = ("Minimalism", "Pop_Art")
SCULPTURES: Final = (
    "Minimalism/alberto-carneiro_evoca-es-d-gua-1992.jpg",
    "Minimalism/alberto-carneiro_paisagem-intima-8-2004.jpg",
    "Minimalism/alighiero-boetti_cubo-1968.jpg",
    "Minimalism/anne-truitt_pith-1969.jpg",
    "Minimalism/anne-truitt_twining-court-i-2001.jpg",
    "Minimalism/eva-hesse_repetition-nineteen-i-1967.jpg",
    "Minimalism/eva-hesse_untitled-1968.jpg",
    "Minimalism/felix-gonzalez-torres_untitled-double-portrait-1991.jpg",
    "Minimalism/helio-oiticica_b11-box-b-lide-09-1964.jpg",
    "Minimalism/helio-oiticica_grand-nucleus-1966.jpg",
    "Minimalism/imi-knoebel_room-19-1968.jpg",
    "Minimalism/john-mccracken_untitled-1969.jpg",
    "Minimalism/michelangelo-pistoletto_bookcase-1976.jpg",
    "Minimalism/michelangelo-pistoletto_doormats-1976.jpg",
    "Minimalism/michelangelo-pistoletto_venus-of-the-rags-1967.jpg",
    "Minimalism/richard-artschwager_logus-blue-logus-1967.jpg",
    "Minimalism/richard-serra_fulcrum-1987.jpg",
    "Minimalism/richard-serra_one-ton-prop-house-of-cards-1969.jpg",
    "Minimalism/robert-morris_untitled-mirrored-cubes-1971.jpg",
    "Minimalism/roni-horn_unknown-title.jpg",
    "Minimalism/ruth-vollmer_pentameter-1965.jpg",
    "Minimalism/ruth-vollmer_untitled.jpg",
    "Minimalism/sol-lewitt_wall-floor-piece-1-1976.jpg",
    "Minimalism/tony-smith_smoke.jpg",
    "Minimalism/tony-smith_untitled-1956.jpg",
    "Minimalism/tony-smith_wandering-rocks-1967.jpg",
    "Minimalism/walter-de-maria_cage-ii-1965.jpg",
    "Minimalism/walter-de-maria_high-energy-bar-and-certificate-1966.jpg",
    "Pop_Art/billy-apple_entertaiment-1991.jpg",
    "Pop_Art/claes-oldenburg_lipstick-ascending-on-caterpillar-tracks-1969.jpg",
    "Pop_Art/claes-oldenburg_soft-bathtub-model-ghost-version-1966.jpg",
    "Pop_Art/claes-oldenburg_spring-collaboration-with-van-bruggen-2006.jpg",
    "Pop_Art/claes-oldenburg_the-bottle-of-notes-1993.jpg",
    "Pop_Art/claes-oldenburg_two-cheeseburgers-with-everything-dual-hamburgers-1962.jpg",
    "Pop_Art/eduardo-paolozzi_cyclops-1958.jpg",
    "Pop_Art/george-segal_chance-meeting-1989.jpg",
    "Pop_Art/george-segal_classical-still-life-1990.jpg",
    "Pop_Art/george-segal_lovers-in-the-bed-ii-1970.jpg",
    "Pop_Art/howard-finster_coca-cola-airplane-1995.jpg",
    "Pop_Art/joe-goode_milk-bottle-sculpture-15-2009.jpg",
    "Pop_Art/marko-pogacnik_pop-object-1.jpg",
    "Pop_Art/richard-artschwager_chair-chair-1987.jpg",
    "Pop_Art/richard-artschwager_pianofart-2008.jpg",
    "Pop_Art/robert-indiana_hope-red-blue-2009.jpg",
)


def main() -> None:
    collection = open_wikiart(PAINTINGS)
    paintings = collection.paintings
    moments = np.load(fingerprint_collection(collection))["moments"]
    layers = take_layers(moments)
    artists = code_artists(paintings["artist"])
    is_sculpture = paintings["key"].isin(SCULPTURES).to_numpy()
    in_styles = paintings["given_style"].isin(STYLES).to_numpy()
    table = Table("pictures", "AUROC", "95 %", "called unlike", "paintings called unlike")
    own = compute_novelty(layers, artists, np.arange(len(paintings)))
    add_row(table, "in the collection", own[is_sculpture], own[~is_sculpture])
    add_row(table, "beside their two styles", own[is_sculpture], own[~is_sculpture & in_styles])
    for name, others in (("uploads", ~is_sculpture), ("uploads, two styles absent", ~in_styles)):
        rows = np.flatnonzero(others)
        held_out = np.random.default_rng(0).random(len(rows)) < 0.2
        known, asked = rows[~held_out], rows[held_out]
        reference = NoveltyReference([each[known] for each in layers], artists[known])
        novel, usual = (
            reference.measure([each[some] for each in layers]) for some in (is_sculpture, asked)
        )
        add_row(table, name, novel, usual)
    for kind, make in KINDS.items():
        pictures = (shrink(image) for image in make(np.random.default_rng(0)))
        strange = take_layers(fingerprint_pictures(pictures)["moments"])
        add_row(table, f"{kind}, likewise", reference.measure(strange), usual)
    table.title = f"{is_sculpture.sum()} sculptures among {len(paintings):,} pictures"
    Console(width=100).print(table)


def take_layers(moments: np.ndarray) -> list[np.ndarray]:
    """Texture and content among the moments of all blocks, as a run keeps them."""
    return [moments[:, TEXTURE], moments[:, CONTENT]]


def add_row(table: Table, name: str, novel: np.ndarray, usual: np.ndarray) -> None:
    """AUROC of ``novel`` against ``usual`` scores, and the share of each that is called unlike."""
    truth = np.repeat([1, 0], [len(novel), len(usual)])
    area = roc_auc_score(truth, np.concatenate([novel, usual]))
    rng = np.random.default_rng(0)
    drawn = [[rng.choice(each, len(each)) for each in (novel, usual)] for _ in range(RESAMPLES)]
    areas = [roc_auc_score(truth, np.concatenate(each)) for each in drawn]
    low, high = np.quantile(areas, [0.025, 0.975])
    called = [f"{(scores >= UNLIKE).mean():.1%}" for scores in (novel, usual)]
    table.add_row(name, f"{area:.3f}", f"{low:.3f}-{high:.3f}", *called)


if __name__ == "__main__":
    main()
