// The point cloud: puts the parts together and keeps them in step with what Streamlit says.
// Streamlit calls `render` whenever the scene (`data`, see ../cloud.py) or the theme has changed.

import { drawBackdrop } from "./backdrop.js"
import { Card } from "./card.js"
import { channel as readChannel, count, paint } from "./colours.js"
import { fly } from "./flight.js"
import { listen } from "./gestures.js"
import { place as placeLabels } from "./labels.js"
import { arrange, SELECTED, SHOWN, sort } from "./layers.js"
import { drawLegend } from "./legend.js"
import { box, format, parse, simplify } from "./outlines.js"
import { drawOverlay } from "./overlay.js"
import { createPainter } from "./painter.js"
import { compose, save } from "./picture.js"
import { decodeRows, load } from "./points.js"
import { prepare } from "./prepare.js"
import { Stage } from "./stage.js"
import { describe, speak } from "./summary.js"
import { read as readTheme } from "./theme.js"
import { Thresholds } from "./thresholds.js"
import { Thumbnails } from "./thumbnails.js"
import { buildToolbar } from "./toolbar.js"
import { View } from "./view.js"

const REACH = 14 // pixels within which a point counts as meant
const KEY_REACH = 90 // the same from the cross, which keys move in steps
const REST = 160 // milliseconds after which the view counts as still
const FOCUS_ZOOM = 9
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
    this.card = new Card(this.stage.box)
    this.painter = createPainter(this.stage.points, () => this.redraw())
    this.tool = "move"
    this.marked = null // row under the pointer
    this.pathInPixels = []
    this.turn = 0
    this.stopResizing = this.stage.watch(() => this.redraw())
    this.stopListening = listen(this.stage.box, () => this.tool, this.handlers())
  }

  async update(data) {
    const turn = ++this.turn
    this.stage.prepare(data)
    if (!this.painter && !data.picture) this.tell("blind", true)
    try {
      const points = await load(data.points)
      const shown = data.shown === null ? null : await decodeRows(data.shown, points.count)
      const picture = data.picture && !this.painter ? await loadPicture(data.picture) : null
      if (turn === this.turn) this.take(data, points, shown, picture)
    } catch (error) {
      this.stage.say(`The points could not be loaded (${error.message}). Reload the page to try again.`)
    }
  }

  take(data, points, shown, picture) {
    const before = this.data
    const [theme, parts] = [readTheme(this.stage.root), prepare(points, data.layout)]
    Object.assign(this, { data, points, shown, picture, theme, parts, lines: data.lines })
    this.hidden = new Set(data.hidden)
    this.takeView(before)
    this.outlines = parse(data.outlines).map((outline) => outline.map((corner) => this.view.fromData(corner)))
    this.rings = data.rings.map(([x, y, label, kind]) => ({ place: this.view.fromData([x, y]), label, kind }))
    this.takeTools()
    this.painter?.setPlaces(points.columns.get(data.layout).values)
    if (!this.thumbnails) this.thumbnails = new Thumbnails(data.pictures, () => this.redraw())
    this.stage.say(this.painter ? "" : "This browser has no WebGL: the points are a picture drawn by the server.")
    this.recolour()
    this.resort()
    this.flyTo(data.focus, Boolean(before))
    this.stage.box.dataset.ready = String(this.turn)
  }

  takeView(before) {
    const { data, points } = this
    if (before && before.layout === data.layout && before.points === data.points) return
    const name = `${data.layout} ${data.points} ${data.tools}`
    if (!views.has(name)) views.set(name, new View(data.layout, points.columns.get(data.layout)))
    this.view = views.get(name)
  }

  takeTools() {
    if (!this.data.tools) return
    this.toolbar ??= buildToolbar(this.stage.box, (tool) => this.choose(tool), (action) => this.act(action))
    this.toolbar(this.tool, this.outlines.length > 0)
    if (this.data.layout !== "quadrants") return
    this.thresholds ??= new Thresholds(this.stage.box, {
      moved: (lines) => this.moveLines(lines),
      settled: (lines) => this.tell("lines", lines),
    })
  }

  // Colours, after a change of channel, theme or lines.
  recolour() {
    const { points, data, theme } = this
    const looks = JSON.stringify([data.points, data.colour, theme, this.lines])
    if (looks === this.looks) return
    this.looks = looks
    this.channel = readChannel(points, data.colour, theme, this.lines)
    this.paint = paint(points.count, this.channel, points.neutral, this.paint?.length === 4 * points.count ? this.paint : undefined)
    this.painter?.setPaint(this.paint)
  }

  // What depends on filters, hidden classes and outlines.
  resort() {
    const { data, looks, outlines } = this
    const content = JSON.stringify([looks, data.layout, data.alt, data.shown, [...this.hidden], outlines])
    if (content !== this.content) this.sortAnew()
    this.content = content
    this.redraw()
  }

  // Layers, legend and names.
  sortAnew() {
    const { points, channel, shown, parts } = this
    const passes = shown ? (row) => shown[row] === 1 : () => true
    const isHidden = channel.kind === "class" ? channel.classes.map(({ name }) => this.hidden.has(name)) : []
    const isShown = this.hidden.size ? (row) => passes(row) && !isHidden[channel.code(row)] : passes
    this.status = sort(parts.grid, points.count, isShown, this.outlines)
    const { rows, sizes } = arrange(this.status, parts.shuffled)
    this.sizes = sizes
    this.painter?.setOrder(rows, sizes)
    this.drawn = (row) => this.status[row] >= (sizes[2] ? SELECTED : SHOWN)
    this.numbers = count(points.count, channel, (row) => passes(row) && this.status[row] > 0)
    this.labels =
      channel.kind === "class" && this.data.layout === "map" && this.data.tools
        ? placeLabels(parts.grid, channel, count(points.count, channel, this.drawn), this.drawn)
        : []
    this.tellLegend()
  }

  tellLegend() {
    const { data, channel, numbers } = this
    this.stage.describe(describe(data.alt, channel, numbers, this.hidden, this.sizes))
    if (!data.tools) return
    drawLegend(this.stage.legend, channel, numbers, this.hidden, {
      toggle: (name) => this.hide(this.hidden.has(name) ? without(this.hidden, name) : [...this.hidden, name]),
      isolate: (name) => this.hide(this.others(name)),
    })
  }

  // All classes but `name`; none where it stands alone already.
  others(name) {
    const present = this.channel.classes.filter((_, place) => this.numbers[place]).map((entry) => entry.name)
    const rest = present.filter((other) => other !== name)
    return rest.every((other) => this.hidden.has(other)) && !this.hidden.has(name) ? [] : rest
  }

  hide(names) {
    this.hidden = new Set(names)
    this.resort()
    this.tell("hidden", names)
  }

  moveLines(lines) {
    this.lines = lines
    if (this.data.colour === "quadrant") {
      this.recolour()
      this.resort()
    }
    this.redraw()
  }

  handlers() {
    const ready = (act) => (...values) => (this.status ? act(...values) : undefined)
    return {
      pan: ready((dx, dy) => this.pan(dx, dy)),
      zoom: ready((x, y, factor) => this.zoom(x, y, factor)),
      zoomMiddle: ready((factor) => this.zoomMiddle(factor)),
      fit: ready(() => this.fit()),
      rest: ready(() => this.redraw()),
      draw: ready((path, how) => this.draw(path, how)),
      click: ready((x, y) => this.open(this.find(x, y))),
      hover: ready((x, y) => this.hover(x, y)),
      leave: ready(() => this.leave()),
      enter: ready(() => this.open(this.findMiddle())),
      escape: ready(() => this.escape()),
      tool: ready((tool) => this.choose(tool)),
    }
  }

  pan(dx, dy) {
    this.view.pan(dx, dy)
    this.moved()
  }

  // Whether there was anything to zoom.
  zoom(x, y, factor) {
    if (factor < 1 && this.view.isFitted) return false
    this.view.zoomAt(x, y, factor)
    this.moved()
    return true
  }

  zoomMiddle(factor) {
    this.zoom(...this.middle(), factor)
  }

  fit() {
    this.view.fit()
    this.moved()
  }

  moved() {
    this.card.hide()
    this.marked = null
    this.moving = true
    clearTimeout(this.pause)
    this.pause = setTimeout(() => this.rested(), REST)
    this.redraw()
  }

  rested() {
    this.moving = false
    this.redraw()
    if (this.stage.hasKeyboard()) this.tellMiddle()
  }

  middle() {
    const { left, right, top, bottom } = this.view.frame
    return [(left + right) / 2, (top + bottom) / 2]
  }

  find(x, y, reach = REACH) {
    return this.parts.grid.nearest(this.view, x, y, reach, (row) => this.status[row] >= SHOWN)
  }

  findMiddle() {
    return this.find(...this.middle(), KEY_REACH)
  }

  // Says what lies under the cross, for those who move it by keys.
  async tellMiddle() {
    const row = this.findMiddle()
    if (row < 0) return this.stage.tell("")
    this.mark(row)
    const facts = await this.card.show(this.data.facts, row, ...this.middle(), this.view.width, this.view.height)
    return facts && this.stage.tell(speak(facts))
  }

  hover(x, y) {
    const row = this.find(x, y)
    this.stage.point(row >= 0 && this.tool === "move")
    if (row < 0) return this.leave()
    this.mark(row)
    return this.card.show(this.data.facts, row, x, y, this.view.width, this.view.height)
  }

  mark(row) {
    this.marked = row
    this.redraw()
  }

  leave() {
    this.card.hide()
    if (this.marked === null) return
    this.marked = null
    this.redraw()
  }

  open(row) {
    if (row >= 0) this.tell("opened", row)
  }

  draw(path, { kind, done, adds }) {
    const shape = kind === "box" && path.length > 1 ? box(path[0], path.at(-1)) : path
    this.pathInPixels = done ? [] : shape
    if (done && shape.length > 2) this.select(kind === "box" ? shape : simplify(shape), adds)
    this.redraw()
  }

  select(path, adds) {
    const outline = path.map(([x, y]) => this.view.toPlace(x, y))
    this.setOutlines(adds ? [...this.outlines, outline] : [outline])
  }

  setOutlines(outlines) {
    this.outlines = outlines
    this.toolbar?.(this.tool, outlines.length > 0)
    this.resort()
    this.tell("drawn", format(outlines.map((outline) => outline.map((place) => this.view.toData(place)))))
  }

  escape() {
    if (this.outlines.length) this.setOutlines([])
    else this.choose("move")
  }

  choose(tool) {
    if (!this.data.tools) return
    this.tool = tool
    this.stage.use(tool)
    this.toolbar(tool, this.outlines.length > 0)
  }

  act(action) {
    if (action === "in") this.zoomMiddle(1.6)
    if (action === "out") this.zoomMiddle(1 / 1.6)
    if (action === "fit") this.fit()
    if (action === "clear") this.setOutlines([])
    if (action !== "save") return
    this.painter?.forget() // its canvas may be read only in the turn in which it was drawn
    this.drawNow()
    save(compose(this.stage, this), `${this.data.file}.png`)
  }

  // Moves the view to painting `row` unless it was there before; a cloud without tools stays.
  flyTo(row, animate) {
    const { values, none } = this.points.columns.get(this.data.layout)
    const isKnown = row === this.view.focus
    this.view.focus = row
    if (isKnown || row === null || values[2 * row] === none || !this.data.tools) return
    const centre = [values[2 * row] / (none - 1), values[2 * row + 1] / (none - 1)]
    const goal = { zoom: Math.max(this.view.zoom, FOCUS_ZOOM), centre }
    fly(this.view, goal, animate, () => this.moved(), () => this.gone)
  }

  redraw() {
    if (this.frame || !this.status) return
    this.frame = requestAnimationFrame(() => {
      this.frame = 0
      this.drawNow()
    })
  }

  drawNow() {
    const { stage, view, theme, data } = this
    if (this.gone || !stage.fitCanvases(view)) return
    drawBackdrop(stage.under.getContext("2d"), view, theme, this.picture)
    this.painter?.draw(view, this.layers(), this.moving)
    drawOverlay(stage.over.getContext("2d"), view, theme, this.scene())
    if (data.layout === "quadrants") this.thresholds?.place(view, this.lines)
    stage.box.dataset.drawn = String(performance.now())
  }

  layers() {
    const ratio = this.stage.ratio
    const { view, points, theme } = this
    const room = Math.sqrt((view.frameWidth * view.frameHeight) / points.count)
    const size = Math.min(17, Math.min(7, Math.max(2.4, room * 0.62)) * view.zoom ** 0.4) * ratio
    const grey = theme.dark ? [0.62, 0.6, 0.57] : [0.5, 0.48, 0.45]
    const chosen = this.sizes[2] > 0 || this.outlines.length > 0
    return [
      { size: size * 0.85, alpha: theme.dark ? 0.2 : 0.17, wash: grey },
      { size, alpha: chosen ? 0.24 : 0.82, wash: null },
      { size: size * 1.12, alpha: 0.95, wash: null },
    ]
  }

  scene() {
    const { view, points, channel } = this
    const thumbnails = this.data.tools ? this.thumbnails.choose(view, this.parts.grid, this.status) : []
    for (const thumbnail of thumbnails) {
      thumbnail.colour = channel.classes[channel.code(thumbnail.row)]?.colour ?? points.neutral
    }
    return {
      thumbnails,
      labels: this.labels,
      quadrants: points.quadrants,
      outlines: this.outlines,
      drawing: this.pathInPixels.map(([x, y]) => view.toPlace(x, y)),
      rings: this.rings,
      marked: this.marked === null ? null : this.screenOf(this.marked),
      cross: this.stage.hasKeyboard(),
    }
  }

  screenOf(row) {
    const { values, none } = this.points.columns.get(this.data.layout)
    return this.view.toScreen(values[2 * row] / (none - 1), values[2 * row + 1] / (none - 1))
  }

  dispose() {
    this.gone = true
    clearTimeout(this.pause)
    cancelAnimationFrame(this.frame)
    this.stopListening()
    this.stopResizing()
    this.painter?.dispose()
    this.stage.remove()
  }
}

function without(names, name) {
  return [...names].filter((other) => other !== name)
}

async function loadPicture(source) {
  const picture = new Image()
  picture.src = source
  await picture.decode()
  return picture
}
