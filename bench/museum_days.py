"""A museum's day, timed: from its table, with addresses and several labels, to the dashboard.

    python -m bench.museum_days tate FOLDER [train.py's arguments]
    python -m bench.museum_days nga FOLDER

Tate: its works with a movement, as they are, addresses turned to a server on this machine that
answers with pictures of wikiart-mini, one style's for a movement. National Gallery of Art: its
three tables, with wikiart-mini's works by painters whose schools are given below; a painter of two
countries has two. Two commands follow, as a museum types them, ``train.py`` and the dashboard;
each is timed on the clock and on the processor, and the dashboard until a first page comes.
Printed is a Markdown table; the folder keeps tables, pictures and run.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import resource
import shlex
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

from bench.server import find_port

SHARED: Final = Path("../shared")
PAINTINGS: Final = SHARED / "wikiart-mini"
TATE: Final = SHARED / "museums" / "tate_paintings_with_movement.csv"
NGA: Final = SHARED / "museums" / "nga_objects.csv"
PORT: Final = 8765  # of the pictures; the same in every run, or all would be fetched anew
_NAME: Final = re.compile(r"(?P<artist>[^_]+)_(?P<title>.+?)(?:-(?P<year>1[4-9]\d\d|20\d\d))?\.jpg")
# fmt: off
SCHOOLS: Final = {
    "American": """jackson-pollock franz-kline william-h.-johnson hans-hofmann richard-tuttle
        maurice-prendergast miriam-schapiro edward-corbett brice-marden conrad-marca-relli
        saul-steinberg roy-lichtenstein norman-bluhm lyonel-feininger richard-artschwager max-weber
        ellsworth-kelly ronnie-landfield milton-avery louis-schanker joe-goode george-segal
        james-mcneill-whistler audrey-flack walter-darby-bannard benjamin-west mark-rothko
        marsden-hartley gene-davis frank-stella eva-hesse grandma-moses horace-pippin
        arshile-gorky andy-warhol claes-oldenburg peter-max perle-fine john-mccracken""",
    "French": """raoul-dufy henri-matisse henri-martin jean-metzinger charles-lapicque
        camille-pissarro paul-signac henri-edmond-cross georges-seurat auguste-herbin
        jean-baptiste-simeon-chardin jean-hugo andre-derain claude-lorrain
        maurice-quentin-de-la-tour georges-braque antoine-watteau maurice-de-vlaminck
        louise-elisabeth-vigee-le-brun jean-marc-nattier jean-honore-fragonard jean-baptiste-oudry
        hubert-robert francois-boucher fernand-leger othon-friesz martial-raysse marcel-duchamp
        roger-de-la-fresnaye louis-valtat armand-guillaumin albert-marquet seraphine-louis
        paul-cezanne odilon-redon louis-vivin jules-lefranc james-tissot henri-rousseau
        camille-bombois andre-bauchant antoine-pesne pablo-picasso marc-chagall joan-miro
        kees-van-dongen marevna-(marie-vorobieff) niki-de-sainte-phalle""",
    "Russian": """kazimir-malevich martiros-saryan pyotr-konchalovsky david-burliuk
        mstislav-dobuzhinsky dmitry-levitzky vladimir-borovikovsky natalia-goncharova ilya-mashkov
        fyodor-rokotov zinaida-serebriakova boris-kustodiev pavel-filonov mikhail-nesterov
        jury-annenkov el-lissitzky marc-chagall marevna-(marie-vorobieff) viktor-vasnetsov""",
    "British": """mary-fedden joshua-reynolds william-hogarth joseph-wright thomas-gainsborough
        john-russell george-morland patrick-caulfield allan-ramsay john-duncan-fergusson
        richard-hamilton patrick-procktor fred-yates augustus-john william-blake peter-blake
        peter-phillips pauline-boty william-scott john-atkinson-grimshaw benjamin-west
        james-tissot""",
    "Japanese": """utagawa-toyokuni-ii utagawa-toyokuni utagawa-sadatora utagawa-kuniyoshi
        utagawa-kunisada tsukioka-yoshitoshi ogata-gekko kitagawa-utamaro keisai-eisen
        katsushika-hokusai ito-jakuchu hiroshige utagawa-kunisada-ii yayoi-kusama ito-shinsui
        aki-kuroda tsuruko-yamazaki hiro-yamagata""",
    "Italian": """canaletto mario-schifano giovanni-domenico-tiepolo giovanni-battista-tiepolo
        pietro-longhi bernardo-bellotto alberto-magnelli umberto-boccioni antonio-ligabue
        valerio-adami tano-festa guido-reni francesco-guardi caravaggio annibale-carracci
        agostino-carracci artemisia-gentileschi pietro-da-cortona""",
    "Spanish": """pablo-picasso salvador-dali joan-miro francisco-bayeu-y-subias diego-velazquez
        francisco-de-zurbaran bartolome-esteban-murillo juan-de-valdes-leal""",
    "Dutch": """piet-mondrian kees-van-dongen jan-toorop jan-sluyters rembrandt frans-hals
        johannes-vermeer jan-steen gerrit-dou gabriel-metsu willem-kalf pieter-de-hooch
        gerard-terborch adriaen-van-ostade theo-van-doesburg""",
    "Belgian": """theo-van-rysselberghe georges-lemmen rik-wouters james-ensor leon-spilliaert
        fernand-khnopff felicien-rops evelyne-axell""",
    "German": """max-ernst max-pechstein lovis-corinth blinky-palermo august-macke franz-marc
        franz-stuck antoine-pesne lyonel-feininger hans-hofmann""",
    "Romanian": "viorel-marginean ion-pacea vasile-dobrian samuel-mutzner theodor-pallady",
    "Hungarian": "endre-bartos bela-czobel bela-kadar gulacsy-lajos tivadar-kosztka-csontvary",
    "Brazilian": "aldemir-martins tarsila-do-amaral candido-portinari claudio-tozzi",
}
# fmt: on


class Pictures(BaseHTTPRequestHandler):
    """Answers ``/7.jpg`` with the eighth picture of the set, ``/iiif/7/...`` as a IIIF image."""

    protocol_version = "HTTP/1.1"
    files = sorted(PAINTINGS.rglob("*.jpg"))

    def do_GET(self) -> None:
        number = re.search(r"\d+", self.path)
        body = self.files[int(number[0]) % len(self.files)].read_bytes() if number else b""
        if self.path.endswith("info.json"):
            body = json.dumps(
                {
                    "@context": "http://iiif.io/api/image/2/context.json",
                    "@id": f"http://127.0.0.1:{PORT}{self.path.removesuffix('/info.json')}",
                    "protocol": "http://iiif.io/api/image",
                    "width": 224,
                    "height": 224,
                    "profile": ["http://iiif.io/api/image/2/level2.json"],
                }
            ).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    do_HEAD = do_GET  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Says nothing."""


