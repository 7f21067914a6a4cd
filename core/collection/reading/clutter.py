"""Names of what systems, network drives and browsers leave among pictures: no folder of it is a
style, no file a painting.
"""

from __future__ import annotations

import re
from typing import Final

_FOLDERS: Final = frozenset(
    (
        # recycle bins
        *("#recycle", "recycled", "recycler", "trash", "trashbox", "deleted items", "recycle bin"),
        *("papierkorb", "corbeille", "cestino", "papelera", "papelera de reciclaje", "lixeira"),
        *("prullenbak", "papperskorgen", "papirkurv"),
        # network drives: Synology, QNAP, and what macOS leaves on them
        *("#snapshot", "network trash folder", "temporary items", "thevolumesettingsfolder"),
        *("__macosx", "resource.frk", "desktop db", "desktop df"),
        # disks
        *("lost+found", "system volume information", "msdownld.tmp", "__pycache__"),
        *("windowsimagebackup", "node_modules", "_gsdata_", "thumbs.db"),
        # smaller copies that programs make
        *("thumbnail", "thumbnails", "thumbs", "cache", "caches", "_thumbs", "_thumbnails"),
        *("ipod photo cache", "picasa originals"),
    )
)
# @eaDir, @Recycle, $RECYCLE.BIN, ~snapshot, FOUND.000, Previews.lrdata: no museum names folders so.
_FOLDER_FORMS: Final = re.compile(
    r"[@$~].*|.*\.(?:lrdata|cocatalog)|found\.\d{3}|lost\+found.*|\.?trash-\d+|_vti_\w+"
)
# Names that people give to folders, and seldom to styles: asked about, not left out.
_DOUBTFUL: Final = re.compile(
    r"(?:back ?ups?|old|new|te?mp|misc(?:ellaneous)?|various|others?|(?:not |un)sorted|unknown|"
    r"untitled|to ?do|new folder|untitled folder|neuer ordner|nouveau dossier|nueva carpeta|"
    r"previews?|web|(?:low|high) ?res|originals?|small|large|jpe?gs?|tiffs?|pngs?|scans?|images?|"
    r"pictures?|photos?|downloads?|exports?|exported|duplicates?|deleted|rejected|archived?|"
    r"sonstiges?|divers|verschiedenes?|unbekannt|inconnu|sin clasificar)(?: ?\(?\d+\)?)?"
)
_COPY: Final = re.compile(
    r"(?:copy of|kopie von|copie de) .+|.+(?: ?\(\d+\)| (?:copy|kopie|copie|copia)(?: ?\(?\d+\)?)?)"
)
_FILES: Final = frozenset(
    ("thumbs.db", "ehthumbs.db", "desktop.ini", "picasa.ini", "zbthumbnail.info", "icon\r")
)
UNREAD_SUFFIXES: Final = frozenset(
    (
        # Raw files of cameras begin as a TIFF does, and hold a small preview where it has pages.
        *(".3fr", ".arw", ".cr2", ".cr3", ".crw", ".dcr", ".dng", ".erf", ".iiq", ".kdc", ".mef"),
        *(".mos", ".nef", ".nrw", ".orf", ".pef", ".raf", ".raw", ".rw2", ".rwl", ".sr2", ".srf"),
        *(".srw", ".x3f"),
        # Documents of editors, drawings, and formats that few programs show.
        *(".ai", ".cdr", ".cin", ".dcm", ".dds", ".djvu", ".dpx", ".emf", ".eps", ".exr", ".fits"),
        *(".hdr", ".icns", ".ico", ".jls", ".jxl", ".jxr", ".kra", ".pbm", ".pcx", ".pgm", ".pict"),
        *(".pnm", ".ppm", ".psb", ".psd", ".ras", ".sgi", ".svg", ".svgz", ".tga", ".wdp", ".wmf"),
        *(".xbm", ".xcf", ".xpm"),
    )
)
"""Endings of pictures that are not read, whatever their first bytes look like."""

# What a browser or a copying program has not finished.
_UNFINISHED: Final = (".part", ".partial", ".crdownload", ".download", ".opdownload", ".filepart")


def is_system_folder(name: str) -> bool:
    """Whether a folder of this name is a recycle bin, a cache or a system's own.

    >>> is_system_folder("#recycle"), is_system_folder("@eaDir"), is_system_folder("Baroque")
    (True, True, False)
    """
    folded = name.casefold().strip()
    return folded in _FOLDERS or _FOLDER_FORMS.fullmatch(folded) is not None


def is_doubtful(name: str) -> bool:
    """Whether a folder's ``name`` is seldom that of a style, though it may be.

    >>> is_doubtful("tmp"), is_doubtful("Cubism - Copy"), is_doubtful("Cubism")
    (True, True, False)
    """
    folded = " ".join(re.split(r"[\s_-]+", name.casefold()))
    return _DOUBTFUL.fullmatch(folded) is not None or _COPY.fullmatch(folded) is not None


def is_system_file(name: str) -> bool:
    """Whether a file of this name is a system's own: ``Thumbs.db``."""
    return name.casefold() in _FILES


def is_unfinished(name: str) -> bool:
    """Whether a file of this name was not fetched to its end: ``night-watch.jpg.part``."""
    return name.casefold().endswith(_UNFINISHED)
