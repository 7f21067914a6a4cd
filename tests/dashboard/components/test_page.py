"""HTML that every page shares."""

from dashboard.components.page import build_bars, build_command


def test_bars_are_as_long_as_their_share() -> None:
    assert "width:25.0%" in build_bars([("a", 0.25, True)])


def test_a_command_breaks_between_words_and_holds_no_markup() -> None:
    built = build_command("make --data <b>")
    assert built == (
        '<code class="ae-command"><span>make</span> <span>--data</span> '
        "<span>&lt;b&gt;</span></code>"
    )
