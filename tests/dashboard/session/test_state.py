"""What a link says."""

from urllib.parse import parse_qs, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from dashboard.selection.facets import FACETS
from dashboard.selection.outlines import MAX_DRAWN
from dashboard.selection.state import (
    LAST_PAGE,
    LONGEST,
    MOST_VALUES,
    State,
    decode,
    encode,
    find_unknown,
    find_unread,
)

OUTLINES = "0,0;1,0;1,0.4|2,2;3,2;3,3"
TEXT = st.text(min_size=1, max_size=20)
NAMES = st.lists(TEXT, min_size=1, max_size=3, unique=True).map(tuple)
LINES = st.none() | st.floats(0, 50)


@given(
    st.builds(
        State,
        run=TEXT,
        filters=st.dictionaries(st.sampled_from(list(FACETS)), NAMES),
        loss=LINES,
        confidence=LINES,
        order=TEXT,
        gallery_page=st.integers(1, 5000),
        area=st.sampled_from(["", OUTLINES]),
        hidden=st.just(()) | NAMES,
        painting=TEXT,
    )
)
def test_a_state_survives_its_address(state: State) -> None:
    query = urlencode(encode(state), doseq=True)
    assert decode(parse_qs(query, keep_blank_values=True)) == state


def test_defaults_stay_out_of_the_address() -> None:
    assert encode(State()) == {}
    state = State(run="r", filters={"given": ("Cubism",), "artist": ()})
    assert encode(state) == {"run": ["r"], "given": ["Cubism"]}


def test_no_filter_takes_the_name_of_anything_else_in_a_link() -> None:
    assert not set(FACETS) & set(State.__dataclass_fields__)


def test_nonsense_in_an_address_is_left_out() -> None:
    params = {"loss": ["high"], "confidence": ["inf"], "gallery_page": ["-4"], "utm_source": ["x"]}
    assert decode(params) == State(gallery_page=1)
    assert find_unread(params) == ["loss", "confidence"]
    assert find_unknown([*params, "sheet", "given", "styel", "filters"]) == ["styel", "filters"]


@pytest.mark.parametrize(
    ("saved", "state"),
    [
        ("sheet=3&given=Cubism", State(gallery_page=3, filters={"given": ("Cubism",)})),
        ("desk=verdicts&verdicts=wrong", State(section="verdicts", verdicts=("wrong",))),
        ("sheet=3&gallery_page=2", State(gallery_page=2)),
        (
            "medium=drawing&medium=print",
            State(filters={"medium": ("strokes on paper", "black and white")}),
        ),
    ],
)
def test_an_address_saved_under_an_old_name_means_the_same(saved: str, state: State) -> None:
    assert decode(parse_qs(saved)) == state
    assert not {"sheet", "desk"} & set(encode(state))


def test_a_repeated_value_counts_once() -> None:
    assert decode({"given": ["Cubism", "Cubism"]}).filters["given"] == ("Cubism",)


@pytest.mark.parametrize("drawn", ["1,2", "a,b;c,d;e,f", "0,0;1,0;nan,1", "", "|"])
def test_an_outline_that_cannot_be_read_is_left_out(drawn: str) -> None:
    params = {"region": [drawn], "given": ["Cubism"]}
    assert decode(params) == State(filters={"given": ("Cubism",)})
    assert find_unread(params) == ["region"]
    assert find_unread({"region": [OUTLINES]}) == []


def test_what_is_endless_is_left_out_of_an_address() -> None:
    long = "x" * (LONGEST + 1)
    state = decode(
        {
            "run": [long],
            "painting": ["key"],
            "given": [long, "Cubism"],
            "hidden": [str(n) for n in range(5 * MOST_VALUES)],
            "area": ["0,0;1,0;1,1|" * MAX_DRAWN],
            "gallery_page": ["1e300"],
            "loss": ["1" + "0" * 10_000],
        }
    )
    assert state == State(
        painting="key",
        filters={"given": ("Cubism",)},
        hidden=tuple(str(n) for n in range(MOST_VALUES)),
        gallery_page=LAST_PAGE,
    )


def test_a_choice_that_breaks_off_the_first_run_is_kept() -> None:
    def page() -> None:
        import streamlit as st

        from dashboard.session import state

        state.begin("outliers")
        if not st.session_state.get("broken_off"):
            st.session_state["broken_off"] = True
            state.update(filters={"given": ("Cubism",)})
            st.rerun()  # before anything is published
        state.publish()

    app = AppTest.from_function(page)
    app.query_params["order"] = "loss"
    app.run()
    assert not app.exception
    assert app.query_params["given"] == "Cubism"
    assert app.query_params["order"] == "loss"


def test_a_painting_that_was_opened_from_a_page_already_left_is_kept() -> None:
    def page() -> None:
        import streamlit as st

        from dashboard.navigation import PAINTING_PAGE
        from dashboard.session import state

        state.begin("sets")  # then a point of the page before is clicked, which is still seen
        state.go(PAINTING_PAGE, painting="Cubism/a.jpg")
        st.text(state.begin("outliers").painting)
        st.text(state.take_destination())

    app = AppTest.from_function(page).run()
    assert not app.exception
    assert [text.value for text in app.text] == ["Cubism/a.jpg", "painting"]


def test_a_link_says_what_of_it_was_ignored() -> None:
    def page() -> None:
        from dashboard.session import state

        state.begin("map")

    app = AppTest.from_function(page)
    app.query_params.update({"loss": "high", "region": "1,2", "styel": "Cubism", "given": "Cubism"})
    app.run()
    assert not app.exception
    unknown, unread = (toast.value for toast in app.toast)
    assert "not known here" in unknown
    assert "styel" in unknown
    assert unread.endswith("ignored: loss, region.")
    app.run()
    assert not app.toast  # once
