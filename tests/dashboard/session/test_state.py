"""What a link says."""

from urllib.parse import parse_qs, urlencode

from hypothesis import given
from hypothesis import strategies as st

from dashboard.selection.facets import FACETS
from dashboard.selection.state import State, decode, encode

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
        sheet=st.integers(1, 5000),
        area=TEXT,
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
    params = {"loss": ["high"], "confidence": ["inf"], "sheet": ["-4"], "utm_source": ["x"]}
    assert decode(params) == State(sheet=1)


def test_a_repeated_value_counts_once() -> None:
    assert decode({"given": ["Cubism", "Cubism"]}).filters["given"] == ("Cubism",)
