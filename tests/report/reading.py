"""Reads a report as a browser would: its tags, its texts, what it loads and where it leads."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset(("meta", "img"))


@dataclass
class Report:
    """``texts``: of the body, in order. ``rows``: of its tables, cell by cell."""

    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    style: str = ""

    @property
    def text(self) -> str:
        """Everything that is read, in one line, with plain blanks."""
        return " ".join(" ".join(self.texts).replace("\N{NO-BREAK SPACE}", " ").split())

    def collect(self, tag: str, name: str) -> list[str]:
        """The attribute ``name`` of every ``tag``."""
        return [given[name] for each, given in self.tags if each == tag and name in given]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.report, self._open = Report(), list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.report.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self._open.append(tag)
        if tag == "tr":
            self.report.rows.append([])
        if tag in ("td", "th"):
            self.report.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag  # every tag is closed where it should be

    def handle_data(self, data: str) -> None:
        if "style" in self._open:
            self.report.style += data
        elif "body" in self._open:
            self.report.texts.append(data)
            if self._open[-1] in ("td", "th"):
                self.report.rows[-1][-1] += data.replace("\N{NO-BREAK SPACE}", " ")


def read_report(content: bytes) -> Report:
    """The report in the file ``content``; fails for tags that do not close each other."""
    reader = _Reader()
    reader.feed(content.decode("utf-8"))
    reader.close()
    assert reader._open == []
    return reader.report