def list_by_style() -> dict[str, list[int]]:
    numbers = defaultdict(list)
    for number, file in enumerate(Pictures.files):
        numbers[file.parent.name].append(number)
    return numbers


def make_tate(folder: Path) -> list[str]:
    """Writes the table; returns what ``train.py`` is told of it."""
    with TATE.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    pictures = list_by_style()
    styles = sorted(pictures)
    movements = sorted({each.strip() for row in rows for each in row["movement"].split(";")})
    taken = {name: iter(numbers) for name, numbers in pictures.items()}
    for row in rows:
        style = styles[movements.index(row["movement"].split(";")[0].strip()) % len(styles)]
        number = next(taken[style], None)
        if number is None:  # the style has fewer pictures than the movement works
            taken[style] = iter(pictures[style])
            number = next(taken[style])
        if row["thumbnailUrl"]:
            row["thumbnailUrl"] = f"http://127.0.0.1:{PORT}/{number}.jpg?{row['id']}"
    write(folder / "tate.csv", list(rows[0]), rows)
    return [str(folder / "tate.csv")]


def make_nga(folder: Path) -> list[str]:
    """Writes the three tables; returns what ``train.py`` is told of them."""
    with NGA.open(newline="") as table:
        columns = csv.DictReader(table).fieldnames or []
    schools = defaultdict(list)
    for school, painters in SCHOOLS.items():
        for painter in painters.split():
            schools[painter].append(school)
    objects, terms, images = [], [], []
    for number, file in enumerate(Pictures.files):
        told = _NAME.fullmatch(file.name)
        if told is None or told["artist"] not in schools:
            continue
        key, year = 100_000 + number, told["year"] or ""
        name = told["artist"].replace("-", " ").title()
        objects.append(
            {
                "objectid": key,
                "accessioned": 1,
                "title": told["title"].replace("-", " ").capitalize(),
                "displaydate": year,
                "beginyear": year,
                "endyear": year,
                "attribution": name,
                "classification": "Painting",
                "isvirtual": 0,
            }
        )
        terms += [
            {"objectid": key, "termtype": "School", "term": school}
            for school in schools[told["artist"]]
        ]
        address = f"http://127.0.0.1:{PORT}/iiif/{number}"
        images.append({"iiifurl": address, "viewtype": "primary", "depictstmsobjectid": key})
    write(folder / "objects.csv", list(columns), objects)
    write(folder / "objects_terms.csv", ["objectid", "termtype", "term"], terms)
    write(folder / "published_images.csv", list(images[0]), images)
    return [
        *(str(folder / "objects.csv"), "--label-word", "school"),
        *("--join", str(folder / "objects_terms.csv"), "--on", "objectid"),
        *("--join-where", "termtype=School"),
        *("--join", str(folder / "published_images.csv"), "--on", "objectid=depictstmsobjectid"),
        *("--join-where", "viewtype=primary"),
    ]


