"""What the documents name exists: paths, names in files, modules, make targets, flags."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.programs import PROGRAMS, ROOT, call

DOCUMENTS = [ROOT / f"{name}.md" for name in ("README", "ARCHITECTURE", "CONTRIBUTING")]
DOCUMENTS += sorted((ROOT / "docs").glob("*.md"))
TEXTS = {path.name: path.read_text() for path in DOCUMENTS}
RECIPES = re.findall(r"^## (A .+)$", TEXTS["CONTRIBUTING.md"], re.MULTILINE)
MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = set(re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.MULTILINE))
VARIABLES = set(re.findall(r"^([A-Z_]+) *[?:]?=", MAKEFILE, re.MULTILINE))
FLAG = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
TOPS = {"core", "dashboard", "tests", "bench", "docs", ".ci"}


def code_of(text: str) -> list[str]:
    """Lines of code blocks (a backslash goes on with the next) and spans of code."""
    joined = re.sub(r"\\\n\s*", "", text)
    blocks = [line.strip() for line in joined.splitlines() if line.startswith("    ")]
    spans = [" ".join(span.split()) for span in re.findall(r"`([^`]+)`", joined)]
    return [line.partition("  #")[0] for line in blocks] + spans


def read_help(*words: str) -> str:
    """What ``--help`` of a program says, or of its subcommand."""
    result = call(*words, "--help")
    assert "Traceback" not in result.stderr, result.stderr
    return result.stdout + result.stderr


def flags_of(name: str, words: list[str]) -> set[str]:
    """Flags that the program ``name`` has in a command line that goes on with ``words``."""
    told = read_help(name)
    flags = set(FLAG.findall(told))
    for subcommand in {
        part for found in re.findall(r"\{([\w,-]+)\}", told) for part in found.split(",")
    }:
        if subcommand in words:
            flags |= set(FLAG.findall(read_help(name, subcommand)))
    return flags | {"--version"}


def programs_in(line: str) -> list[tuple[str, list[str]]]:
    """Programs of ours that ``line`` starts, each with the words after it."""
    words = re.split(r"[\s|&]+", line)
    found = [
        (word, words[place + 1 :])
        for place, word in enumerate(words)
        if word in PROGRAMS and (word == "train.py" or words[place - 1] == "-m")
    ]
    if words[:2] == ["make", "train"]:
        found.append(("train.py", re.sub(r"[\"']", " ", " ".join(words)).split()))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", TEXTS)
def test_every_flag_of_a_command_line_is_one_of_its_program(name: str) -> None:
    wrong = [
        f"{line}: {flag}"
        for line in code_of(TEXTS[name])
        for program, words in programs_in(line)
        for flag in FLAG.findall(" ".join(words))
        if flag not in flags_of(program, words)
    ]
    assert wrong == []


@pytest.mark.slow
@pytest.mark.parametrize("name", TEXTS)
def test_every_flag_in_the_text_is_one_of_ours(name: str) -> None:
    known = {flag for program in PROGRAMS for flag in flags_of(program, [])}
    spans = [span for span in code_of(TEXTS[name]) if span.startswith("--")]
    assert [span for span in spans for flag in FLAG.findall(span) if flag not in known] == []


@pytest.mark.parametrize("name", TEXTS)
def test_every_module_that_is_started_exists(name: str) -> None:
    modules = {m for line in code_of(TEXTS[name]) for m in re.findall(r"python -m ([\w.]+)", line)}
    missing = [
        module
        for module in modules
        if module.split(".")[0] in TOPS
        and not (ROOT / f"{module.replace('.', '/')}.py").is_file()
        and not (ROOT / module.replace(".", "/") / "__main__.py").is_file()
    ]
    assert missing == []


@pytest.mark.parametrize("name", TEXTS)
def test_every_make_target_and_variable_exists(name: str) -> None:
    lines = [line for line in code_of(TEXTS[name]) if line.startswith("make")]
    targets = {target for line in lines for target in re.findall(r"^make ([a-z-]+)", line)}
    variables = {v for line in lines for v in re.findall(r"\b([A-Z_]{2,})=", line)}
    assert targets <= TARGETS
    assert variables <= VARIABLES


@pytest.mark.parametrize("name", TEXTS)
def test_every_path_exists(name: str) -> None:
    paths = {
        span
        for span in re.findall(r"`([\w./<>-]+)`", TEXTS[name])
        if "/" in span.rstrip("/") and span.split("/")[0] in TOPS
    }
    missing = [path for path in paths if not find(path)]
    assert missing == []


def test_every_test_that_holds_an_input_exists() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TEXTS["inputs.md"])
    rows = [line for line in TEXTS["inputs.md"].splitlines() if line.startswith("| ")]
    assert len(named) > 0.9 * len(rows)
    tests = {file: (ROOT / file).read_text() for file, _ in named}
    assert [test for file, test in named if f"\ndef {test}(" not in tests[file]] == []


@pytest.mark.parametrize("name", TEXTS)
def test_every_link_leads_somewhere(name: str) -> None:
    folder = next(path.parent for path in DOCUMENTS if path.name == name)
    links = re.findall(r"\]\(([^)#:]+)\)", TEXTS[name])
    assert [link for link in links if not (folder / link).exists()] == []


@pytest.mark.parametrize("name", TEXTS)
def test_every_variable_of_the_environment_is_read_somewhere(name: str) -> None:
    asked = set(re.findall(r"ARTEXTRACT_[A-Z_]+", TEXTS[name]))
    ours, tests = read_code("core", "dashboard"), read_code("tests")
    readers = {each: tests if each.startswith("ARTEXTRACT_TEST_") else ours for each in asked}
    assert {each for each, code in readers.items() if f'"{each}"' not in code} == set()


def read_code(*tops: str) -> str:
    return "\n".join(path.read_text() for top in tops for path in ROOT.glob(f"{top}/**/*.py"))


def test_the_glossary_explains_each_word_once() -> None:
    terms = re.findall(
        r"^\| ([^|]+) \|", TEXTS["glossary.md"].split("## Addresses")[0], re.MULTILINE
    )
    words = [word for term in terms if term != "term" for word in term.split(", ")]
    assert sorted(words) == sorted(set(words))


def test_there_is_a_recipe_for_each_kind_of_change() -> None:
    assert RECIPES == [
        "A score",
        "A page",
        "A route",
        "A collection source",
        "A database change",
        "A benchmark",
    ]


@pytest.mark.parametrize("recipe", RECIPES)
def test_every_name_of_a_step_stands_in_a_file_that_the_step_names(recipe: str) -> None:
    text = TEXTS["CONTRIBUTING.md"].split(f"## {recipe}\n")[1].split("\n## ")[0]
    steps = [" ".join(step.split()) for step in re.split(r"^\d\. ", text, flags=re.MULTILINE)[1:]]
    assert len(steps) >= 4
    missing = []
    for step in steps:
        files = [
            file for span in re.findall(r"`([\w./<>-]+/[\w./<>-]+)`", step) for file in find(span)
        ]
        code = "\n".join(file.read_text() for file in files if file.is_file())
        names = re.findall(r"`([A-Za-z_]\w+)(?:\(\w+\))?`", step) if code else []
        missing += [f"{name}: {step}" for name in names if not re.search(rf"\b{name}\b", code)]
    assert missing == []


def find(path: str) -> list[Path]:
    """What ``path`` names: itself, or all that has the form of one with <placeholders>."""
    return list(ROOT.glob(re.sub(r"<\w+>", "*", path).rstrip("/")))


def test_what_holds_each_sentence_of_the_screens_exists() -> None:
    rows = [line for line in TEXTS["truth.md"].splitlines() if line.startswith("| ")][2:]
    assert len(rows) > 20
    for row in rows:
        path, name = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)` \|$", row)[0]
        assert f"def {name}(" in (ROOT / path).read_text(), row
