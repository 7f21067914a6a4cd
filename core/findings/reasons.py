"""Sentences that say what was found, in the order a curator wants them."""

from __future__ import annotations

import pandas as pd

from core.words import class_name


def describe_disagreement(predictions: pd.DataFrame) -> pd.Series:
    """One sentence a painting: its label, what the model sees, how sure it is.

    ``predictions`` has the columns given, predicted and confidence of ``schema.PREDICTIONS``.
    """
    return pd.Series(
        [
            _sentence(given, predicted, confidence)
            for given, predicted, confidence in zip(
                predictions["given"],
                predictions["predicted"],
                predictions["confidence"],
                strict=True,
            )
        ],
        index=predictions.index,
        dtype="str",
    )


def _sentence(given: str | float, predicted: str, confidence: float) -> str:
    sure = f"{confidence:.0%}".replace("%", " %")
    if not isinstance(given, str):
        return f"No label; the model sees {class_name(predicted)}, {sure} sure."
    if given == predicted:
        return f"Labelled {class_name(given)}; the model agrees, {sure} sure."
    return f"Labelled {class_name(given)}; the model sees {class_name(predicted)}, {sure} sure."
