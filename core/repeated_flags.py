"""A flag that is given twice: the values of a list go together, and no single value is dropped."""

from __future__ import annotations

import types
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import tyro

from core.errors import UserError

Kind = Literal["one", "list", "repeated"]


def gather_repeated(options: type[Any], given: Sequence[str]) -> list[str]:
    """``given`` with all values of each list behind one flag, at the end.

    ``options``: the dataclass that a command line is built from. Of ``--watch A --watch B`` the
    parser would keep the last; it becomes ``--watch A B``. Flags that are there to be repeated
    stay. Raises ``UserError`` for a second, other value of a flag that takes one.
    """
    kinds = dict(_list_kinds(options))
    lists: dict[str, list[str]] = {}
    single: dict[str, str] = {}
    kept: list[str] = []
    rest = list(given)
    while rest:
        word = rest.pop(0)
        name, has_value, value = word.partition("=")
        flag = name.replace("_", "-")
        if kinds.get(flag) == "list":
            lists.setdefault(flag, []).extend([value] if has_value else _take_values(rest))
            continue
        kept.append(word)
        if kinds.get(flag) == "one":
            value = value if has_value else next(iter(rest), "")
            if single.setdefault(flag, value) != value:  # neither is shown: one may be a password
                raise UserError(f"{flag} is given twice", remedy="Leave one of the two out.")
    return kept + [word for flag, values in lists.items() for word in (flag, *values)]


def _take_values(rest: list[str]) -> list[str]:
    values = []
    while rest and not rest[0].startswith("-"):
        values.append(rest.pop(0))
    return values


def _list_kinds(options: type[Any]) -> Iterator[tuple[str, Kind]]:
    """Each flag that takes a value, and how."""
    hints = get_type_hints(options, include_extras=True)
    for field in fields(options):
        hint, marks = _unwrap(hints[field.name])
        parts = [part for each in _list_choices(hint) for part in [_unwrap(each)[0]]]
        nested = [part for part in parts if is_dataclass(part) and isinstance(part, type)]
        for part in nested:
            yield from _list_kinds(part)
        if not nested and hint is not bool:
            flag = f"--{field.name.replace('_', '-')}"
            if tyro.conf.UseAppendAction in marks:
                yield flag, "repeated"
            else:
                yield flag, "list" if get_origin(hint) is tuple else "one"


def _unwrap(hint: Any) -> tuple[Any, tuple[Any, ...]]:
    """A type without what is annotated, and that."""
    if get_origin(hint) is not Annotated:
        return hint, ()
    inner, *marks = get_args(hint)
    return inner, tuple(marks)


def _list_choices(hint: Any) -> tuple[Any, ...]:
    return get_args(hint) if get_origin(hint) in (types.UnionType, Union) else (hint,)
