"""Every command line says what it does, and refuses what it does not know in the same way."""

from __future__ import annotations

import pytest

from tests.programs import PROGRAMS, call


@pytest.mark.slow
@pytest.mark.parametrize("program", PROGRAMS)
def test_help_keeps_its_examples_a_line_each(program: str) -> None:
    told = call(program, "--help")
    assert told.returncode == 0
    examples = [line for line in told.stdout.splitlines() if line.startswith("python")]
    assert examples
    assert all(line.count("python") == 1 for line in examples)


@pytest.mark.slow
@pytest.mark.parametrize("program", PROGRAMS)
def test_an_unknown_flag_is_named(program: str) -> None:
    refused = call(program, "somewhere", "elsewhere", "--no-such-flag")
    assert refused.returncode == 2
    assert "--no-such-flag" in refused.stderr
