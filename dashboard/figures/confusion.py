"""Which classes the model confuses."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.frame import build_frame
from dashboard.words import class_name

READABLE_CELLS = 14  # classes up to which a cell has room for its figure
SMALLEST_WRITTEN = 0.02
TARGET_SIZE = 26  # pixels of a cell that answer a click
LIGHT, INK = "#ffffff", "#1d1b18"
DARK_CELL = 0.45  # share from which on a cell is too dark for the page's own text
SCALE = [[0.0, "rgba(194, 85, 61, 0.03)"], [0.25, "rgba(194, 85, 61, 0.5)"], [1.0, "#a83a22"]]


def compute_confusion(
    predictions: pd.DataFrame, classes: tuple[str, ...], further: pd.Series | None = None
) -> np.ndarray:
    """(K, K) int: paintings of given class i that the model called j.

    ``predictions`` has ``given`` and ``predicted``; rows without a given label are left out.
    ``further``: the other labels of works of several, by the same index. Such a work counts under
    the label that it is seen as; seen as none of them, under each.
    """
    if further is not None:
        others = further.reindex(predictions.index).dropna().explode().rename("given")
        seen = predictions[["predicted"]].join(others, how="right")
        fronts = predictions.loc[others.index.unique()]
        agreed = fronts.index[fronts["given"] == fronts["predicted"]]
        seen = seen[~seen.index.isin(agreed)]
        predictions = pd.concat([predictions[["given", "predicted"]], seen])
    pairs = predictions.groupby(["given", "predicted"], observed=True).size()
    names = list(classes)
    square = pairs.unstack().reindex(index=names, columns=names)
    counts: np.ndarray = square.fillna(0).to_numpy(dtype=int)
    return counts


def build_confusion(counts: np.ndarray, classes: tuple[str, ...], dark: bool = False) -> go.Figure:
    """Heat map of ``counts`` (K, K), each row a share of its given class; hover gives counts.

    ``dark``: the page is.

    Over each cell that holds paintings lies an invisible marker that takes the click; its
    ``customdata`` is given class, predicted class, paintings, paintings of the given class.
    """
    totals = counts.sum(axis=1, keepdims=True)
    shares = np.divide(counts, totals, out=np.zeros(counts.shape), where=totals > 0)
    names = [class_name(name) for name in classes]
    figure = build_frame(
        max(360, 25 * len(classes) + 150),
        x={"title": "The model sees", "tickangle": -45, "showgrid": False},
        y={"title": "Labelled", "autorange": "reversed", "showgrid": False},
    )
    figure.add_heatmap(
        z=shares,
        x=names,
        y=names,
        hoverinfo="skip",
        colorscale=SCALE,
        zmin=0,
        zmax=1,
        xgap=1,
        ygap=1,
        colorbar={"tickformat": ".0%", "thickness": 10, "outlinewidth": 0, "len": 0.6},
    )
    if len(classes) <= READABLE_CELLS:
        _write_shares(figure, shares, names, LIGHT if dark else INK)
    _lay_targets(figure, counts, classes)
    return figure


def _write_shares(figure: go.Figure, shares: np.ndarray, names: list[str], ink: str) -> None:
    """Figures in the cells: a heat map's own have one colour, whatever they stand on."""
    rows, columns = np.nonzero(shares >= SMALLEST_WRITTEN)
    values = shares[rows, columns]
    figure.add_scatter(
        x=[names[column] for column in columns],
        y=[names[row] for row in rows],
        text=[f"{value:.0%}" for value in values],
        mode="text",
        textfont={"size": 11, "color": [LIGHT if v >= DARK_CELL else ink for v in values]},
        hoverinfo="skip",
        showlegend=False,
    )


def _lay_targets(figure: go.Figure, counts: np.ndarray, classes: tuple[str, ...]) -> None:
    rows, columns = np.nonzero(counts)
    invisible = {"marker": {"opacity": 0}}
    figure.add_scatter(
        x=[class_name(classes[column]) for column in columns],
        y=[class_name(classes[row]) for row in rows],
        customdata=[
            (classes[row], classes[column], int(counts[row, column]), int(counts[row].sum()))
            for row, column in zip(rows, columns, strict=True)
        ],
        mode="markers",
        marker={"symbol": "square", "size": TARGET_SIZE, "opacity": 0},
        selected=invisible,
        unselected=invisible,
        hovertemplate=(
            "Labelled <b>%{y}</b>, seen as <b>%{x}</b><br>"
            "%{customdata[2]:,} of %{customdata[3]:,} paintings<extra></extra>"
        ),
        showlegend=False,
    )


def list_confusions(
    counts: np.ndarray, classes: tuple[str, ...], top: int = 5
) -> list[tuple[str, str, int, float]]:
    """The most common mistakes: given, predicted, paintings, share of the given class."""
    wrong = counts.copy()
    np.fill_diagonal(wrong, 0)
    totals = np.maximum(counts.sum(axis=1), 1)
    order = np.argsort(-wrong, axis=None, kind="stable")[:top]
    pairs = (divmod(int(place), len(classes)) for place in order)
    return [
        (classes[i], classes[j], int(wrong[i, j]), float(wrong[i, j] / totals[i]))
        for i, j in pairs
        if wrong[i, j]
    ]
