"""What an address is by its form, as museums' tables write them."""

from __future__ import annotations

import pytest

from core.fetch.addresses import base_of, host_of, name_file, origin_of, recognise


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("https://openaccess-cdn.clevelandart.org/2020.113/2020.113_web.jpg", "picture"),
        ("http://lh3.googleusercontent.com/Ckjq-HkB2XhEsbuMsei0=s0", "picture"),
        ("http://nrs.harvard.edu/urn-3:HUAM:INV202403_dynmc", "picture"),
        ("http://collection.cmoa.org/CollectionImage.aspx?irn=150070&size=Medium", "picture"),
        ("https://www.artic.edu/iiif/2/b55d836c/full/843,/0/default.jpg", "picture"),
        ("https://api.nga.gov/iiif/b80c8fef/full/!200,200/0/default.jpg", "picture"),
        ("https://iip.smk.dk/iiif/jp2/pc4.tif.jp2/full/full/0/native.jpg", "picture"),
        ("https://a.org/iiif/3/x/pct:10,10,80,80/^max/!90/gray.png", "picture"),
        ("https://api.nga.gov/iiif/b80c8fef-a677-5340-85fb-2c162d75df03", "image base"),
        ("https://iip.smk.dk/iiif/jp2/pc4.tif.jp2", "image base"),
        ("https://iiif.micr.io/PJEZO", "image base"),
        ("https://images.a.org/x/info.json", "image base"),
        ("s3://scans/1.tif", "bucket"),
        ("hf://datasets/a/b/1.jpg", "bucket"),
        ("file:///scans/1.jpg", "bucket"),
    ],
)
def test_what_an_address_is(address: str, kind: str) -> None:
    assert recognise(address) == kind


def test_the_base_of_an_image() -> None:
    for end in ("", "/", "/info.json"):
        assert base_of(f"https://a.org/iiif/x{end}") == "https://a.org/iiif/x"


def test_whose_limits_count() -> None:
    assert host_of("https://Images.A.org:8080/x") == "images.a.org"
    assert host_of("s3://scans/a/1.tif") == "s3://scans"


def test_the_host_and_port_that_are_named() -> None:
    assert origin_of("https://A.org/x") == ("a.org", 443)
    assert origin_of("http://a.org:8080/x") == ("a.org", 8080)
    assert [origin_of(each) for each in ("s3://a/x", "http://a:b/", "http://[::1", "x")] == [
        None
    ] * 4


def test_names_of_files_are_the_addresss_hash_alone() -> None:
    names = {name_file(each) for each in ("http://a.org/../../etc", "http://a.org/é", "\ud800")}
    assert len(names) == 3
    assert all(name[2] == "/" and name[3:5] == name[:2] and len(name) == 35 for name in names)
