"""The page for visitors who are not signed in or not on the list: plain HTML, no Streamlit.

Streamlit draws over a websocket, which is closed to both. The page looks like the others and
loads nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Final
from urllib.parse import urlencode

from core.reviews.reviewers import drop_hidden
from dashboard.access.providers import DEFAULT, SIGN_IN, SIGN_OUT
from dashboard.access.sign_in import Person
from dashboard.settings import below_base

LOGO: Final = (Path(__file__).parents[1] / "logo.svg").read_text(encoding="utf-8")
STYLE: Final = """
:root { color-scheme: light dark; --paper: #fdfcfa; --ink: #1d1b18; --accent: #96301f; --on: #fff; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #151412; --ink: #ece8e0; --accent: #e58a73; --on: #151412; } }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 1rem/1.6 "Source Sans", system-ui, sans-serif; }
main { max-width: 46rem; margin: 0 auto; padding: 2rem 1.5rem 5rem; overflow-wrap: anywhere; }
.kicker { font-size: .78rem; letter-spacing: .09em; text-transform: uppercase; opacity: .76;
  margin: 3.2rem 0 .5rem; }
h1, h2 { font-family: "Source Serif", Georgia, serif; font-weight: 400; line-height: 1.12; }
h1 { font-size: 2.6rem; letter-spacing: -.012em; margin: 0; }
h2 { font-size: 1.3rem; margin: 0 0 .4rem; }
.lead { font-size: 1.16rem; margin: .9rem 0 1.6rem; }
.box { border: solid color-mix(in srgb, currentColor 16%, transparent); border-width: 1px 0;
  padding: 2rem 0; margin: 1.6rem 0; }
.way { display: inline-block; padding: .45rem 1rem; margin: 0 .6rem .6rem 0; border-radius: 2px;
  background: var(--accent); color: var(--on); text-decoration: none; }
.way:focus-visible { outline: 2px solid currentColor; outline-offset: 3px; }
"""


def draw_door(person: Person | None, providers: Sequence[str]) -> str:
    """A sign-in button per provider; for a ``person`` not on the list, a button to sign out."""
    return _draw_sign_in(providers) if person is None else _draw_not_listed(person)


def _draw_sign_in(providers: Sequence[str]) -> str:
    ways = [
        _draw_way(
            f"{SIGN_IN}?{urlencode({'provider': provider})}",
            "Sign in" + ("" if provider == DEFAULT else f" with {provider.capitalize()}"),
        )
        for provider in providers
    ]
    lead = (
        "Finds the paintings in a collection that do not fit their labels. Only people on this "
        "museum's list have access."
    )
    return _draw_page("Please sign in", f'<p class="lead">{lead}</p><p>{"".join(ways)}</p>')


def _draw_not_listed(person: Person) -> str:
    email = escape(drop_hidden(person.email))
    who = f"<b>{email}</b>" if email else "an account that shares no e-mail address"
    return _draw_page(
        "You are not on the list",
        '<div class="box"><h2>What to do</h2>'
        f"<p>You signed in as {who}. The address is not on this museum's list, or its provider "
        "does not confirm that it is verified.</p>"
        "<p>Ask the administrator of this dashboard to add it, then reload this page. Or sign in "
        f"with another account.</p></div><p>{_draw_way(SIGN_OUT, 'Sign out')}</p>",
    )


def _draw_way(address: str, name: str) -> str:
    return f'<a class="way" role="button" href="{escape(below_base(address))}">{escape(name)}</a>'


def _draw_page(title: str, body_html: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} - ArtExtract curator</title>"
        f'<link rel="icon" href="{below_base("/favicon.png")}"><style>{STYLE}</style></head>'
        f'<body><main>{LOGO}<p class="kicker">ArtExtract curator</p>'
        f"<h1>{escape(title)}</h1>{body_html}</main></body></html>"
    )
