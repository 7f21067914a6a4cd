"""The settings of a training run: one frozen record, saved whole with the run.

The command line is built from it: each field's docstring is the help of its flag.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypeVar

import tyro

from core.collection.open import SourceOptions
from core.errors import UserError
from core.findings.evidence import WATCHED
from core.sizes import require_megapixels
from core.studio.painters import WATCHED as DEMO_WATCHED
from core.training.profiles import PROFILES, ProfileName, Views

T = TypeVar("T")

SMALL_COLLECTION: Final = 20_000  # paintings
_BESIDE: Final = (
    *("collection", "artifacts", "name", "watch", "workers", "dry_run", "max_megapixels"),
    *("account", "save_mapping", "also", "since"),
    *("verdicts", "verdict_policy"),  # their effect is part of the subject
)


class ConfigError(UserError):
    """A setting is out of its range, or two contradict each other."""


@dataclass(frozen=True)
class TrainConfig:
    """Train on a collection of paintings and publish a run for the dashboard."""

    collection: Annotated[SourceOptions, tyro.conf.arg(name="")]
    also: Annotated[tuple[str, ...], tyro.conf.UseAppendAction] = ()
    """Another column of labels to learn, in a run of its own beside the first; of folders as
    WikiArt's only genre. Repeat it for several."""
    artifacts: Path = Path("artifacts")
    """Folder of the runs and the image store."""
    name: str | None = None
    """Name of the run's collection in the dashboard; by default the collection's own."""
    short_side: int = 384
    """Short side of the stored pictures, in pixels."""
    max_megapixels: float | None = None
    """Largest picture that may be held in memory whole, at 4 MB of memory a megapixel; by default
    179. Where a file is stored in parts (JPEG, JPEG 2000, tiled TIFF) it may have 1,000, or as many
    as set here."""

    profile: Literal["auto", "quick", "small", "full", "best"] = "auto"
    """quick: EfficientNet-Lite0 at 160 px as it was pretrained, for findings within minutes. small:
    the same, tuned, for a CPU. full: EfficientNet-B3 at 300 px, for a GPU. best: that, tuned from
    its first block on with crops drawn anew, for a night on a GPU. auto chooses full where there is
    a GPU, else small. Sets defaults for the next three, --views, the epochs and how all is tuned
    and scored."""
    backbone: str | None = None
    """Any timm model with a feature map or patch tokens."""
    image_size: int | None = None
    """Side of the model's square input, in pixels; what does not divide into the backbone's
    patches is rounded."""
    batch_size: int | None = None
    """Paintings per step, over all processes."""
    weights: Path | None = None
    """File of backbone weights to start from, instead of the pretrained ones."""
    pretrained: bool = True
    """Start from ImageNet weights."""

    second_opinion: str | None = None
    """Other backbones whose frozen features judge styles beside the folds' models:
    NAME[,NAME=FILE], a file for weights that neither the hub nor a package has."""
    map_features: str | None = None
    """A backbone of --second-opinion whose features, as it was pretrained, lay out the map and list
    the most similar paintings; by default the published model's embeddings, which have learned the
    labels."""

    trainable_blocks: float | None = None
    """Blocks from the end that phase 2 fine-tunes: stages, or the blocks of a plain transformer.
    1.5 is the last stage and half of the one before it. By default 3 of an EfficientNet, 4 of a
    plain transformer, 1 of others."""
    columns: Literal["flatten", "mean", "reduced"] = "mean"
    """How a column of the feature map becomes a vector: channels x height, their mean over the
    height, or channels x height after a 1x1 reduction."""
    style_head: Literal["sequence", "pooled"] = "sequence"
    """sequence: the columns through a bidirectional GRU. pooled: global average pooling."""
    maps: Literal["auto", "last", "both"] = "auto"
    """Feature maps whose columns the sequence reads. last: the last one. both: beside each of its
    columns, the two that lie in it of the map at twice the resolution. auto: both where the tuned
    blocks pass through such a map, as an EfficientNet's do."""
    dropout: float = 0.3

    folds: int = 5
    """Number of folds. A model trained on the other folds scores each painting."""
    group_by: Literal["picture", "artist"] = "picture"
    """picture: keep near-duplicates and same-name files in one fold. artist: keep whole oeuvres in
    one fold."""
    split: Literal["folds", "official"] = "folds"
    """official: train on the official train list and score its validation list only."""
    validation_share: float | None = None
    """Share of each fold's training side held out for early stopping, 0 for none; by default 0.12,
    of full and best none (with an official split 0.12, for calibration as well)."""

    frozen_epochs: int | None = None
    """Epochs of phase 1, in which only the heads learn; by default 4."""
    tuning_epochs: int | None = None
    """Epochs of phase 2, in which the last blocks learn too, at a lower rate; by default 6, of a
    quick look none."""
    head_rate: float | None = None
    """Peak learning rate of the heads in phase 1, a third of it in phase 2; by default 1e-3, of a
    quick look 2e-3."""
    backbone_rate: float | None = None
    """Peak learning rate of the last blocks in phase 2; by default 5e-4 for an EfficientNet, 3e-5
    for a plain transformer, 5e-5 for one with windows, 1e-4 for others."""
    layer_decay: float | None = None
    """Learning rate of each tuned layer over that of the next one, 0 to 1; by default 1, of best
    0.8."""
    weight_decay: float | None = None
    """Of matrices and kernels, not of norms and biases; by default 0.2, of full and best 0.05."""
    warmup: float = 0.1
    """Share of a phase's steps over which the learning rate rises; it then decays as a cosine."""
    gradient_clip: float = 1.0
    """Maximum norm of the gradient."""
    ema_decay: float | None = None
    """Decay of the weight average, whose weights are scored and published; by default it looks back
    over one epoch's steps, and over 50 at least."""
    patience: int = 4
    """Epochs without a lower validation loss before a phase stops."""
    views: Views | None = None
    """Views of each painting: whole; flip adds the mirror image; crops adds mild crops of both;
    online draws crops of 60 % to all of it anew each time in phase 2, and caches none of them. By
    default crops, of a quick look flip, of best online."""
    scored_views: Literal["whole", "both"] | None = None
    """Views that the folds' answers come from: whole, or the mean of it and of its mirror image. By
    default whole, of best both. Uploads are always seen whole."""
    mixup: float | None = None
    """Alpha of the beta distribution that mixes pairs of paintings (mixup), 0 for none; by default
    0.4, of full and best 0.2."""
    drop_path: float | None = None
    """How often the last residual branch is left out of a step of phase 2, earlier tuned ones less
    often (stochastic depth); by default never, of best 0.2. Some families have no such branches."""

    style_weight: float = 1.0
    artist_weight: float = 0.8
    genre_weight: float = 0.8
    label_smoothing: float = 0.05
    class_weights: Literal["none", "sqrt", "inverse"] = "none"
    """Weight of rare classes in the loss."""
    min_artist_works: int | None = None
    """Artists with fewer works have no class of their own; by default 100, or 12 in a collection
    under 20,000 paintings."""

    verdicts: Path | None = None
    """Curators' verdicts to learn from: reviews.sqlite, or an export (.csv, .jsonl, .parquet). The
    majority of the reviewers decides. With --split official the validation list is not changed."""
    verdict_policy: Literal["relabel", "drop", "downweight"] = "relabel"
    """How to treat a label judged wrong. relabel: learn the proposed label, or none without a
    proposal. drop: learn no label. downweight: count it a quarter."""

    neighbours: int = 24
    """Nearest paintings stored for each painting."""
    watch: tuple[str, ...] = WATCHED
    """Artists who are always listed among the cases, even without works here. By default those of
    the three stories; of the demo, the three painters whose cases are planted."""
    seed: int = 7
    """Seed of the folds, the initial weights and the order of paintings."""
    workers: int | None = None
    """Processes that decode pictures; by default one a core."""
    compile: bool = False
    """Compile the backbone with torch.compile: takes minutes, and pays on long GPU runs."""
    device: Literal["auto", "gpu", "cpu"] = "auto"
    """gpu: stop if there is no GPU. auto: use a GPU if there is one."""
    since: Path | None = None
    """Train nothing: take over what this run knows of the collection, score the works that are new
    with its published model, and say what changed. With --verdicts, which corrections arrived."""
    dry_run: bool = False
    """Train nothing; report what the collection is, what is open about it, and the memory, disk and
    time that training it needs."""
    account: Path | None = None
    """CSV file to write: a line for each row, file, folder and column, and whether it was read."""
    save_mapping: Path | None = None
    """With --dry-run: TOML file to write, which says which column of the table plays which role."""

    def __post_init__(self) -> None:
        if self.save_mapping is not None and not self.dry_run:
            raise ConfigError(
                "--save-mapping says nothing without --dry-run",
                remedy="Look at the table with both first, then train with --mapping.",
            )
        if self.since is not None and (self.dry_run or self.also):
            raise ConfigError(
                "--since goes with neither --dry-run nor --also",
                remedy="Leave them out: an update takes minutes, and each run has its own.",
            )
        if self.since is not None and self.collection.vocabulary is not None:
            raise ConfigError(
                "--since goes without --vocabulary",
                found=self.collection.vocabulary,
                remedy="Leave it out: an update reads labels by the vocabulary of the run.",
            )
        if len({self.field, *self.also}) <= len(self.also):
            raise ConfigError(
                "--also names a field twice",
                found=", ".join((self.field, *self.also)),
                remedy="Name each column once.",
            )
        if self.scored_views == "both" and self.views == "whole":
            raise ConfigError(
                "--scored-views both needs the mirror image",
                found="--views whole",
                remedy="Use --views flip.",
            )
        if self.maps == "both" and self.style_head == "pooled":
            raise ConfigError(
                "--maps both says nothing with --style-head pooled",
                remedy="Leave one of them out: only the sequence reads a finer map.",
            )
        if self.second_opinion and self.split == "official":
            raise ConfigError(
                "--second-opinion is weighed by several folds",
                found="--split official",
                remedy="Use --split folds.",
            )
        heard = [part.partition("=")[0].strip() for part in (self.second_opinion or "").split(",")]
        if self.map_features is not None and self.map_features not in heard:
            raise ConfigError(
                "--map-features names none of the second opinions",
                found=self.map_features,
                expected=", ".join(filter(None, heard)) or "one that --second-opinion names",
                remedy="Name it there as well.",
            )
        _require_range("folds", self.folds, 2, 50)
        _require_range("short_side", self.short_side, 64, 4096)
        if self.max_megapixels is not None:
            require_megapixels(self.max_megapixels)
        _require_range("dropout", self.dropout, 0, 0.95)
        if self.validation_share is not None:
            _require_range("validation_share", self.validation_share, 0, 0.5)
        if self.validation_share == 0 and self.split == "official":
            raise ConfigError(
                "--validation-share 0 leaves nothing to calibrate by",
                found="--split official",
                remedy="Use 0.12.",
            )
        if self.frozen_epochs is not None:
            _require_range("frozen_epochs", self.frozen_epochs, 1, 1000)
        if self.tuning_epochs is not None:
            _require_range("tuning_epochs", self.tuning_epochs, 0, 1000)
        if self.trainable_blocks is not None:
            _require_range("trainable_blocks", self.trainable_blocks, 0, 100)
        if self.layer_decay is not None:
            _require_range("layer_decay", self.layer_decay, 0.1, 1)
        if self.ema_decay is not None:
            _require_range("ema_decay", self.ema_decay, 0, 0.99999)
        _require_range("label_smoothing", self.label_smoothing, 0, 0.5)
        if self.mixup is not None:
            _require_range("mixup", self.mixup, 0, 10)
        if self.drop_path is not None:
            _require_range("drop_path", self.drop_path, 0, 0.9)
        _require_range("neighbours", self.neighbours, 1, 1000)
        if self.image_size is not None:
            _require_range("image_size", self.image_size, 32, 2048)
        if self.batch_size is not None:
            _require_range("batch_size", self.batch_size, 2, 65536)

    def resolve(self, *, has_gpu: bool, paintings: int, is_demo: bool = False) -> TrainConfig:
        """The same with every setting resolved for this machine, collection and backbone.

        Raises ``WeightsError`` for a backbone that timm does not know.
        """
        from core.training.families import find_family, fit_size  # torch: --help needs none

        name: ProfileName = (
            ("full" if has_gpu else "small") if self.profile == "auto" else self.profile
        )
        profile = PROFILES[name]
        backbone = self.backbone or profile.backbone
        family = find_family(backbone)
        return replace(
            self,
            profile=name,
            backbone=backbone,
            image_size=fit_size(backbone, self.image_size or profile.image_size),
            batch_size=self.batch_size or profile.batch_size,
            trainable_blocks=_choose(
                self.trainable_blocks, _choose(profile.trainable_blocks, family.trainable_blocks)
            ),
            layer_decay=_choose(self.layer_decay, profile.layer_decay),
            scored_views=self.scored_views or profile.scored_views,
            head_rate=self.head_rate or profile.head_rate,
            weight_decay=_choose(self.weight_decay, profile.weight_decay),
            mixup=_choose(self.mixup, profile.mixup),
            drop_path=_choose(self.drop_path, profile.drop_path),
            validation_share=_choose(
                self.validation_share,
                profile.validation_share or (0.12 if self.split == "official" else 0),
            ),
            backbone_rate=self.backbone_rate or family.backbone_rate,
            views=self.views or profile.views,
            frozen_epochs=self.frozen_epochs or profile.frozen_epochs,
            tuning_epochs=_choose(self.tuning_epochs, profile.tuning_epochs),
            min_artist_works=self.min_artist_works
            or (100 if paintings >= SMALL_COLLECTION else 12),
            watch=DEMO_WATCHED if is_demo and self.watch == WATCHED else self.watch,
        )

    def describe_size(self, asked: TrainConfig) -> str | None:
        """What became of the size that was ``asked`` for, as resolved; None where that holds."""
        if asked.image_size in (None, self.image_size):
            return None
        return (
            f"{asked.image_size} px do not divide into the patches of {self.backbone}: "
            f"{self.image_size} px."
        )

    @property
    def field(self) -> str:
        """The column of the labels that are checked, as far as it is named; else style."""
        return self.collection.label_column or self.collection.style_column or "style"

    @property
    def family(self) -> str | None:
        """sha256 over the fields that one command learns, and how; None where there is but one."""
        if not self.also:
            return None
        fields = sorted((self.field, *self.also))
        made = [self.collection.data, fields, self.identity()]
        return hashlib.sha256(json.dumps(made, sort_keys=True, default=str).encode()).hexdigest()

    def list_fields(self) -> list[TrainConfig]:
        """The settings of each field, this one's first; all are of one family."""
        fields = (self.field, *self.also)
        return [self, *(self._turn_to(field, fields) for field in self.also)]

    def _turn_to(self, field: str, fields: tuple[str, ...]) -> TrainConfig:
        return replace(
            self,
            collection=replace(
                self.collection,
                label_column=field,
                style_column=None,
                label_word=None,
                label_words=None,
                vocabulary=None,
                vocabulary_language=None,
            ),
            also=tuple(each for each in fields if each != field),
        )

    def identity(self) -> dict[str, Any]:
        """The settings that determine what is learned, besides the paintings."""
        return {name: value for name, value in vars(self).items() if name not in _BESIDE}


def _choose(asked: T | None, default: T) -> T:
    return default if asked is None else asked


def _require_range(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise ConfigError(
            f"--{name.replace('_', '-')} is out of range",
            found=str(value),
            expected=f"{low} to {high}",
        )
