"""Several fields of one collection, learned by one command: a run each.

The runs are of one family (``Manifest.family``), share the image store, and the activations of the
frozen layers, which are computed once.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from core.progress import say
from core.training.config import TrainConfig
from core.training.processes import Processes
from core.training.run import train_run
from core.training.work import WorkFolder

_PUBLISHED: Final = "published"  # in the family's folder: the runs that are there, by field


def train_fields(config: TrainConfig) -> list[Path]:
    """Trains on the labels of ``config``, then on those of each ``also``; the published runs.

    Killed, it goes on with the field that it was at when called again. Empty in processes beside
    the main one. Raises ``UserError`` for anything a user can mend.
    """
    if not config.also:
        folder = train_run(config)
        return [] if folder is None else [folder]
    processes = Processes(config.device)
    family = WorkFolder(config.artifacts, {"family": config.family})
    processes.on_main(family.take)
    try:
        folders = [_train_once(each, family, processes) for each in config.list_fields()]
    finally:
        family.let_go()
    processes.end()
    if not processes.is_main:
        return []
    family.remove(last=_PUBLISHED)
    return folders


def _train_once(config: TrainConfig, family: WorkFolder, processes: Processes) -> Path:
    """The run of one field; not trained again where this family has published it."""
    published: dict[str, str] = processes.on_main(lambda: family.load(_PUBLISHED) or {})
    folder = config.artifacts / published.get(config.field, "")
    if config.field in published and folder.is_dir():
        return folder
    if processes.is_main:
        say(f"The field {config.field}.")
    folder = config.artifacts / Path(str(train_run(config, family, processes))).name
    if processes.is_main:
        family.save(_PUBLISHED, published | {config.field: folder.name})
    return folder
