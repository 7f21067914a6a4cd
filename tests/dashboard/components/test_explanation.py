"""A picture under its layer."""

from __future__ import annotations

from dashboard.components.explanation import build_overlay


def test_the_overlay_escapes_what_a_file_is_called() -> None:
    html = build_overlay("/images/a.jpg", "data:image/png;base64,x", 0.5, '"><script>alert(1)')
    assert "<script>" not in html
    assert "opacity:0.50" in html
