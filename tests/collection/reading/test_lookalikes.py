import unicodedata

import pytest

from core.collection.reading.lookalikes import Lookalikes


@pytest.mark.parametrize(
    ("listed", "there"),
    [
        ("été/1.jpg", unicodedata.normalize("NFD", "été/1.jpg")),
        ("img/1.jpg", "IMG/1.JPG"),
        ("img/1.tif", "img/1.jpg"),
        ("img/1", "img/1.Jpeg"),
        ("img/a.b", "img/a.b.png"),
        ("PortrÃ¤t.jpg", "Porträt.jpg"),
        ("Portrat 1.jpg", "Porträt_1.png"),
        ("a  b.jpg", "a b.jpg"),
    ],
)
def test_one_file_is_found_by_a_path_of_other_form(listed: str, there: str) -> None:
    files, difference = Lookalikes([there, "img/2.jpg"]).find(listed)
    assert files == (there,)
    assert difference.startswith("a name ")


def test_the_strictest_form_decides() -> None:
    looks = Lookalikes(["IMG_1.JPG", "img_1.jpeg", "x.png", "x.gif"])
    assert looks.find("img_1.jpg") == (("IMG_1.JPG",), "a name in other case")
    assert looks.find("x.tif")[0] == ("x.png", "x.gif")
    assert looks.find("y.tif") == ((), "")


def test_an_ending_that_is_none_of_a_picture_is_part_of_the_name() -> None:
    assert Lookalikes(["work.1.jpg"]).find("work.2.jpg") == ((), "")
    assert Lookalikes(["work.1.jpg"]).find("work.1")[0] == ("work.1.jpg",)


def test_files_below_other_folders() -> None:
    looks = Lookalikes(["a/img/1.jpg", "b/img/2.jpg", "c/img/2.jpg", "1.jpg"])
    assert looks.ends_with("img/1.jpg") == ["a/img/1.jpg"]
    assert looks.ends_with("IMG/2.tif") == ["b/img/2.jpg", "c/img/2.jpg"]
    assert looks.ends_with("g/1.jpg") == []
