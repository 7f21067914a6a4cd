"""The whole of WikiArt as the full profile counts it, and machines that it was priced for."""

from __future__ import annotations

from dataclasses import replace

from core.training.config import TrainConfig
from core.training.estimate import Counts, Machine, Need, Rates, estimate_time

WIKIART = Counts(
    paintings=81_444,
    folds=5,
    training=65_155,
    validation=0,
    scored=16_289,
    classes=232,
    views=6,
)
BANDWIDTHS = {"RTX 3090": 936, "T4": 320, "H100 SXM": 3350, "H200": 4800}  # GB/s, data sheets
CPUS = {"RTX 3090": 16, "T4": 4, "H100 SXM": 16}


def estimate_wikiart(config: TrainConfig, rates: Rates, device: str, cpus: int) -> list[Need]:
    """Seconds of each stage on one such device, its memory and disk being large enough."""
    machine = Machine(device, cpus, 1, 10**11, 10**9, 10**10, 10**12)
    return estimate_time(config, WIKIART, rates, machine)


def scale_rates(rates: Rates, ratio: float) -> Rates:
    """The same with ``ratio`` times the speed of everything that a GPU does."""
    names = ("stem", "top", "frozen", "fine_tuning", "scoring")
    return replace(rates, **{name: getattr(rates, name) * ratio for name in names})