def write(path: Path, columns: list[str], rows: list[dict[str, object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("museum", choices=["tate", "nga"])
    parser.add_argument("folder", type=Path)
    options, further = parser.parse_known_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    server = ThreadingHTTPServer(("127.0.0.1", PORT), Pictures)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    told = (make_tate if options.museum == "tate" else make_nga)(options.folder)
    artifacts = options.folder / "artifacts"
    train = [sys.executable, "train.py", *told, "--images", str(options.folder / "pictures")]
    train += ["--profile", "quick", "--artifacts", str(artifacts), *further]
    print("| command | wall | processor |\n|---|---|---|", flush=True)
    print_cost(train, *run(train))
    show = [sys.executable, "-m", "dashboard", "--artifacts", str(artifacts)]
    print_cost(show, *start(show))


def run(words: list[str]) -> tuple[float, float]:
    began = time.perf_counter()
    subprocess.run(words, check=True, stdout=sys.stderr)
    return time.perf_counter() - began, read_processor()


def start(words: list[str]) -> tuple[float, float]:
    """Until the dashboard can answer; then it is ended."""
    port = find_port()
    before, began = read_processor(), time.perf_counter()
    process = subprocess.Popen([*words, "--port", str(port)], stdout=subprocess.DEVNULL)
    for _ in wait():
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz"):
                break
        except OSError:
            if process.poll() is not None:
                raise SystemExit("the dashboard ended by itself") from None
    wall = time.perf_counter() - began
    process.send_signal(signal.SIGINT)
    process.wait()
    return wall, read_processor() - before


def wait() -> Iterator[None]:
    while True:
        yield
        time.sleep(0.1)


def read_processor() -> float:
    """Seconds of all commands that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def print_cost(words: list[str], wall: float, processor: float) -> None:
    typed = shlex.join(["python", *(os.path.relpath(each) if "/" in each else each
                                    for each in words[1:])])  # fmt: skip
    print(f"| `{typed}` | {wall:.0f} s | {processor:.0f} s |", flush=True)


if __name__ == "__main__":
    main()
