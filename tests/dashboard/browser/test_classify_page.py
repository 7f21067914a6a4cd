"""The Classify page in a real browser: one picture, several, the camera, the session's history."""

from __future__ import annotations

import base64
import csv
import io
import re
import zipfile

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Locator, expect

from tests.dashboard.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def jpeg(colour: tuple[int, int, int] = (180, 60, 40)) -> bytes:
    """A picture in two colours, so that its parts speak for different answers."""
    picture, buffer = Image.new("RGB", (300, 200), colour), io.BytesIO()
    picture.paste((240, 230, 200), (0, 0, 150, 120))
    picture.save(buffer, "JPEG")
    return buffer.getvalue()


def upload(visit: Visit, *files: tuple[str, bytes]) -> None:
    chosen: list[FilePayload] = [
        {"name": name, "mimeType": "image/jpeg", "buffer": data} for name, data in files
    ]
    visit.page.locator("input[type=file]").set_input_files(chosen)


def see_answer(visit: Visit) -> Locator:
    answer = visit.page.locator(".ae-answer")
    expect(answer).to_contain_text("The model sees")
    return answer


def test_an_uploaded_picture_is_classified(visit: Visit) -> None:
    visit.open("/classify")
    upload(visit, ("a.jpg", jpeg()))
    see_answer(visit)
    expect(visit.page.locator(".ae-small .ae-card")).to_have_count(12)
    expect(visit.page.locator(".ae-picture img")).to_have_js_property("naturalWidth", 300)


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.jpg", b"no picture", "not an image"),
        ("empty.jpg", b"", "empty file"),
        ("half.jpg", jpeg()[:300], "truncated"),
    ],
)
def test_what_is_no_picture_is_refused_in_words(
    visit: Visit, name: str, data: bytes, reason: str
) -> None:
    visit.open("/classify")
    upload(visit, (name, data))
    expect(visit.page.get_by_text("This picture was refused")).to_be_visible()
    expect(visit.page.get_by_text(reason)).to_be_visible()


def test_several_fill_a_table_that_can_be_taken_along(visit: Visit) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("scans/first.jpg", jpeg((10, 20, 200)))
        archive.writestr("scans/second.jpg", jpeg((10, 200, 20)))
        archive.writestr("scans/broken.jpg", jpeg()[:300])
    visit.open("/classify")
    upload(visit, ("=1+1.jpg", jpeg()), ("scans.zip", packed.getvalue()))
    expect(visit.page.get_by_text("3 pictures answered, 1 refused")).to_be_visible()
    with visit.page.expect_download() as download:
        visit.page.get_by_role("button", name="Download as CSV").click()
    text = download.value.path().read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["name"] for row in rows] == ["'=1+1.jpg", "first.jpg", "second.jpg", "broken.jpg"]
    assert [bool(row["style"]) for row in rows] == [True, True, True, False]
    assert "truncated" in rows[-1]["reason"]


def test_history_holds_the_sessions_pictures_and_opens_them(visit: Visit) -> None:
    visit.open("/classify")
    upload(visit, ("mine.jpg", jpeg()))
    said = see_answer(visit).inner_text()
    visit.page.get_by_role("radio", name="This session").click()
    expect(visit.page.get_by_text("1 picture answered")).to_be_visible()
    expect(visit.page.locator(".ae-answer")).to_have_count(0)
    table = visit.page.get_by_test_id("stDataFrame")
    table.click(position={"x": 15, "y": 70})  # the box of the first row; the table is a canvas
    expect(see_answer(visit)).to_have_text(said)
    expect(visit.page.get_by_role("heading", name="mine.jpg")).to_be_visible()


# Streamlit asks for the camera once more when it knows how wide the page is. A click on its button
# meanwhile takes no photograph.
CAMERA_IS_READY = """() => {
  const video = document.querySelector("video")
  const [track] = video?.srcObject?.getVideoTracks() ?? []
  const { width } = track?.getConstraints() ?? {}
  return (width?.ideal ?? width) > 0 && video.readyState === 4 && video.videoHeight > 0
}"""


def test_a_photograph_of_the_camera_is_classified(visit: Visit) -> None:
    visit.page.context.grant_permissions(["camera"], origin=visit.server)
    visit.open("/classify")
    visit.page.get_by_role("radio", name="Camera").click()
    visit.page.wait_for_function(CAMERA_IS_READY)
    visit.page.get_by_role("button", name="Take Photo").click()
    see_answer(visit)
    expect(visit.page.locator(".ae-picture img")).to_have_js_property("complete", True)


