import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.collection.reading.dates import LATEST_YEAR
from core.collection.reading.names import (
    EARLIEST_YEAR,
    artist_from_slug,
    parse_file_name,
    split_year,
    title_from_slug,
)


@pytest.mark.parametrize(
    ("slug", "name"),
    [
        ("hilma-af-klint", "Hilma af Klint"),
        ("jackson-pollock", "Jackson Pollock"),
        ("rogier-van-der-weyden", "Rogier van der Weyden"),
        ("maurice-quentin-de-la-tour", "Maurice Quentin de la Tour"),
        ("henri-le-fauconnier", "Henri Le Fauconnier"),
        ("henri-de-toulouse-lautrec", "Henri de Toulouse-Lautrec"),
        ("pierre-auguste-renoir", "Pierre-Auguste Renoir"),
        ("le-corbusier", "Le Corbusier"),
        ("el-greco", "El Greco"),
        ("m.c.-escher", "M.C. Escher"),
        ("t.-c.-steele", "T. C. Steele"),
        ("georgia-o'keeffe", "Georgia O'Keeffe"),
        ("pierre-paul-prud'hon", "Pierre-Paul Prud'hon"),
        ("utagawa-toyokuni-ii", "Utagawa Toyokuni II"),
        ("marevna-(marie-vorobieff)", "Marevna (Marie Vorobieff)"),
        ("joaquã\xadn-sorolla", "Joaquín Sorolla"),
        ("georges-lacombeâ\xa0", "Georges Lacombe"),
        ("Vincent_van_Gogh", "Vincent van Gogh"),
        ("aaron siskind", "Aaron Siskind"),
    ],
)
def test_a_slug_reads_as_a_person(slug: str, name: str) -> None:
    assert artist_from_slug(slug) == name


@pytest.mark.parametrize(
    ("name", "artist", "title", "year"),
    [
        ("hilma-af-klint_the-swan-no-17-1915.jpg", "Hilma af Klint", "The swan no 17", 1915),
        ("claude-monet_water-lilies-1917-6.jpg", "Claude Monet", "Water lilies 6", 1917),
        ("gene-davis_untitled-1979(3).jpg", "Gene Davis", "Untitled", 1979),
        ("otto-dix_war.jpg", "Otto Dix", "War", None),
        ("m.c.-escher_hand-1935.png", "M.C. Escher", "Hand", 1935),
        ("hieronymus-bosch_not_detected_195351.jpg", "Hieronymus Bosch", None, None),
        ("ion-nicodim_unknown-title(21).jpg", "Ion Nicodim", None, None),
        ("jean-david_composition-3054.jpg", "Jean David", "Composition 3054", None),
        ("paul-klee_1914.jpg", "Paul Klee", None, 1914),
        ("mestre-ataã\xadde_anjo-1823.jpg", "Mestre Ataíde", "Anjo", 1823),
    ],
)
def test_a_file_name_tells_artist_title_and_year(
    name: str, artist: str, title: str | None, year: int | None
) -> None:
    told = parse_file_name(name)
    assert (told.artist, told.title, told.year) == (artist, title, year)


@pytest.mark.parametrize("name", ["IMG_2041.jpg", "scan_0001.png", "0412_a.jpg", "sunset.jpg"])
def test_a_camera_or_a_number_is_no_artist(name: str) -> None:
    assert parse_file_name(name).artist is None


@pytest.mark.parametrize(
    ("slug", "title"),
    [
        ("h-usliche-sorgen", "H-usliche sorgen"),
        ("m-dchen-am-fenster", "M-dchen am fenster"),
        ("fr-hling", "Fr-hling"),
        ("view-to-m-dling", "View to m-dling"),
        ("le-gai-ch-teau", "Le gai ch-teau"),
        ("portrait-of-n-p-passek", "Portrait of n p passek"),
        ("michael-j-mcgivney", "Michael j mcgivney"),
        ("st-margaret-and-mr-ward", "St margaret and mr ward"),
        ("i-ll-be-brief", "I ll be brief"),
    ],
)
def test_a_word_that_lost_a_letter_stays_one_word(slug: str, title: str) -> None:
    assert title_from_slug(slug) == title


def test_titles_get_their_apostrophes_back() -> None:
    assert title_from_slug("portrait-of-the-artist-s-son") == "Portrait of the artist's son"
    assert title_from_slug("l-atelier-de-mirmande") == "L'atelier de mirmande"
    assert title_from_slug("f-s-6") == "F s 6"
    assert title_from_slug("composition-viii") == "Composition VIII"


@given(st.text(alphabet="abcdefgh-", max_size=30), st.integers(EARLIEST_YEAR, LATEST_YEAR))
def test_a_year_written_at_the_end_is_read_back(slug: str, year: int) -> None:
    assert split_year(f"{slug}-{year}") == (slug, year)


@given(st.text(max_size=40))
def test_no_file_name_is_too_odd_to_parse(name: str) -> None:
    told = parse_file_name(name)
    assert told.year is None or EARLIEST_YEAR <= told.year <= LATEST_YEAR
    assert told.artist is None or told.artist == told.artist.strip() != ""
    assert told.title is None or told.title == told.title.strip() != ""
