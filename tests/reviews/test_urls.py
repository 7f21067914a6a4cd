"""No password of a database's address is said, however it is written and whatever goes wrong."""

from __future__ import annotations

import logging
import traceback
from pathlib import Path
from urllib.parse import quote

import pytest

from core.reviews import ReviewsError, database, open_log
from core.reviews.__main__ import main
from core.reviews.exchange import load_standing
from core.reviews.urls import describe_url, hide_secrets, parse_url
from dashboard.__main__ import parse_settings
from dashboard.settings import Settings, load_settings

SECRET = "s3cr3t"
NOWHERE = "127.0.0.1:1"
FORMS = [
    f"postgresql://ada:{SECRET}@{NOWHERE}/none",
    f"postgres://ada:{SECRET}@{NOWHERE}/none",
    f"postgresql+psycopg://ada:{SECRET}@{NOWHERE}/none",
    f"postgresql+psycopg2://ada:{SECRET}@{NOWHERE}/none",
    f"postgresql://ada@{NOWHERE}/none?password={SECRET}",
    f"postgresql://{NOWHERE}/none?user=ada&password={SECRET}",
    f"postgresql://{NOWHERE}/none?password=x&password={SECRET}",
    f"postgresql://{NOWHERE}/none?sslpassword={SECRET}",
    f"postgresql://{NOWHERE}/none?passfile={SECRET}",
    f"postgresql://{NOWHERE}/none?nonsense={SECRET}",
    f"postgresql://{NOWHERE}/none?options=-c%20{SECRET}",
    f"postgresql://ada:{SECRET}%40%2F%C3%A9@{NOWHERE}/none",
    f"postgresql://ada:{SECRET}#/?@{NOWHERE}/none",
    f"postgresql://ada:a@{SECRET}@{NOWHERE}/none",
    f"postgresql://ada:a/{SECRET}@{NOWHERE}/none",
    f"postgresql://ada:{SECRET}@{NOWHERE.replace('1', 'x')}/none",
    f"postgresql://ada:{SECRET}@127.0.0.1:port/none",
    f"postgresql://ada:{SECRET}@127.0.0.1:99999/none",
    f"postgresql://ada:{SECRET}@[::1/none",
    f"postgresql:/ada:{SECRET}@host/none",
    f"postgresql:ada:{SECRET}@host/none",
    f"postgres ://ada:{SECRET}@host/none",
    f"://ada:{SECRET}@host",
    f"mysql://ada:{SECRET}@host/none",
    f"mysql://host/none?password={SECRET}",
    f"sqlite://ada:{SECRET}@host/none",
    f"host=127.0.0.1 port=1 dbname=none password={SECRET}",
    f"user=ada password = {SECRET}",
]


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 2)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("where", FORMS)
def test_no_message_holds_a_password(
    where: str,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(ReviewsError) as raised:
        open_log(where)
    said = [str(raised.value), "".join(traceback.format_exception(raised.value))]
    assert main(["--reviews", where, "export", "verdicts.csv"]) == 2
    said += [*capfd.readouterr(), caplog.text]
    settings = Settings(reviews=where)
    said += [repr(settings), repr(load_settings({"ARTEXTRACT_REVIEWS": where}))]
    assert not [each for each in said if SECRET in each]
    assert not list(tmp_path.iterdir())  # no file bears it as its name


@pytest.mark.parametrize("where", FORMS)
def test_no_command_line_repeats_a_password(
    where: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ARTEXTRACT_REVIEWS", where)
    for arguments in (
        ["--help"],
        [where, "export", "verdicts.csv"],
        ["--reviews", where, "exprot", "verdicts.csv"],
        [f"--revews={where}", "export", "verdicts.csv"],
        ["export", "verdicts.csv", where],
    ):
        with pytest.raises(SystemExit):
            main(arguments)
    for arguments in (["--help"], ["--revews", where], [f"--revews={where}"], ["--port", where]):
        with pytest.raises(SystemExit):
            parse_settings(arguments)
    assert SECRET not in "".join(capsys.readouterr())


@pytest.mark.parametrize("where", FORMS)
def test_a_password_reaches_the_settings_as_it_was_given(where: str) -> None:
    assert parse_settings(["--reviews", where]).reviews == where
    assert parse_settings([f"--reviews={where}"]).reviews == where


@pytest.mark.parametrize("where", FORMS)
def test_training_on_a_servers_address_does_not_repeat_it(where: str) -> None:
    with pytest.raises(ReviewsError) as raised:
        load_standing(Path(where))
    assert SECRET not in str(raised.value)


@pytest.mark.parametrize("secret", ["pä ss", "a+b c", "50%", "q&a=1", "'quoted'", "***"])
@pytest.mark.parametrize("place", ["postgresql://ada:{}@h/d", "postgresql://ada@h/d?password={}"])
def test_a_password_is_hidden_as_it_is_and_encoded(place: str, secret: str) -> None:
    encoded = quote(secret, safe="")
    url = parse_url(place.format(encoded))
    hidden = hide_secrets(f'FATAL: "{secret}" and {encoded}', url)
    assert hidden == 'FATAL: "***" and ***'
    assert describe_url(url).count("***") == 1
    assert "h/d" in describe_url(url)


def test_what_is_no_secret_is_said() -> None:
    url = parse_url("postgresql://ada:pw@h:5433/d?sslmode=require&host=/run/pg")
    said = describe_url(url)
    assert said == "postgresql+psycopg://ada:***@h:5433/d?host=%2Frun%2Fpg&sslmode=require"


@pytest.mark.parametrize("where", ["reviews.sqlite", "a/b c.sqlite", "C:\\reviews.sqlite", "~/x"])
def test_a_path_is_a_path(where: str) -> None:
    assert parse_url(where).database == str(Path(where).expanduser())


def test_a_tilde_of_nobody_is_part_of_the_name() -> None:
    assert parse_url("~no such person/x").database == "~no such person/x"


def test_a_question_mark_does_not_end_a_path_in_silence() -> None:
    with pytest.raises(ReviewsError, match=r"found a/Museum \?; expected a path\. Leave sqlite"):
        parse_url("sqlite:///a/Museum ?2/reviews.sqlite")
    assert parse_url("a/Museum ?2/reviews.sqlite").database == "a/Museum ?2/reviews.sqlite"
