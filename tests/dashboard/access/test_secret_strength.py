"""Secrets that somebody could guess."""

from __future__ import annotations

import secrets

import pytest

from dashboard.access.secret_strength import find_weakness


@pytest.mark.parametrize(
    "secret",
    [
        *(
            "",
            "short",
            "a" * 64,
            "ab" * 32,
            "0123456789abcdef" * 3,
            "abcdefghijklmnopqrstuvwxyz012345",
        ),
        *(
            "changeme" * 8,
            "CHANGE_ME-e5f1c0a9b7d3428f6a1e0c9d8b7a",
            "deadbeef" * 8,
            "9876543210" * 5,
        ),
        *("secretsecretsecretsecretsecretsecret", "my-cookie-Zk3vQ9xW7pLr2TnB8yHc5MdF1gJs6Ae0"),
        *("password123password123password123", "qwertyuiopasdfghjklzxcvbnmqwertyui"),
        *("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", "correcthorsebatterystaplecorrecthorse"),
        "ada ada ada ada ada ada ada ada bo",
    ],
)
def test_weak_ones_are_found(secret: str) -> None:
    assert find_weakness(secret)


def test_random_ones_are_not() -> None:
    made = [secrets.token_hex(32) for _ in range(500)]
    made += [secrets.token_urlsafe(32) for _ in range(500)]
    assert [each for each in made if find_weakness(each) == "too regular"] == []
