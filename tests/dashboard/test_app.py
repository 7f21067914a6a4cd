"""Starting the server, and its settings."""

import socket
import tempfile
import tomllib
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartParser
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from core.errors import UserError
from core.sizes import MEGABYTE
from dashboard import __main__, app
from dashboard.settings import UPLOAD_MEGABYTES, Settings, load_settings

CHECKOUT = Path(__file__).parents[2]


def test_settings_come_from_the_environment() -> None:
    found = load_settings({"ARTEXTRACT_ARTIFACTS": "/runs", "ARTEXTRACT_PORT": "9000"})
    assert found == Settings(Path("/runs"), "127.0.0.1", 9000)
    assert load_settings({}) == Settings()


@pytest.mark.parametrize(("said", "opens"), [("", False), ("0", False), ("1", True)])
def test_others_verdicts_are_shown_at_once_only_where_it_is_said(said: str, opens: bool) -> None:
    assert load_settings({"ARTEXTRACT_OPEN_REVIEW": said}).open_review is opens
    assert __main__.parse_settings(["--open-review"]).open_review


@pytest.mark.parametrize("port", ["0", "70000", "http", "-1"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    with pytest.raises(UserError, match="1 to 65535"):
        load_settings({"ARTEXTRACT_PORT": port})


def test_how_large_an_upload_may_be_is_a_setting() -> None:
    assert load_settings({"ARTEXTRACT_MAX_MEGAPIXELS": "400"}).max_megapixels == 400
    assert __main__.parse_settings(["--max-megapixels", "300.5"]).max_megapixels == 300.5
    for said in ("0", "-1", "nan", "1e9"):
        with pytest.raises(UserError, match="--max-megapixels is out of range"):
            load_settings({"ARTEXTRACT_MAX_MEGAPIXELS": said})
    with pytest.raises(UserError, match="ARTEXTRACT_MAX_MEGAPIXELS is not a number"):
        load_settings({"ARTEXTRACT_MAX_MEGAPIXELS": "many"})


def test_arguments_overrule_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARTEXTRACT_ARTIFACTS", "/runs")
    found = __main__.parse_settings(["--port", "9001"])
    assert found == Settings(Path("/runs"), "127.0.0.1", 9001)


def test_a_busy_port_gets_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        assert __main__.main(["--port", str(port)]) == 2
    said = capsys.readouterr().err
    assert f"Port {port} is in use" in said
    assert f"--port {port + 1}" in said
    assert "Traceback" not in said


def test_streamlit_reports_to_nobody_and_limits_uploads() -> None:
    text = (CHECKOUT / ".streamlit" / "config.toml").read_text()
    options = tomllib.loads(text)
    assert options["browser"]["gatherUsageStats"] is False
    assert options["server"]["showEmailPrompt"] is False
    assert options["server"]["maxUploadSize"] == UPLOAD_MEGABYTES
    assert "http" not in text


def test_an_upload_of_the_largest_size_never_touches_the_disk(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def take(request: Request) -> PlainTextResponse:
        async with request.form() as form:
            assert isinstance(form["image"], UploadFile)
            return PlainTextResponse(str(form["image"].size))

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a file was opened")

    monkeypatch.setattr(MultiPartParser, "spool_max_size", MultiPartParser.spool_max_size)
    monkeypatch.setattr(tempfile, "TemporaryFile", refuse)
    client = TestClient(Starlette(routes=[Route("/", take, methods=["POST"])]))
    largest = b"\0" * (UPLOAD_MEGABYTES * MEGABYTE)
    with pytest.raises(AssertionError, match="a file was opened"):
        client.post("/", files={"image": largest})
    app.keep_uploads_in_memory()
    assert client.post("/", files={"image": largest}).text == str(len(largest))


def test_only_the_caches_of_runs_cache() -> None:
    files = (CHECKOUT / "dashboard").rglob("*.py")
    caching = {file for file in files if "@st.cache_" in file.read_text()}
    names = ("cache.py", "model_cache.py", "review_cache.py")
    assert caching == {CHECKOUT / "dashboard" / "runs" / name for name in names}


def test_the_first_page_is_found_by_its_name_too() -> None:
    client = TestClient(Starlette(routes=app.build_all_routes(Settings())))
    answer = client.get("/overview?run=a%20b", follow_redirects=False)
    assert answer.status_code == 307
    assert answer.headers["location"] == "/?run=a%20b"
