"""A verdict given over the websocket, as the page of the review queue gives it."""

from __future__ import annotations

import json
from uuid import uuid4

from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.WidgetStates_pb2 import WidgetState

from tests.security.stream import Stream

PAGE = "reviews"


def judge(visit: Stream) -> None:
    """Signs where a name is asked for, and judges the painting that the queue shows."""
    visit.run(PAGE, states=build_press(sign(visit)))


def sign(visit: Stream) -> Stream:
    """The visit on the queue; nothing of it where the page shows none."""
    visit.run(PAGE)
    begin = [each for each in visit.find("Button") if each.label == "Start reviewing"]
    if begin:
        names = [
            WidgetState(id=each.id, string_value="Mallory") for each in visit.find("TextInput")
        ]
        visit.run(PAGE, states=[*names, WidgetState(id=begin[0].id, trigger_value=True)])
    return visit


def build_press(visit: Stream) -> list[WidgetState]:
    """What the page sends when a verdict's button is pressed; nothing where it has none."""
    for panel in visit.find("BidiComponent"):
        card = json.loads(panel.mixed.json or panel.json or "{}").get("card")
        if card:
            return press(panel.id, card["painting"], card["task"])
    return []


def press(component: str, painting: str, task: str = "style") -> list[WidgetState]:
    """A verdict on ``painting``, as sent by the component of that id."""
    said: dict[str, object] = {"id": uuid4().hex, "kind": "verdict", "verdict": "right", "note": ""}
    said |= {"painting": painting, "task": task, "proposed": None}
    value = json.dumps([{"event": "pressed", "value": [said]}])
    trigger = _make_trigger_id(component, "events")
    own = WidgetState(id=component, json_value="{}")
    return [own, WidgetState(id=trigger, json_trigger_value=value)]
