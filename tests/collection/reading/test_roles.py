import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.collection.errors import CollectionError
from core.collection.reading.roles import (
    ROLES,
    Known,
    base_name,
    find_columns,
    flag_of,
    is_known_name,
    plain_name,
)

NAMES = st.sampled_from(
    [name for role, each in ROLES.items() for name in (role, *each.names[:3], *each.hints[:2])]
)


def test_all_questions_are_asked_at_once() -> None:
    found = find_columns(["scan", "movement", "period", "maker", "creator"], {}, where="m.csv")
    assert [question.role for question in found.questions] == ["artist", "style", "file"]
    with pytest.raises(
        CollectionError, match=r"artist .*label .*picture; found .*--artist-column.*--label-column"
    ):
        found.require_answers("m.csv")


@given(st.lists(NAMES, min_size=1, max_size=12, unique=True))
def test_what_was_answered_is_not_asked_again(names: list[str]) -> None:
    flags: dict[str, str] = {}
    for question in find_columns(names, {}, where="m.csv").questions:
        answer = shlex.split(question.answers[0]) if question.answers else ["", names[0]]
        assert answer[1] in question.found
        flags[question.role] = answer[1]
    found = find_columns(names, flags, where="m.csv")
    assert not {question.role for question in found.questions} & set(flags)
    assert {role: found.chosen[role] for role in flags} == flags
    assert all(column not in found.others[role] for role, column in found.chosen.items())


@pytest.mark.parametrize(
    "name", ["Object ID", "object_id", "ObjectID", "OBJECT-ID", "objectid", "Object.ID"]
)
def test_names_are_compared_by_their_letters(name: str) -> None:
    assert plain_name(name) == "objectid"
    assert is_known_name(name)


def test_the_numbers_of_doubled_columns_and_lists_are_no_names() -> None:
    assert base_name("style (2nd)") == "style"
    assert plain_name("objectTitle[1]") == "objecttitle"
    assert not is_known_name("remarks")


def test_two_columns_of_one_name_are_a_question_with_a_way_out() -> None:
    found = find_columns(["file", "style (1st)", "style (2nd)"], {}, where="m.csv")
    (question,) = found.questions
    assert question.answers[1] == "--label-column 'style (2nd)'"
    named = find_columns(["file", "style (1st)", "style (2nd)"], {"style": "style (2nd)"}, where="")
    assert named.chosen["style"] == "style (2nd)"


def test_spans_of_years_have_roles_of_their_own() -> None:
    names = ["file", "style", "Object Date", "Object Begin Date", "Object End Date"]
    chosen = find_columns(names, {}, where="m.csv").chosen
    assert (chosen["year"], chosen["year_from"], chosen["year_to"]) == tuple(names[2:])


@pytest.mark.parametrize("end", ["Object End Date", "date_start"])
def test_one_end_of_a_span_alone_is_the_year(end: str) -> None:
    chosen = find_columns(["file", "style", end], {}, where="m.csv").chosen
    assert chosen["year"] == end
    assert not {"year_from", "year_to"} & set(chosen)


def test_years_that_may_be_the_artists_are_offered_only() -> None:
    found = find_columns(["file", "style", "BeginDate", "EndDate"], {}, where="m.csv")
    assert "year" not in found.chosen
    assert found.others["year"] == ("BeginDate", "EndDate")


def test_a_key_is_the_likeliest_column_without_a_question() -> None:
    found = find_columns(["accession_number", "id", "file", "style"], {}, where="m.csv")
    assert found.chosen["key"] == "id"
    assert found.others["key"] == ("accession_number",)
    assert found.questions == ()


def test_a_column_may_be_the_key_and_the_picture() -> None:
    chosen = find_columns(["file", "style"], {"key": "file"}, where="m.csv").chosen
    assert chosen["key"] == chosen["file"] == "file"


def test_flags_precede_a_mapping_and_a_mapping_names() -> None:
    known = Known({"style": "Class", "genre": "kind"}, ["period", "Class"])
    names = ["file", "Class", "kind", "period", "movement"]
    assert find_columns(names, {}, where="", known=known).chosen["style"] == "Class"
    flagged = find_columns(names, {"style": "kind"}, where="", known=known)
    assert flagged.chosen == {"file": "file", "style": "kind"}


def test_what_a_mapping_offers_for_the_label_is_not_taken_for_it() -> None:
    known = Known({"title": "Title"}, ["Period"], {"style": "--join terms.csv --on id"})
    found = find_columns(["file", "Title", "Period"], {}, where="", known=known)
    (question,) = found.questions
    assert question.answers == ("--join terms.csv --on id", "--label-column Period")
    own = find_columns(["file", "Title", "Period", "movement"], {}, where="", known=known)
    assert own.chosen["style"] == "movement"


def test_a_flag_is_ready_for_a_shell() -> None:
    assert flag_of("year_to", "Art's end") == """--year-to-column 'Art'"'"'s end'"""
