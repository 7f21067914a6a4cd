"""What the levels of folders mean: ``style``, ``style/artist``, ``split/style``, ...

Told by the user (``--layout split/style``) or found out from names: ``train`` and ``test`` are
splits, ``c17`` is a time, a folder whose pictures name it as their artist is an artist. The one
level that is left holds the styles; where two are left, the user is asked.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from core.collection.errors import CollectionError
from core.collection.reading.encoding import fold_name
from core.collection.reading.names import parse_file_name
from core.collection.reading.splits import parse_split
from core.collection.wording import list_some

Meaning = Literal["style", "artist", "genre", "split", "*"]
_MEANINGS: Final = ("style", "artist", "genre", "split", "*")
_TIME: Final = re.compile(
    r"c\.?-?\d{1,2}(th)?|\d{1,2}(st|nd|rd|th)|(ca?\.?-?)?\d{4}s?(-\d{2,4}s?)?|[ivx]{2,6}|"
    r".*(centur|si[eè]cle|jahrhundert|secolo|siglo|eeuw).*"
)
_MOST_OF_A_FOLDER: Final = 20
_MOST_SAMPLED: Final = 500
_SURE: Final = 0.8  # share of names that must say the same


@dataclass(frozen=True)
class Layout:
    """Meanings of the folders from the collection's root down; ``deeper`` reads those below too."""

    levels: tuple[Meaning, ...]
    deeper: bool = False

    def __str__(self) -> str:
        return "/".join([*self.levels, *(["**"] if self.deeper else [])])

    def read(self, folders: Sequence[str]) -> dict[Meaning, str] | None:
        """Meaning -> name for the folders of one picture; ``None`` where they do not fit.

        Levels below the style may be absent.
        """
        least, most = self.levels.index("style") + 1, len(self.levels)
        if len(folders) < least or (len(folders) > most and not self.deeper):
            return None
        return dict(zip(self.levels, folders, strict=False))


def parse_layout(text: str) -> Layout:
    """The layout that a user writes. Raises ``CollectionError`` for one that is none.

    >>> str(parse_layout("Split/Style/**"))
    'split/style/**'
    """
    words = [word.strip().casefold() for word in text.strip().strip("/").split("/")]
    deeper = words[-1] == "**"
    levels: list[Meaning] = [each for word in words for each in _MEANINGS if word == each]
    if len(levels) + deeper != len(words) or levels.count("style") != 1:
        raise CollectionError(
            f"--layout {text} is not a layout of folders",
            found=f"the levels {list_some(words)}",
            expected="style once, with artist, genre, split, * (any other level) before or after "
            "it, and ** at the end for whatever lies deeper",
            remedy="Examples: --layout style/artist, --layout split/style, --layout '*/style'.",
        )
    return Layout(tuple(levels), deeper)


