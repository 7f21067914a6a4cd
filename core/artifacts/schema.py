"""What each file of a run holds: the contract between the trainer and the dashboard.

Sizes are named: ``N`` paintings, ``D`` embedding dimensions, ``C`` channels of the frozen stem,
``k`` neighbours, ``E`` epochs, ``K:<task>`` classes of a task. Row *i* of every ``N``-long array
or table is row *i* of ``paintings``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pandas as pd
import pyarrow as pa

from core.scores import Table, list_scores
from core.tasks import TASKS, Task

SCHEMA_VERSION: Final = 4


@dataclass(frozen=True)
class Column:
    """One column of a table: its pandas dtype and what it means, with range and direction.

    ``is_optional``: new runs always have it; a run written before it existed still opens.
    ``values``: the type on disk where the dtype is object.
    """

    dtype: str
    meaning: str
    is_optional: bool = False
    values: pa.DataType | None = None


@dataclass(frozen=True)
class TableSpec:
    """A parquet table. ``rows`` is the size its length must equal; None where it is free.

    ``group``: rows of a row group, where it is read by parts.
    """

    columns: dict[str, Column]
    rows: str | None
    group: int | None = None

    @property
    def required(self) -> list[str]:
        """Columns without which a run does not open."""
        return [name for name, column in self.columns.items() if not column.is_optional]

    @property
    def dtypes(self) -> dict[str, str]:
        """Pandas dtype of each column, in order."""
        return {name: column.dtype for name, column in self.columns.items()}

    def cast(self, table: pd.DataFrame) -> pd.DataFrame:
        """The spec's columns of ``table``, in its order and dtypes; optional ones if it has them.

        Raises ``KeyError`` for a required column that is missing, ``ValueError`` or ``TypeError``
        for values that do not fit.
        """
        here = [name for name in self.columns if name in table or name in self.required]
        return table[here].astype({name: self.columns[name].dtype for name in here})


@dataclass(frozen=True)
class ArraySpec:
    """A ``.npy`` array: dtype and the named size of each axis (or a fixed number)."""

    dtype: str
    shape: tuple[str | int, ...]


def _score_columns(table: Table) -> dict[str, Column]:
    """The columns of ``core.scores`` that ``table`` holds."""
    return {
        score.name: Column(score.dtype, score.description, is_optional=not score.is_required)
        for score in list_scores(table)
    }


PAINTINGS: Final = TableSpec(
    {
        "key": Column("str", "stable across runs: the collection's own path or id"),
        "title": Column("str", "as the source gives it"),
        "artist": Column("str", "as a person reads it; null when unknown"),
        "year": Column("Int16", "of completion; null when unknown"),
        "given_style": Column(
            "str",
            "the collection's label; of several the one that fits best; null when it gives none",
        ),
        "further_styles": Column(
            "object",
            "the collection's labels of a work that has several, after given_style; null for one",
            is_optional=True,
            values=pa.list_(pa.string()),
        ),
        "given_artist": Column("str", "the collection's label; null when it gives none"),
        "given_genre": Column("str", "the collection's label; null when it gives none"),
        "width": Column("int32", "pixels of the original"),
        "height": Column("int32", "pixels of the original"),
        "fold": Column("int8", "that scored it, 0 up; -1: not scored; -2: nor learned from"),
        "group": Column("int32", "a fold never trains on the group of a painting that it scores"),
        "split": Column("str", "official split: train, val or null"),
        "image": Column("str", "path inside the image store"),
        "content_hash": Column("str", "sha256 of the source file"),
        "source_url": Column(
            "str", "address that the picture was fetched from; or null", is_optional=True
        ),
        "rights": Column("str", "to the picture, as the source says; or null", is_optional=True),
    },
    rows="N",
)

PREDICTIONS: Final = TableSpec(
    {
        "row": Column("int32", "row of the painting in paintings, 0 to N-1"),
        "task": Column("str", "style, artist or genre"),
        "given": Column("str", "the given label; null where it is missing or not learned"),
        "predicted": Column("str", "the class with the highest probability, out of fold"),
        **_score_columns("predictions"),
    },
    rows=None,
)

FINDINGS: Final = TableSpec(
    {
        "quadrant": Column(
            "str",
            "genuine outlier, hard example, typical, uncertain but right, leans elsewhere; "
            "unlabelled; not judged: labelled, but no fold could judge the label; other depth: the "
            "model's first answer is a broader or narrower term of the label",
        ),
        "suggested": Column(
            "str", "most probable style by all evidence, possibly the given one; null: not scored"
        ),
        "doubted_label": Column(
            "str",
            "of a work of several styles the one that label_doubt is about; null: one, or not "
            "judged",
            is_optional=True,
        ),
        "unfit_label": Column(
            "str",
            "of a work of several styles one that the model gives less than a guess, while "
            "together they fit; or null",
            is_optional=True,
        ),
        "missing_label": Column(
            "str",
            "where works have several styles: one not given that the model's confidence is above "
            "the line in, while the given ones fit; or null",
            is_optional=True,
        ),
        "depth": Column(
            "str",
            "broader or narrower: the model's first answer is such a term of the given label, by "
            "the vocabulary; or null",
            is_optional=True,
        ),
        "attribution": Column(
            "str",
            "in doubt, under reserve, as named or too few to say (findings.hands.wording); "
            "null: nobody is named, or no fold looked, unless under reserve",
            is_optional=True,
        ),
        "attribution_hand": Column(
            "str",
            "likeliest artist but the one named; of a work under reserve the likeliest; or null",
            is_optional=True,
        ),
        "duplicate_group": Column("int32", "verified copies of one picture share it; -1: none"),
        "duplicate_disagrees": Column("bool", "a verified copy carries another style label"),
        "filed_twice": Column("bool", "the same file name occurs in two folders"),
        "medium": Column(
            "str",
            "how the picture looks by colours and tones, no medium of a catalogue: in colour, one "
            "hue, strokes on paper, black and white, smooth greys or rows of marks",
        ),
        "suspected_by": Column(
            "str",
            "measures that find the label suspicious: both, out of fold only, dynamics only, "
            "neither; or not known",
        ),
        **_score_columns("findings"),
    },
    rows="N",
)

REASONS: Final = TableSpec(
    {
        "row": Column("int32", "row of the painting, ascending; its reasons in the order told"),
        "kind": Column("str", "one of findings.labels.reasons.WRITERS, which words it"),
        "weight": Column("float32", "nats, any; above 0 is against the given label"),
        "values": Column("str", "the values that its sentence names: a JSON object of scalars"),
    },
    rows=None,
    group=4_096,
)

CASES: Final = TableSpec(
    {
        "case": Column("str", "identifier of the case in links, kind:subject; unique"),
        "kind": Column("str", "artist, hand, style pair or genre pair"),
        "task": Column("str", "style, genre, or artist of a hand"),
        "subject": Column("str", "the artist as a person reads it; null for a pair of labels"),
        "type": Column("str", "one of findings.cases.kinds.CASE_TYPES"),
        "watched": Column("bool", "on the watch-list: reported whatever was found"),
        "works": Column("int32", "judged works that the figures rest on, 0 up"),
        "given": Column("str", "most frequent given label; the first of a pair; or null"),
        "predicted": Column("str", "label that the works are seen in; the second of a pair"),
        "tested": Column(
            "str",
            "what an artist's figures are of: elsewhere, another label is likelier than the given; "
            "later, one that began 5 to 80 years after the work is; null of a pair or a hand",
            is_optional=True,
        ),
        "observed": Column("float32", "share of the works for which that holds, 0 to 1"),
        "expected": Column("float32", "the same of other works of these labels, 0 to 1"),
        "shift": Column("float32", "observed less expected, -1 to 1; high is suspicious"),
        "shift_low": Column("float32", "lower end of its 95 % interval"),
        "shift_high": Column("float32", "upper end of its 95 % interval"),
        "p_value": Column(
            "float64",
            "that an artist's labels lie so far behind by nature; of a pair, that as many are "
            "swapped by chance; 0 to 1, low is significant",
        ),
        "q_value": Column("float64", "false-discovery rate at which it counts, 0 to 1"),
        "artists": Column(
            "Int32",
            "how many other artists' works it is held against; of a pair, by how many artists the "
            "works are that are seen as the other; null where not told",
            is_optional=True,
        ),
        "consistency": Column("float32", "share of the works seen as predicted, 0 to 1"),
        "novelty": Column(
            "float32", "of the works taken together: 0 is the artists' middle, 1 their outer fence"
        ),
        "confidence": Column("float32", "mean confidence of those seen elsewhere, 0 to 1"),
        "first_year": Column("Int16", "of the works; null when none is dated"),
        "last_year": Column("Int16", "of the works; null when none is dated"),
        "predicted_begins": Column("Int16", "year that the predicted style begins here; or null"),
        "shared": Column("int32", "of a pair: pictures that are filed under both, 0 up"),
        "sentence": Column("str", "the case as a curator reads it"),
        "rows": Column(
            "object",
            "rows of the most telling works, most telling first",
            values=pa.list_(pa.int32()),
        ),
    },
    rows=None,
)

PAIRS: Final = TableSpec(
    {
        "left": Column("int32", "row of a painting"),
        "right": Column("int32", "row of a near-duplicate, above left"),
        "by_hash": Column("bool", "their perceptual hashes are alike"),
        "similarity": Column("float32", "cosine of the embeddings, -1 to 1; high is near"),
        "likeness": Column("float32", "correlation of the best alignment, -1 to 1; 0: blank"),
        "verified": Column("bool", "confirmed to be one picture"),
        "labels_disagree": Column("bool", "both have a style label, and not the same"),
    },
    rows=None,
)

STYLE_YEARS: Final = TableSpec(
    {
        "style": Column("str", "class of the style task, in its order"),
        "works": Column("int32", "labelled works, 0 up"),
        "dated": Column("int32", "dated ones among them, 0 up"),
        "begins": Column(
            "Int16",
            "year it begins here; null: too few dated works or artists, or under half dated",
        ),
        "ends": Column("Int16", "year it ends here; null likewise"),
    },
    rows="K:style",
)

HISTORY: Final = TableSpec(
    {
        "fold": Column("int8", "0 up; -1 is the published model"),
        "phase": Column("str", "frozen or fine-tuning"),
        "epoch": Column("int16", "1 up, within the phase"),
        "train_loss": Column("float32", "combined, 0 up; lower is better"),
        "validation_loss": Column("float32", "combined, 0 up; lower is better; null without one"),
        "validation_accuracy": Column("float32", "of style, 0 to 1; null without validation"),
        "learning_rate": Column("float32", "of the heads at the end of the epoch"),
        "seconds": Column("float32", "wall time of the epoch"),
    },
    rows=None,
)

ACCOUNT: Final = TableSpec(
    {
        "kind": Column("str", "row, joined row, file, folder, column, label or picture"),
        "name": Column("str", "of the thing, as one line"),
        "fate": Column("str", "read, left out, refused; or changed, said besides"),
        "reason": Column("str", "a phrase, or empty"),
    },
    rows=None,
)

CATALOGUE: Final = TableSpec(
    {
        "key_cell": Column("str", "the key as it stands in the museum's table; null without one"),
        **{
            f"{task}_{part}": Column("str", meaning)
            for task in TASKS
            for part, meaning in (
                ("label", "the collection's own label, whatever verdicts changed; or null"),
                ("cell", "the cell of the label as it stands in the museum's table; or null"),
                ("read", "the part of the cell that was read as the label; or null"),
            )
        },
    },
    rows="N",
)

VOCABULARY: Final = TableSpec(
    {
        "term": Column("str", "the preferred term of a concept; unique"),
        "variants": Column(
            "object", "terms that mean the same; or null", values=pa.list_(pa.string())
        ),
        "broader": Column(
            "object",
            "preferred terms of what it is a kind of; or null",
            values=pa.list_(pa.string()),
        ),
        "uri": Column("str", "of the concept; or null"),
    },
    rows=None,
)

TABLES: Final[dict[str, TableSpec]] = {
    "paintings.parquet": PAINTINGS,
    "predictions.parquet": PREDICTIONS,
    "findings.parquet": FINDINGS,
    "reasons.parquet": REASONS,
    "cases.parquet": CASES,
    "pairs.parquet": PAIRS,
    "style_years.parquet": STYLE_YEARS,
    "history.parquet": HISTORY,
    "account.parquet": ACCOUNT,
    "catalogue.parquet": CATALOGUE,
    "vocabulary.parquet": VOCABULARY,
}

ARRAYS: Final[dict[str, ArraySpec]] = {
    "embeddings.npy": ArraySpec("float16", ("N", "D")),
    "neighbours.npy": ArraySpec("int32", ("N", "k")),
    "similarities.npy": ArraySpec("float16", ("N", "k")),
    "map.npy": ArraySpec("float32", ("N", 2)),
    "dynamics.npy": ArraySpec("float16", ("N", "E")),
    "texture.npy": ArraySpec("float16", ("N", "C")),
    "content.npy": ArraySpec("float16", ("N", "C'")),
    "counted_neighbours.npy": ArraySpec("int32", ("N", "k'")),
    "probabilities_style_unseen.npy": ArraySpec("float16", ("N", "K:style")),
    **{f"probabilities_{task}.npy": ArraySpec("float16", ("N", f"K:{task}")) for task in TASKS},
}

# Inputs of novelty. A backbone of few blocks has texture but no content. Nor need there be a model
# that never saw the artist: a collection by one artist has none. Not every collection has a
# vocabulary. Older runs have no account, kept nothing of the museum's table, nor the neighbours
# that their sentences count.
OPTIONAL: Final = frozenset(
    {
        *("texture.npy", "content.npy", "account.parquet", "catalogue.parquet"),
        *("probabilities_style_unseen.npy", "counted_neighbours.npy", "vocabulary.parquet"),
    }
)

OTHER_FILES: Final[tuple[str, ...]] = (
    "metrics.json",
    "quarantine.csv",
    "model.json",
    "model.safetensors",
    "backbone.onnx",
    "head.onnx",
)


def expected_files(tasks: tuple[Task, ...]) -> tuple[str, ...]:
    """Names of every file of a run that answers ``tasks``, the manifest aside."""
    absent = {f"probabilities_{task}.npy" for task in TASKS if task not in tasks} | OPTIONAL
    return tuple(name for name in (*TABLES, *ARRAYS, *OTHER_FILES) if name not in absent)
