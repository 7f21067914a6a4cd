"""What the queue reads of a table when it asks about artists."""

from __future__ import annotations

import pandas as pd

from dashboard.views.reviews.asked import view_task

TABLE = pd.DataFrame(
    {
        "given": ["Baroque", "Baroque"],
        "given_artist": ["Hals", "Leyster"],
        "score": [0.1, 0.2],
        "suggested": ["Rococo", "Rococo"],
        "attribution_doubt": [0.7, 0.1],
        "attribution_share": [0.1, 0.8],
        "attribution_hand_share": [0.8, 0.1],
        # As filters prepare it: Hals and Leyster are nobody's nearest hand.
        "attribution_hand": pd.Categorical(["Rembrandt", "Rembrandt"]),
    }
)


def test_of_artists_the_attribution_stands_in_the_queues_columns() -> None:
    asked = view_task(TABLE, "artist")
    assert asked["given"].tolist() == ["Hals", "Leyster"]
    assert asked["suggested"].tolist() == ["Rembrandt", "Rembrandt"]
    assert asked["predicted"].tolist() == ["Rembrandt", "Leyster"]
    assert asked["score"].tolist() == [0.7, 0.1]


def test_of_the_labels_that_are_checked_nothing_changes() -> None:
    assert view_task(TABLE, "style") is TABLE
