"""The tables that queries are built from are those that the migrations make, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, Engine, Table, inspect

from core.reviews import database
from core.reviews.tables import METADATA, VIEWS


@pytest.fixture
def migrated(place: str) -> Iterator[Engine]:
    """An empty database, upgraded to the newest schema."""
    engine = database.connect(place)
    yield engine
    engine.dispose()


def list_differences(engine: Engine) -> list[Any]:
    """Tables, columns, types, nulls, unique and foreign keys and indexes, as alembic compares."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, METADATA))


def test_tables_columns_types_keys_and_indexes_agree_with_the_migrations(
    migrated: Engine,
) -> None:
    assert list_differences(migrated) == []


@pytest.mark.parametrize("table", METADATA.sorted_tables, ids=str)
def test_primary_keys_and_checks_agree_with_the_migrations(migrated: Engine, table: Table) -> None:
    found = inspect(migrated)
    assert found.get_pk_constraint(table.name)["constrained_columns"] == [
        column.name for column in table.primary_key
    ]
    checks = [each for each in table.constraints if isinstance(each, CheckConstraint)]
    said = found.get_check_constraints(table.name)
    assert [each["name"] for each in said] == [check.name for check in checks]
    if migrated.dialect.name == "sqlite":  # PostgreSQL puts them into words of its own
        assert [each["sqltext"] for each in said] == [str(check.sqltext) for check in checks]


def test_views_are_the_migrations_with_their_columns_and_types(migrated: Engine) -> None:
    found = inspect(migrated)
    assert set(found.get_view_names()) == set(VIEWS.tables)
    for view in VIEWS.sorted_tables:
        said = {each["name"]: each["type"] for each in found.get_columns(view.name)}
        assert list(said) == [column.name for column in view.columns]
        for column in view.columns:
            wanted = column.type.dialect_impl(migrated.dialect)
            assert said[column.name].compile(migrated.dialect) == wanted.compile(migrated.dialect)


def test_a_column_that_no_migration_makes_is_found(migrated: Engine) -> None:
    with migrated.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE sign_outs ADD COLUMN extra VARCHAR")
    (difference,) = list_differences(migrated)
    assert difference[0] == "remove_column"
