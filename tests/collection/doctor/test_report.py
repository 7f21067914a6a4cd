from pathlib import Path

import pytest

from core.collection.doctor.examine import examine
from core.collection.doctor.report import describe_examination
from core.collection.open import SourceOptions


@pytest.fixture
def told(tmp_path: Path) -> str:
    file = tmp_path / "m.csv"
    file.write_text("id,movement,period,ImageURL\n7,Cubism,Edo,https://m.org/7.jpg\n8,,,\n")
    return describe_examination(examine(SourceOptions(str(file))))


def test_every_role_has_a_line(told: str) -> None:
    lines = {line[2:16].strip(): line[16:].split() for line in told.splitlines()}
    assert lines["key"][:5] == ["id", "100", "%", "7", "·"]
    assert lines["web address"][:3] == ["ImageURL", "50", "%"]
    assert lines["artist"] == ["none"]
    assert "period" in lines["label"]


def test_questions_state_their_flags_and_the_rest_waits(told: str) -> None:
    assert "1. m.csv has 2 columns that may hold the label." in told
    assert "--label-column period" in told
    assert "Before training\n  The pictures of m.csv are web addresses" in told
    assert "2 rows left out, waiting for an answer: line 2, line 3" in told
    assert "4 columns" in told


def test_a_cell_of_any_length_and_form_takes_one_line(tmp_path: Path) -> None:
    file = tmp_path / "m.csv"
    file.write_text(f'file,style\na.jpg,"{"x" * 500}\n\x1b[31m"\nb.jpg,y\n')
    told = describe_examination(examine(SourceOptions(str(file))))
    assert "\x1b" not in told
    assert max(len(line) for line in told.splitlines() if line.startswith("  label")) < 160