def find_home(folders: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """The folders that hold all others: ``("download", "wikiart")``.

    ``folders`` are those of each picture, from the root down; pictures in none are passed over.
    """
    left = {each for each in folders if each}
    home: tuple[str, ...] = ()
    while len({each[0] for each in left}) == 1 and min(map(len, left)) > 1:
        home += (next(iter(left))[0],)
        left = {each[1:] for each in left}
    return home


def find_layout(images: Sequence[str], where: str) -> Layout:
    """The layout of pictures at ``images``, POSIX paths below the folder ``where``.

    Each lies in a folder at least. Raises ``CollectionError``, with the flags to choose from, where
    names and depths do not tell which level holds the styles.
    """
    groups: dict[str, list[str]] = {}
    for image in images:
        groups.setdefault(image.rpartition("/")[0], []).append(image)
    # a few of each folder show what all of it is
    paths = [image.split("/") for group in groups.values() for image in group[:_MOST_OF_A_FOLDER]]
    least, most = min(map(len, paths)) - 1, max(map(len, paths)) - 1
    split = all(parse_split(top) for top in {path[0] for path in paths})
    mixed = least == 1 and most > 1
    if mixed and not split and _hangs_below(groups) and _find_meanings(paths, 1) == [None]:
        return Layout(("style",), deeper=True)
    if mixed:  # what lies directly in a folder does not tell what the folders in it are
        paths = [path for path in paths if len(path) > 2]
        least = min(map(len, paths)) - 1
    meanings = _find_meanings(paths, least)
    if least > 1:  # one folder tells no paintings apart
        for level in range(least):
            if len({path[level] for path in paths}) == 1:
                meanings[level] = "*"
    unknown = [level for level, meaning in enumerate(meanings) if meaning is None]
    if mixed and not split and unknown != [0]:
        raise _unclear(paths, [Layout(("style",), deeper=True), *_choices(meanings, paths)], where)
    if not unknown:
        raise _no_style(paths, where)
    if len(unknown) > 1:
        raise _unclear(paths, _choices(meanings, paths), where)
    found = tuple("style" if meaning is None else meaning for meaning in meanings)
    return Layout(found, deeper=most > least)


def _hangs_below(groups: dict[str, list[str]]) -> bool:
    """Whether deeper folders only part the pictures of a style.

    None has the name of a folder of the first level, and most of these hold pictures themselves.
    ``groups`` maps each folder to its pictures.
    """
    direct = {folder for folder in groups if "/" not in folder}
    deeper = {folder: folder.split("/") for folder in groups if "/" in folder}
    tops = {fold_name(folder.partition("/")[0]) for folder in groups}
    if tops & {fold_name(name) for names in deeper.values() for name in names[1:]}:
        return False
    beside = sum(len(groups[folder]) for folder, names in deeper.items() if names[0] not in direct)
    return beside == 0 or (len(direct) > 1 and beside <= sum(map(len, groups.values())) / 2)


def _find_meanings(paths: Sequence[list[str]], levels: int) -> list[Meaning | None]:
    """Meaning of each level of folders; ``None`` for one that nothing tells."""
    step = -(-len(paths) // _MOST_SAMPLED)
    artists = [_artist_words(path[-1]) for path in paths[::step]]
    return [
        _find_meaning(
            [path[level] for path in paths], [path[level] for path in paths[::step]], artists
        )
        for level in range(levels)
    ]


def _find_meaning(
    names: list[str], sampled: list[str], artists: list[frozenset[str]]
) -> Meaning | None:
    different = set(names)
    if all(parse_split(name) for name in different):
        return "split"
    if sum(is_time(name) for name in different) >= _SURE * len(different):
        return "*"
    named = [
        (_words(name), artist) for name, artist in zip(sampled, artists, strict=True) if artist
    ]
    agree = sum(bool(folder) and folder <= artist for folder, artist in named)
    return "artist" if agree >= _SURE * max(1, len(sampled)) else None


def is_time(name: str) -> bool:
    """Whether a folder's name is a time: ``c17``, ``1900-1910``, ``19th century``."""
    return _TIME.fullmatch(re.sub(r"[\s_–]+", "-", name.strip().casefold())) is not None


def _artist_words(file: str) -> frozenset[str]:
    """Words of the artist that a file's name begins with; none where it names no title beside."""
    told = parse_file_name(file)
    titled = told.title is not None and re.search(r"[^\W\d]{2}", told.title) is not None
    return _words(told.artist) if told.artist and titled else frozenset()


def _words(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", fold_name(name).replace("_", " ")))


def _choices(meanings: list[Meaning | None], paths: Sequence[list[str]]) -> list[Layout]:
    """The layouts that may be meant: one for each level that nothing tells."""
    choices = []
    for level in (level for level, meaning in enumerate(meanings) if meaning is None):
        told: list[Meaning] = [meaning or "*" for meaning in meanings]
        told[level] = "style"
        deeper = any(len(path) > len(meanings) + 1 for path in paths)
        choices.append(Layout(tuple(told), deeper))
    return choices


def _unclear(paths: Sequence[list[str]], choices: list[Layout], where: str) -> CollectionError:
    """Asks which level holds the styles, with the flag for each."""
    flags = []
    for layout in choices:
        level = layout.levels.index("style")
        names = list_some(sorted({path[level] for path in paths}), 4)
        flags.append(f"--layout {shlex.quote(str(layout))} for {names}")
    return CollectionError(
        f"{where} holds folders in folders, and their names do not tell which are the styles",
        found="/".join(paths[0]),
        expected="one folder a style",
        remedy=f"Say which: {', or '.join(flags)}.",
    )


def _no_style(paths: Sequence[list[str]], where: str) -> CollectionError:
    names = sorted({path[-2] for path in paths})
    what = "splits" if all(map(parse_split, names)) else "times or artists"
    return CollectionError(
        f"The folders of {where} are {what}, not styles",
        found="/".join(paths[0]),
        expected="one folder a style",
        remedy="If the folder above is one of several styles, give what holds them all; else list "
        "the paintings with their styles in a table. --layout style takes these folders for "
        "styles all the same.",
    )
