"""What a painting's point says under the pointer."""

from __future__ import annotations

from html import escape

import pandas as pd

from dashboard.words import painting_byline, painting_title, verdict_sentence


def build_hover(table: pd.DataFrame) -> list[str]:
    """One text a row: title, byline, verdict; escaped, since Plotly reads a little HTML."""
    columns = ["title", "artist", "year", "given", "predicted", "confidence"]
    return [
        f"<b>{escape(painting_title(painting))}</b><br>{escape(painting_byline(painting))}"
        f"<br>{escape(verdict_sentence(painting))}"
        for painting in table[columns].to_dict("records")
    ]
