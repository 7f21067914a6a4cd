"""Folders that hold no style are known by name; those that may hold one are only doubted."""

import pytest

from core.collection.reading.clutter import is_doubtful, is_system_folder


@pytest.mark.parametrize(
    "name",
    [
        *("#recycle", "$RECYCLE.BIN", "Recycle Bin", "Papierkorb", "Corbeille", "RECYCLER"),
        *(
            "@eaDir",
            "@Recently-Snapshot",
            "~snapshot",
            "#snapshot",
            "_vti_cnf",
            "lost+found",
            "FOUND.000",
        ),
        *("__MACOSX", "resource.frk", "Network Trash Folder", "System Volume Information"),
        *("_vti_cnf", "Thumbs.db", "thumbnails", "Lightroom Previews.lrdata", "iPod Photo Cache"),
        *("_gsdata_", "node_modules", "WindowsImageBackup", ".Trash-1000"),
    ],
)
def test_systems_own_folders_are_known(name: str) -> None:
    assert is_system_folder(name)


@pytest.mark.parametrize(
    "name",
    [
        *("tmp", "Temp", "backup", "Back-up 2", "old", "misc", "Not_sorted", "unsorted", "Unknown"),
        *("New folder (2)", "Neuer Ordner", "Cubism - Copy", "Copy of Cubism", "Cubism (1)"),
        *("previews", "web", "lowres", "Low_Res", "originals", "JPGs", "scans", "Archived"),
    ],
)
def test_names_that_are_seldom_a_styles_are_doubted(name: str) -> None:
    assert is_doubtful(name)
    assert not is_system_folder(name)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Baroque",
            "Ukiyo_e",
            "New_Realism",
            "Neo-Dada",
            "Old Masters",
            "Naïve_Art_(Primitivism)",
        ),
        *("Photorealism", "Webern", "Cachet", "Recycled Art", "Op Art 2", "Outsider_art"),
    ],
)
def test_styles_are_neither(name: str) -> None:
    assert not is_doubtful(name)
    assert not is_system_folder(name)
