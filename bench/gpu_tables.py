"""The report of ``bench.gpu_check`` as people read it."""

from __future__ import annotations

from typing import Any, Final

from rich.table import Table

from bench.wikiart import WIKIART
from core.text import format_seconds
from core.training.estimate import format_bytes

GOAL_RATIO: Final = 0.95
GOAL_SECONDS: Final = 30 * 60


def build_table(part: str, report: dict[str, Any]) -> Table:
    """The table of one part of the report."""
    build = {
        "speeds": build_speed_table,
        "wikiart": build_wikiart_table,
        "timm": build_step_table,
        "precision": build_precision_table,
    }
    return build[part](report)


def build_speed_table(report: dict[str, Any]) -> Table:
    model, machine = report["model"], report["machine"]
    table = Table(
        title=f"{model['backbone']} at {model['image_size']} px, batches of {model['batch_size']}, "
        f"{model['views']} views, {model['paintings']:,} paintings; {machine['device']}, "
        f"{machine['precision']}, torch {machine['torch']}"
    )
    for column in (
        "stage",
        "from files, images/s",
        "resident",
        f"ratio (goal {GOAL_RATIO})",
        "peak",
    ):
        table.add_column(column)
    for speed in report["speeds"]:
        resident, ratio = speed["resident"], speed["ratio"]
        table.add_row(
            speed["stage"],
            f"{speed['real']:,.0f}",
            "" if resident is None else f"{resident:,.0f}",
            "" if ratio is None else f"{ratio:.2f}",
            format_bytes(speed["peak"]),
        )
    memory = report["memory"]
    table.caption = (
        f"Beside the training, {format_bytes(memory['room'])} are left for activations; WikiArt's "
        f"take {format_bytes(memory['kept'])}, moved at {format_bytes(memory['moving'])} a second."
    )
    return table


def build_step_table(report: dict[str, Any]) -> Table:
    (phase,) = (speed for speed in report["speeds"] if speed["stage"] == "phase 2")
    table = Table(title="A training step, resident data")
    for column in ("step", "images/s", "ours over it"):
        table.add_column(column)
    table.add_row("ours, phase 2", f"{phase['resident']:,.0f}", "")
    for name, rate in report["timm"].items():
        table.add_row(f"timm's, {name}", f"{rate:,.0f}", f"{phase['resident'] / rate:.2f}")
    return table


def build_precision_table(report: dict[str, Any]) -> Table:
    precision = report["precision"]
    table = Table(
        title=f"{precision['rows']:,} unseen paintings scored in {precision['lower']} as runs are, "
        f"{precision['lower_rate']:,.0f} a second, and in float32, {precision['exact_rate']:,.0f}"
    )
    titles = ("right", "first class differs", "first two differ", "tied")
    for title in ("task", *titles, "largest gap", "median gap"):
        table.add_column(title)
    for task, found in precision["tasks"].items():
        shares = (f"{found[name]:.2%}" for name in ("right", "first", "order", "tied"))
        table.add_row(task, *shares, f"{found['largest']:.4f}", f"{found['median']:.5f}")
    return table


def build_wikiart_table(report: dict[str, Any]) -> Table:
    estimates: dict[str, dict[str, float]] = report["wikiart"]
    table = Table(
        title=f"WikiArt whole: {WIKIART.paintings:,} paintings, {WIKIART.folds} folds and the "
        f"published model (goal {format_seconds(GOAL_SECONDS)})"
    )
    table.add_column("stage")
    for machine in estimates:
        table.add_column(machine)
    columns = list(estimates.values())
    for name in columns[0]:
        table.add_row(name, *(format_seconds(column[name]) for column in columns))
    table.add_row("in all", *(format_seconds(sum(column.values())) for column in columns))
    return table
