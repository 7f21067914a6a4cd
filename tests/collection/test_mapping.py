from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.collection.errors import CollectionError
from core.collection.mapping import (
    Mapping,
    SavedJoin,
    load_mapping,
    load_presets,
    recognise,
    save_mapping,
)
from core.collection.open import SourceOptions, load_options_table
from core.collection.reading.roles import ROLES, find_columns
from core.label_word import name_labels

# A few columns of each museum's header, and those that play the roles.
MUSEUMS = {
    "Met": (
        "Object Number,Is Public Domain,Object ID,Department,Object Name,Title,Culture,Period,"
        "Artist Display Name,Artist Begin Date,Artist End Date,Object Date,Object Begin Date,"
        "Object End Date,Classification",
        {"key": "Object ID", "year": "Object Date", "year_from": "Object Begin Date"},
    ),
    "MoMA": (
        "Title,Artist,ConstituentID,ArtistBio,BeginDate,EndDate,Date,DateAcquired,ObjectID,"
        "ImageURL,Classification",
        {"key": "ObjectID", "year": "Date", "address": "ImageURL", "artist": "Artist"},
    ),
    "Tate": (
        "id,accession_number,artist,artistRole,title,dateText,year,acquisitionYear,thumbnailUrl",
        {"key": "id", "year": "dateText", "address": "thumbnailUrl"},
    ),
    "National Gallery of Art": (
        "objectid,title,displaydate,beginyear,endyear,visualbrowsertimespan,attributioninverted,"
        "attribution,classification",
        {"artist": "attribution", "year": "displaydate", "year_to": "endyear"},
    ),
    "Cleveland": (
        "id,accession_number,share_license_status,tombstone,title,creation_date,"
        "creation_date_earliest,creation_date_latest,creators,type,image_web,image_print,image_full",
        {"artist": "creators", "rights": "share_license_status", "address": "image_web"},
    ),
    "Carnegie": (
        "title,creation_date,creation_date_earliest,creation_date_latest,accession_number,id,"
        "classification,image_url,party_type,full_name,cited_name,birth_date",
        {"artist": "full_name", "key": "id", "year_to": "creation_date_latest"},
    ),
    "Denmark": (
        "object_number,id,titles,artist,production_date,production_date_start,object_names,"
        "responsible_department,public_domain,image_native,image_thumbnail",
        {"key": "object_number", "title": "titles", "address": "image_native"},
    ),
    "Chicago": (
        "id,title,main_reference_number,artist_title,date_display,date_start,date_end,"
        "department_title,style_title,style_titles,image_url",
        {"style": "style_title", "artist": "artist_title", "year": "date_display"},
    ),
    "Rijksmuseum": (
        "objectInventoryNumber,objectPersistentIdentifier,objectTitle[1],objectType[1],"
        "objectCreator[1],objectCreationDate[1],objectImage",
        {"title": "objectTitle[1]", "artist": "objectCreator[1]", "address": "objectImage"},
    ),
    "Harvard": (
        "objectid,objectnumber,title,dated,datebegin,dateend,period,style,people,"
        "verificationlevel,imagepermissionlevel,primaryimageurl",
        {"style": "style", "artist": "people", "year": "dated", "key": "objectnumber"},
    ),
}


@pytest.mark.parametrize("museum", MUSEUMS)
def test_a_museums_table_is_recognised_and_leaves_the_label_open_at_most(museum: str) -> None:
    header, roles = MUSEUMS[museum]
    names = header.split(",")
    preset = recognise(names)
    assert preset is not None
    assert museum in preset.name
    found = find_columns(names, {}, where=museum, known=preset.known())
    assert roles.items() <= found.chosen.items()
    assert {question.role for question in found.questions} <= {"style"}
    assert all(question.answers for question in found.questions)


def test_every_preset_is_tested_and_no_table_has_two() -> None:
    assert len(load_presets()) == len(MUSEUMS)
    for header, _ in MUSEUMS.values():
        assert sum(preset.fits(header.split(",")) for preset in load_presets()) == 1


def test_other_tables_are_no_museums() -> None:
    assert recognise(["id", "title", "artist", "year", "style", "file"]) is None


@given(
    st.dictionaries(
        st.sampled_from(list(ROLES)), st.text(st.characters(exclude_categories=["Cs"]))
    ),
    st.text(st.characters(exclude_categories=["Cs"])),
)
def test_what_is_saved_is_loaded(
    tmp_path_factory: pytest.TempPathFactory, columns: dict[str, str], text: str
) -> None:
    file = tmp_path_factory.mktemp("mapping") / "m.toml"
    saved = Mapping(
        name=text,
        columns=columns,
        join=(SavedJoin(table=str(file.parent / "terms.csv"), on=text),),
        join_where=(text, "a=b"),
    )
    save_mapping(file, saved)
    assert 'table = "terms.csv"' in file.read_text()
    assert load_mapping(file) == saved


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("columns = 3", "name"),
        ('name = "m"\n[columns]\nstyel = "Movement"', "no such role: styel; there are key"),
        ("name = ", "not a mapping"),
        ('name = "m"\nflavour = 1\n[columns]\n', "flavour"),
    ],
)
def test_what_is_no_mapping_is_said(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "m.toml").write_text(text)
    with pytest.raises(CollectionError, match=said):
        load_mapping(tmp_path / "m.toml")


def test_a_mapping_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(CollectionError, match=r"cannot be read.*No such file.*--save-mapping"):
        load_mapping(tmp_path / "m.toml")
    with pytest.raises(CollectionError, match="cannot be written"):
        save_mapping(tmp_path / "no" / "m.toml", Mapping(name="", columns={}))


def test_a_mapping_keeps_what_the_labels_are_called(tmp_path: Path) -> None:
    table = tmp_path / "works.csv"
    table.write_text("file,School\na.jpg,Dutch\nb.jpg,Roman\n")
    told = load_options_table(SourceOptions(data=str(table), label_column="School"))
    save_mapping(tmp_path / "m.toml", told.as_mapping())
    again = SourceOptions(data=str(table), mapping=tmp_path / "m.toml")
    assert load_options_table(again).word == name_labels("school")
    other = SourceOptions(data=str(table), mapping=tmp_path / "m.toml", label_word="workshop")
    assert load_options_table(other).word.plural == "workshops"


def test_tates_movements_are_called_so_unless_a_flag_names_another_column(tmp_path: Path) -> None:
    file = tmp_path / "tate.csv"
    header, _ = MUSEUMS["Tate"]
    file.write_text(f"{header},movement,medium\n" + "," * (header.count(",") + 1) + "Dada,Oil\n")
    table = load_options_table(SourceOptions(str(file)))
    assert (table.columns.chosen["style"], table.word) == ("movement", name_labels("movement"))
    other = load_options_table(SourceOptions(str(file), style_column="medium"))
    assert other.word == name_labels("style")
