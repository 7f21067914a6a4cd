"""HTML of a printed page. What is called text is escaped here, what is called HTML is not."""

from __future__ import annotations

import base64
from collections.abc import Collection, Iterable, Sequence
from html import escape
from typing import Final

STYLE_SHEET: Final = """
@page { size: A4; margin: 18mm 16mm; }
:root { color-scheme: light; }
body { background: #fff; color: #1e1e1e; font: 11pt/1.45 Georgia, "Times New Roman", serif;
  margin: 2rem auto; max-width: 44rem; padding: 0 1rem; overflow-wrap: anywhere; }
h1, h2, h3 { break-after: avoid; font-weight: normal; line-height: 1.2; }
h1 { font-size: 22pt; margin: 0 0 .3rem; }
h2 { border-top: 1px solid #999; font-size: 15pt; margin: 1.8rem 0 .5rem; padding-top: .6rem; }
h3 { font-size: 12.5pt; margin: 1.1rem 0 .2rem; }
p, ul { margin: .4rem 0; }
.faint { color: #595959; font-size: 9.5pt; }
table { border-collapse: collapse; font-size: 9.5pt; margin: .5rem 0; width: 100%; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th { border-bottom: 1px solid #666; font-weight: bold; text-align: left; }
th, td { padding: .18rem .9rem .18rem 0; vertical-align: top; }
td { border-bottom: 1px solid #ddd; }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
article { break-inside: avoid; align-items: flex-start; display: flex; flex-wrap: wrap;
  gap: .4rem 1.4rem; margin: 1rem 0 1.4rem; }
article img { max-height: 95mm; max-width: min(15rem, 100%); }
article div { flex: 1 1 20rem; }
article h3 { margin-top: 0; }
a { color: inherit; }
@media print { body { margin: 0; max-width: none; padding: 0; } }
"""
# Nothing is loaded and nothing runs, whatever a table of paintings holds.
POLICY: Final = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"


def build_document(title: str, body_html: str) -> str:
    """A whole file: ``title``, the style sheet, ``body_html``."""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE_SHEET}</style>\n</head>\n"
        f"<body>\n{body_html}\n</body>\n</html>\n"
    )


def build_section(title: str, parts_html: Iterable[str]) -> str:
    """A heading and what stands below it."""
    return "\n".join([f"<section>\n<h2>{escape(title)}</h2>", *parts_html, "</section>"])


def build_paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def build_note(text: str) -> str:
    """A paragraph in small, faint letters: how a figure is meant."""
    return f'<p class="faint">{escape(text)}</p>'


def build_list(lines: Sequence[str]) -> str:
    """Texts with bullets; empty for none."""
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<ul>{items}</ul>" if items else ""


def build_table(
    head: Sequence[str],
    rows: Iterable[Sequence[str]],
    numbers: Collection[int] = (),
    short: Collection[int] = (),
    name: str = "",
) -> str:
    """A table of texts, of the class ``name`` if one is given.

    The columns at the places ``numbers`` hold figures, those at ``short`` a word or two each.
    """
    kinds = [
        _classed("number" if place in numbers else "short" if place in short else "")
        for place in range(len(head))
    ]
    top = "".join(
        f'<th scope="col"{kind}>{escape(text)}</th>' for text, kind in zip(head, kinds, strict=True)
    )
    body = "\n".join(
        "<tr>"
        + "".join(f"<td{kind}>{escape(cell)}</td>" for cell, kind in zip(row, kinds, strict=True))
        + "</tr>"
        for row in rows
    )
    return f"<table{_classed(name)}><thead><tr>{top}</tr></thead><tbody>\n{body}\n</tbody></table>"


def build_picture(jpeg: bytes, text: str) -> str:
    """A picture within the page; ``text`` for those who cannot see it."""
    data = base64.b64encode(jpeg).decode("ascii")
    return f'<img src="data:image/jpeg;base64,{data}" alt="{escape(text)}">'


def _classed(name: str) -> str:
    return f' class="{name}"' if name else ""
