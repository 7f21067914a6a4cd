"""Who may do what."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from core.errors import UserError
from dashboard.access.people import load_people, parse_people

LIST = {
    "reviewers": ["Ada@Museum.org", "*@lab.museum.org"],
    "viewers": ["*@museum.org", "ada@museum.org", "guest@lab.museum.org"],
}


@pytest.mark.parametrize(
    ("email", "role"),
    [
        ("ada@museum.org", "reviewer"),  # on both lists
        ("ADA@MUSEUM.ORG", "reviewer"),
        ("ada@museum.org\n", None),  # the list names an address, not what begins like it
        (" ada@museum.org", None),
        ("evil@evil.example@museum.org", None),
        ("bo@museum.org", "viewer"),
        ("cy@lab.museum.org", "reviewer"),
        ("guest@lab.museum.org", "viewer"),  # the address goes before its house
        ("bo@museum.org.evil.com", None),
        ("bo@notmuseum.org", None),
        ("museum.org", None),
        ("*@museum.org", None),
        ("@museum.org", None),
        ("", None),
        ("\u212aim@lab.museum.org", None),  # the Kelvin sign, whose small letter is a k
    ],
)
def test_roles(email: str, role: str | None) -> None:
    assert parse_people(LIST, "people.toml").role_of(email) == role


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("reviewers = [", "is not valid TOML"),
        ("", "names nobody"),
        ("reviewers = []", "names nobody"),
        ('admins = ["a@b.c"]', "admins.*reviewers or viewers"),
        ('reviewers = "a@b.c"', "is not a list"),
        ("reviewers = [7]", "not an address"),
        ('reviewers = ["a@b.c"]\ntrust_unstated = "yes"', "trust_unstated.*true or false"),
        ('viewers = ["*"]', "not an address"),
        ('viewers = ["a*@b.c"]', "not an address"),
        ('viewers = ["@b.c"]', "not an address"),
        ('viewers = ["a b@c.d"]', "not an address"),
    ],
)
def test_a_list_that_is_none_is_refused(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "people.toml"
    path.write_text(content)
    with pytest.raises(UserError, match=said):
        load_people(path)


def test_a_list_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        load_people(tmp_path / "people.toml")


def test_a_change_holds_at_once(tmp_path: Path) -> None:
    path = tmp_path / "people.toml"
    path.write_text('reviewers = ["a@b.c"]')
    assert load_people(path).role_of("a@b.c") == "reviewer"
    path.write_text('viewers = ["a@b.c"]')
    assert load_people(path).role_of("a@b.c") == "viewer"


def test_a_change_holds_that_shows_in_neither_time_nor_size(tmp_path: Path) -> None:
    path = tmp_path / "people.toml"
    path.write_text('reviewers = ["a@b.c"]')
    before = path.stat()
    assert load_people(path).role_of("a@b.c") == "reviewer"
    path.write_text('reviewers = ["x@b.c"]')
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    assert load_people(path).role_of("a@b.c") is None
