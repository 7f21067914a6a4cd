"""What training fetches by itself: what no fetch has asked for yet."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.collection.errors import CollectionError
from core.collection.open import SourceOptions
from core.fetch.__main__ import main
from core.fetch.collection import describe_unfetched, open_fetched
from tests.fetch.loopback import Loopback
from tests.fetch.test_main import write_table

pytestmark = pytest.mark.server


def count_fetched(server: Loopback) -> int:
    return sum(n for path, n in server.seen.paths.items() if not path.startswith("HEAD"))


def test_training_fetches_into_the_folder_of_images_once(
    server: Loopback, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = write_table(server, tmp_path / "m.csv")
    options = SourceOptions(str(table), images=tmp_path / "pictures")
    assert "8 pictures at 1 host" in describe_unfetched(options)
    assert count_fetched(server) == 0
    assert len(open_fetched(options)) == 7
    assert "To fetch into" in capsys.readouterr().err
    assert len(open_fetched(options)) == 7
    assert describe_unfetched(options) == ""
    assert count_fetched(server) == 8


def test_what_a_fetch_left_out_stays_left_out(server: Loopback, tmp_path: Path) -> None:
    table, folder = write_table(server, tmp_path / "m.csv", 12), tmp_path / "pictures"
    main([str(table), "--to", str(folder), "--only", "rights=CC0"])
    before = count_fetched(server)
    collection = open_fetched(SourceOptions(str(table), images=folder))
    assert set(collection.paintings["rights"]) == {"CC0"}
    assert any("rights is not CC0" in note for note in collection.notes)
    assert count_fetched(server) == before


def test_without_a_folder_nothing_is_fetched_and_the_command_is_named(
    server: Loopback, tmp_path: Path
) -> None:
    table = write_table(server, tmp_path / "my table.csv")
    with pytest.raises(CollectionError) as raised:
        open_fetched(SourceOptions(str(table)))
    assert f"python -m core.fetch '{table}' --to 'my table-pictures'" in str(raised.value)
    assert describe_unfetched(SourceOptions(str(table))) == ""
    assert count_fetched(server) == 0


def test_collections_on_disk_open_as_before(tmp_path: Path) -> None:
    options = SourceOptions("demo", demo_root=tmp_path / "demo", demo_works=30)
    assert describe_unfetched(options) == ""
    assert len(open_fetched(options)) == 30
