"""Training curves by fold."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from dashboard.figures.frame import LEGEND_ABOVE, build_frame
from dashboard.figures.palette import ACCENT, NEUTRAL, assign_glyphs

HEIGHT = 340
MEASURES = {
    "train_loss": "Training loss",
    "validation_loss": "Validation loss",
    "validation_accuracy": "Validation accuracy on {style}",
}
PUBLISHED_FOLD = -1


def build_training(history: pd.DataFrame, measure: str) -> go.Figure:
    """One line per fold over the epochs of all phases; ``measure`` is a key of ``MEASURES``."""
    figure = build_frame(
        HEIGHT,
        x={"title": "Epoch", "dtick": 1 if len(history) < 60 else None},
        y={"tickformat": ".0%" if measure == "validation_accuracy" else None},
        legend=LEGEND_ABOVE,
    )
    folds = sorted(history["fold"].unique(), key=lambda fold: (fold == PUBLISHED_FOLD, fold))
    glyphs = assign_glyphs(tuple(str(fold) for fold in folds))
    for fold in folds:
        lines = history[history["fold"] == fold].reset_index(drop=True)
        if lines[measure].isna().all():
            continue
        published = fold == PUBLISHED_FOLD
        figure.add_scatter(
            x=lines.index + 1,
            y=lines[measure],
            mode="lines+markers",
            name="Published model" if published else f"Fold {fold + 1}",
            customdata=lines["phase"],
            hovertemplate="Epoch %{x}, %{customdata}: %{y:.3f}<extra>%{fullData.name}</extra>",
            line={"color": ACCENT if published else glyphs[str(fold)].colour, "width": 2},
        )
    _mark_phases(figure, history)
    return figure


def _mark_phases(figure: go.Figure, history: pd.DataFrame) -> None:
    longest = history[history["fold"] == history["fold"].mode().iloc[0]].reset_index(drop=True)
    changes = longest.index[longest["phase"] != longest["phase"].shift()][1:]
    for place in changes:
        figure.add_vline(x=place + 0.5, line={"color": NEUTRAL, "width": 1, "dash": "dot"})
