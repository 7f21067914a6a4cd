"""The map says which network laid it out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.artifacts import open_run
from tests.dashboard.pages import open_page, text_of


@pytest.mark.usefixtures("root")
def test_a_map_is_by_the_published_model() -> None:
    text = text_of(open_page("map"))
    assert "placed by what the model sees in it" in text
    assert "as it was pretrained" not in text


def test_a_map_of_another_network_names_it(root: Path) -> None:
    file = root / "synthetic-1" / "manifest.json"
    content = json.loads(file.read_text())
    content["config"]["map_features"] = "<b>lite1"
    file.write_text(json.dumps(content))
    text = text_of(open_page("map"))
    assert "placed by what <b>&lt;b&gt;lite1</b> sees in it: another network" in text
    assert "placed by what the model sees in it" not in text
    key = str(open_run(root / "synthetic-1").paintings.at[3, "key"])
    painting = text_of(open_page("painting", painting=key))
    assert "By &lt;b&gt;lite1, another network as it was pretrained, most similar" in painting
    assert "among all paintings of the collection, by &lt;b&gt;lite1." in painting
    assert "By the published model, most similar first" not in painting
    answer = text_of(open_page("classify", subject=key))
    assert "Similar to the published model, that is; the map is by &lt;b&gt;lite1." in answer
