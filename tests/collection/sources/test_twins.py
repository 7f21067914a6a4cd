"""A file name in several folders is one painting of several styles, where that is asked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from core.collection.sources.wikiart import open_wikiart
from core.tasks import FURTHER

Paint = Callable[..., Path]
Write = Callable[..., Path]

NAMES = (
    "Baroque/frans-hals_verdonck-1627.jpg",
    "Baroque/jan-steen_the-feast.jpg",
    "Rococo/frans-hals_verdonck-1627.jpg",
    "Rococo/jan-steen_feast.jpg",
    "Rococo/untitled.jpg",
    "Baroque/untitled.jpg",
)


def test_twins_are_merged_by_choice(paint: Paint) -> None:
    root = paint(NAMES)
    assert FURTHER not in open_wikiart(root).paintings
    merged = open_wikiart(root, merge=True)
    table = merged.paintings.set_index("key")
    assert len(table) == 5  # names without an artist say nothing
    assert table.loc[NAMES[0], "given_style"] == "Baroque"
    assert table.loc[NAMES[0], FURTHER] == ("Rococo",)
    assert table[FURTHER].notna().sum() == 1
    (note,) = (note for note in merged.notes if note.startswith("--merge-twins"))
    assert "1 file left out" in note
    assert "1 work so has several styles" in note
    left = [each for each in merged.account.entries if each.fate == "left out"]
    assert any(NAMES[2] in each.names for each in left)


def test_twins_that_the_label_files_agree_on_have_one_style(
    paint: Paint, write_labels: Write
) -> None:
    rows = [f"{NAMES[0]},0", f"{NAMES[2]},0"]
    labels = write_labels(style_class=["0 Baroque", "1 Rococo"], style_train=rows)
    table = open_wikiart(paint(NAMES), labels, merge=True).paintings.set_index("key")
    assert table.loc[NAMES[0], FURTHER] is None


def test_kaggles_lists_give_several_styles(paint: Paint) -> None:
    root = paint(NAMES)
    (root / "classes.csv").write_text(
        "filename,artist,genre\n"
        f"{NAMES[0]},Frans Hals,\"['Rococo', 'Baroque', 'Rococo']\"\n"
        f"{NAMES[1]},Jan Steen,['Baroque']\n"
    )
    table = open_wikiart(root).paintings.set_index("key")
    assert table.loc[[NAMES[0]], ["given_style", FURTHER]].to_numpy().tolist()[0] == [
        "Rococo",
        ("Baroque",),
    ]
    assert table[FURTHER].notna().sum() == 1
