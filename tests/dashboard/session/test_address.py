"""An address is read once, whatever becomes of the run that reads it."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


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
