"""Logs of verdicts on both databases."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text

from core.reviews import Entry, ReviewLog, open_log
from core.reviews.urls import parse_url

POSTGRES = "ARTEXTRACT_TEST_POSTGRES"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Where an empty database may be made, on each of the two kinds."""
    if request.param == "sqlite":
        yield str(tmp_path / "reviews.sqlite")
        return
    server = os.environ.get(POSTGRES)
    if not server:
        pytest.skip(f"no PostgreSQL server: .ci/run starts one and names it in {POSTGRES}")
    name = f"test_{uuid4().hex}"
    admin = create_engine(parse_url(server), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield parse_url(server).set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def log(place: str) -> Iterator[ReviewLog]:
    opened = open_log(place)
    yield opened
    opened.close()


@pytest.fixture
def lone_log(tmp_path: Path) -> Iterator[ReviewLog]:
    """On SQLite only, for what does not depend on the database."""
    opened = open_log(tmp_path / "lone.sqlite")
    yield opened
    opened.close()


def say(
    key: str = "Cubism/a.jpg", verdict: str = "right", reviewer: str = "Ada", **more: Any
) -> Entry:
    """A verdict on a painting labelled Cubism."""
    values = {"content_hash": "c0ffee", "task": "style", "given": "Cubism"}
    values |= {"run_id": "run-1", "model_hash": "feed"}
    return Entry(key=key, verdict=verdict, reviewer=reviewer, **(values | more))
