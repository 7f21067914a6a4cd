// The point cloud as Streamlit sees it: puts the parts together, gives them each scene (`data`, see
// dashboard/components/point_cloud.py), and tells Streamlit what people did. Streamlit calls `render`
// whenever the scene or the theme has changed.

import { Card } from "./card.js"
import { Drawing } from "./drawing.js"
import { drawLegend } from "./legend.js"
import { Model } from "./model.js"
import { Navigation } from "./navigation.js"
import { decodeRows, load } from "./points.js"
import { Stage } from "./stage.js"
import { describe } from "./summary.js"
import { read as readTheme } from "./theme.js"
import { Thresholds } from "./thresholds.js"
import { Thumbnails } from "./thumbnails.js"
import { buildToolbar } from "./toolbar.js"
import { View } from "./view.js"

const clouds = new WeakMap()
const views = new Map() // so that a page that is left and reopened looks as before

export function render({ data, parentElement, setTriggerValue }) {
  let cloud = clouds.get(parentElement)
  if (!cloud) {
    cloud = new Cloud(parentElement)
    clouds.set(parentElement, cloud)
  }
  cloud.tell = setTriggerValue
  cloud.update(data)
  return () => {
    clouds.delete(parentElement)
    cloud.dispose()
  }
}

class Cloud {
  constructor(parent) {
    this.stage = new Stage(parent)
    this.model = new Model()
    this.navigation = new Navigation(this.stage, new Card(this.stage.box), this.model, {
      redraw: () => this.drawing.request(),
      open: (row) => this.tell("opened", row),
      select: (outlines) => this.select(outlines),
      used: () => this.updateToolbar(),
      hovered: lightCard,
    })
    this.drawing = new Drawing(this.stage, this.model, this.navigation)
    this.stopFollowing = follow((row) => this.navigation.light(row))
    this.turn = 0
  }

  async update(data) {
    const turn = ++this.turn
    this.stage.prepare(data)
    const isBlind = !this.drawing.hasPainter
    if (isBlind && !data.picture) this.tell("blind", true)
    try {
      const points = await load(data.points)
      const shown = data.shown === null ? null : await decodeRows(data.shown, points.count)
      const picture = data.picture && isBlind ? await loadPicture(data.picture) : null
      if (turn === this.turn) this.take(data, points, shown, picture)
    } catch (error) {
      this.stage.say(
        `The points could not be loaded (${error.message}). Reload the page to try again.`,
      )
    }
  }

  take(data, points, shown, picture) {
    const before = this.model.scene
    this.model.take(
      data,
      points,
      shown,
      readTheme(this.stage.root),
      this.chooseView(before, data, points),
    )
    this.takeTools(data)
    this.drawing.picture = picture
    this.drawing.thumbnails ??= new Thumbnails(data.pictures, () => this.drawing.request())
    this.drawing.setPlaces()
    this.stage.say(
      this.drawing.hasPainter
        ? ""
        : "This browser has no WebGL. The server has drawn the points as a picture.",
    )
    this.refresh(before?.alt !== data.alt)
    this.navigation.flyTo(data.focus, Boolean(before))
    this.stage.box.dataset.ready = String(this.turn)
  }

  chooseView(before, data, points) {
    if (before && before.layout === data.layout && before.points === data.points)
      return this.model.view
    const name = `${data.layout} ${data.points} ${data.tools}`
    if (!views.has(name)) views.set(name, new View(data.layout, points.columns.get(data.layout)))
    return views.get(name)
  }

  takeTools({ tools, layout }) {
    if (!tools) return
    this.toolbar ??= buildToolbar(
      this.stage.bar,
      (tool) => this.navigation.choose(tool),
      (action) => (action === "save" ? this.drawing.keep() : this.navigation.act(action)),
    )
    this.updateToolbar()
    if (layout !== "quadrants") return
    this.drawing.thresholds ??= new Thresholds(this.stage.box, {
      moved: (thresholds) => this.moveThresholds(thresholds),
      settled: (thresholds) => this.tell("thresholds", thresholds),
    })
  }

  updateToolbar() {
    this.toolbar?.(this.navigation.tool, this.model.outlines.length > 0)
  }

  // After a change of the model; `isRetold`: the words around the cloud have changed as well.
  refresh(isRetold = false) {
    const changes = this.model.refresh()
    if (changes.isSorted || isRetold) this.explain()
    this.drawing.follow(changes)
  }

  // The legend, and the cloud in words.
  explain() {
    const { scene, channel, numbers, hidden, sizes } = this.model
    this.stage.describe(describe(scene.alt, channel, numbers, hidden, sizes))
    if (!scene.tools) return
    drawLegend(this.stage.legend, channel, numbers, hidden, {
      toggle: (name) => this.hide(this.model.toggle(name)),
      isolate: (name) => this.hide(this.model.isolate(name)),
    })
  }

  hide(names) {
    this.model.hide(names)
    this.refresh()
    this.tell("hidden", names)
  }

  moveThresholds(thresholds) {
    this.model.moveThresholds(thresholds)
    this.refresh()
  }

  select(outlines) {
    const drawn = this.model.write(outlines)
    this.model.drawAround(drawn)
    this.updateToolbar()
    this.refresh()
    this.tell("drawn", drawn)
  }

  dispose() {
    this.stopFollowing()
    this.navigation.dispose()
    this.drawing.dispose()
    this.stage.remove()
  }
}

// Calls `light(row)` when the pointer or the focus comes to a card of painting `row` on the page, and
// `light(null)` when it leaves. Returns a function that stops that.
function follow(light) {
  let lit = null
  const look = ({ target }) => {
    const card = target.closest?.("[data-row]")
    const row = card ? Number(card.dataset.row) : null
    if (row !== lit) light(row)
    lit = row
  }
  const names = ["pointerover", "focusin"]
  for (const name of names) document.addEventListener(name, look)
  return () => {
    for (const name of names) document.removeEventListener(name, look)
  }
}

// Marks the card of painting `row` on the page, if it is there; null marks none.
function lightCard(row) {
  for (const card of document.querySelectorAll(".ae-card[data-row]"))
    card.classList.toggle("lit", card.dataset.row === String(row))
}

async function loadPicture(source) {
  const picture = new Image()
  picture.src = source
  await picture.decode()
  return picture
}