def test_a_label_given_by_hand_is_judged(visit: Visit) -> None:
    visit.open("/classify")
    upload(visit, ("a.jpg", jpeg()))
    see_answer(visit)
    visit.page.get_by_label("Style on its label").click()
    visit.page.get_by_role("option", name="Cubism").click()
    expect(visit.page.get_by_text(re.compile("Labelled Cubism, it would be"))).to_be_visible()
    expect(visit.page.locator(".ae-bars small", has_text="(label)")).to_have_count(1)


def test_what_moved_the_model_is_shown_on_request(visit: Visit) -> None:
    visit.open("/classify")
    upload(visit, ("a.jpg", jpeg()))
    see_answer(visit)
    visit.page.get_by_text("Explain the answer").click()
    layer = visit.page.locator(".ae-overlay .layer")
    expect(layer).to_have_css("opacity", "0.6")
    before = layer.get_attribute("src")
    visit.page.get_by_label("Answer to explain").click()
    visit.page.get_by_role("option").nth(1).click()
    expect(layer).not_to_have_attribute("src", before or "")
    visit.page.get_by_role("slider", name="Overlay opacity").press("Home")
    expect(layer).to_have_css("opacity", "0")
    expect(visit.page.get_by_role("heading", name="From left to right")).to_be_visible()


def test_a_click_tries_a_painting_or_what_is_none(visit: Visit) -> None:
    visit.open("/classify")
    cards = visit.page.locator(".ae-small .ae-card")
    expect(cards).to_have_count(4)
    cards.nth(3).get_by_role("link").click()
    see_answer(visit)
    expect(visit.page.locator(".ae-picture figcaption")).to_contain_text("A page of print")
    visit.page.get_by_role("button", name="Classify another picture").click()
    expect(cards).to_have_count(4)
    visit.settle()
    title = cards.first.locator(".title").inner_text()
    cards.first.get_by_role("link").click()
    see_answer(visit)
    expect(visit.page.get_by_role("heading", name=title, exact=True)).to_be_visible()


GIVE = """([type, number, bytes]) => {
  const files = new DataTransfer()
  for (let at = 0; at < number; at++)
    files.items.add(new File([new Uint8Array(bytes)], `${at}.JPG`, { type: "image/jpeg" }))
  const place = document.querySelector("[data-testid=stFileUploaderDropzone]")
  const about = { bubbles: true, cancelable: true, clipboardData: files, dataTransfer: files }
  const Kind = type === "paste" ? ClipboardEvent : DragEvent
  place.dispatchEvent(new Kind(type, about))
}"""


def test_a_pasted_picture_is_classified(visit: Visit) -> None:
    visit.open("/classify")
    visit.page.get_by_role("button", name="Upload").last.focus()  # it hears of it itself
    visit.page.evaluate(
        """(base64) => {
          const bytes = Uint8Array.from(atob(base64), (each) => each.charCodeAt(0))
          const clipboardData = new DataTransfer()
          clipboardData.items.add(new File([bytes], "image.png", { type: "image/png" }))
          const paste = new ClipboardEvent("paste", { clipboardData, bubbles: true })
          document.activeElement.dispatchEvent(paste)
        }""",
        base64.b64encode(jpeg()).decode("ascii"),
    )
    see_answer(visit)
    expect(visit.page.get_by_test_id("stFileChip")).to_have_count(1)


@pytest.mark.parametrize("way", ["paste", "drop"])
@pytest.mark.parametrize(
    ("number", "size", "fault"),
    [
        (201, 1, "201 files are more than the 200"),
        (9, 30_000_000, "These files are 270 MB together"),
    ],
    ids=["too many", "too large"],
)
def test_what_cannot_be_taken_is_refused_before_it_is_sent(
    visit: Visit, way: str, number: int, size: int, fault: str
) -> None:
    sent: list[str] = []
    visit.page.on("request", lambda request: sent.append(request.method))
    visit.open("/classify")
    sent.clear()
    visit.page.evaluate(GIVE, [way, number, size])
    expect(visit.page.get_by_role("alert")).to_contain_text(f"Nothing was sent. {fault}")
    visit.page.wait_for_timeout(500)
    assert "PUT" not in sent
    assert "POST" not in sent
