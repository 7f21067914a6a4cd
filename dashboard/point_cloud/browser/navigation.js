// What pointers, wheel, keys and tools do on a cloud: move its view or fly, hover a point and show its
// card, draw around points, open a painting.

import { fly } from "./flight.js"
import { listen } from "./gestures.js"
import { box, simplify } from "./outlines.js"
import { Pen } from "./pen.js"
import { speak } from "./summary.js"

const REACH = 14 // pixels within which a point counts as meant
const KEY_REACH = 90 // the same from the cross, which keys move in steps
const REST = 160 // milliseconds after which the view counts as still
const FOCUS_ZOOM = 9
const STEP = 1.6 // by which a button zooms
const ARROW = 70 // pixels that an arrow key moves the view

export class Navigation {
  // Calls back: redraw(), open(row), select(outlines in places), used(tool), hovered(row or null).
  constructor(stage, card, model, on) {
    Object.assign(this, { stage, card, model, on })
    this.tool = "move"
    this.hovered = null // row under the pointer
    this.path = [] // what is being drawn, in pixels
    this.pen = new Pen()
    this.isMoving = false
    this.isOver = false
    this.stopListening = listen(stage.box, () => this.tool, this.handlers())
  }

  get view() {
    return this.model.view
  }

  handlers() {
    const ready =
      (act) =>
      (...values) =>
        this.model.isReady ? act(...values) : undefined
    return {
      pan: ready((dx, dy) => this.pan(dx, dy)),
      zoom: ready((x, y, factor) => this.zoom(x, y, factor)),
      zoomMiddle: ready((factor) => this.zoomMiddle(factor)),
      fit: ready(() => this.fit()),
      rest: ready(() => this.on.redraw()),
      draw: ready((path, how) => this.draw(path, how)),
      click: ready((x, y) => this.open(this.model.find(x, y, REACH))),
      hover: ready((x, y) => this.hover(x, y)),
      leave: ready(() => this.leave()),
      arrow: ready((dx, dy, isFine) => this.arrow(dx, dy, isFine)),
      corner: ready(() => this.setCorner()),
      enter: ready((adds) => this.enter(adds)),
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
    this.hovered = null
    this.on.hovered(null)
    this.isMoving = true
    clearTimeout(this.pause)
    this.pause = setTimeout(() => this.rested(), REST)
    this.on.redraw()
  }

  rested() {
    this.isMoving = false
    this.on.redraw()
    if (this.stage.hasKeyboard()) this.tellAim()
  }

  // Moves the view to painting `row` unless it was there before; a cloud without tools stays.
  flyTo(row, animate) {
    const isKnown = row === this.view.focus
    this.view.focus = row
    if (isKnown || row === null || !this.model.scene.tools) return
    const centre = this.model.placeOf(row)
    if (!centre) return
    const goal = { zoom: Math.max(this.view.zoom, FOCUS_ZOOM), centre }
    fly(
      this.view,
      goal,
      animate,
      () => this.moved(),
      () => this.isOver,
    )
  }

  middle() {
    const { left, right, top, bottom } = this.view.frame
    return [(left + right) / 2, (top + bottom) / 2]
  }

  // Where keys point: at the pen while there is one, else at the middle of the view.
  aim() {
    return this.pen.at ?? this.middle()
  }

  findAim() {
    return this.model.find(...this.aim(), KEY_REACH)
  }

  arrow(dx, dy, isFine) {
    if (!this.pen.at) return this.pan(-dx * ARROW, -dy * ARROW)
    this.pen.move(this.view, dx, dy, isFine)
    this.drawByKeys()
    clearTimeout(this.pause)
    this.pause = setTimeout(() => this.rested(), REST)
  }

  setCorner() {
    if (this.tool === "box" && this.pen.isDrawing) return this.enter(false)
    this.pen.setCorner(this.view)
    this.stage.tell(`Corner ${this.pen.corners.length} is set.`)
    this.drawByKeys()
  }

  drawByKeys(done = false, adds = false) {
    const path = this.pen.isDrawing ? this.pen.path(this.view) : []
    this.draw(path, { kind: this.tool, done, adds })
  }

  // Ends what keys draw, or opens the painting that they point at.
  enter(adds) {
    if (!this.pen.isDrawing) return this.open(this.findAim())
    this.drawByKeys(true, adds)
    this.pen.take(this.view)
  }

  // Describes the point under the cross, for keyboard users.
  async tellAim() {
    const row = this.findAim()
    if (row < 0) return this.stage.tell("")
    const facts = await this.show(row, ...this.aim())
    return facts && this.stage.tell(speak(facts))
  }

  hover(x, y) {
    const row = this.model.find(x, y, REACH)
    this.stage.point(row >= 0 && this.tool === "move")
    return row < 0 ? this.leave() : this.show(row, x, y)
  }

  // Rings painting `row` and shows its card beside the pixel (x, y); resolves to its facts.
  show(row, x, y) {
    this.hovered = row
    this.on.hovered(row)
    this.on.redraw()
    return this.card.show(this.model.scene.facts, row, x, y, this.view.width, this.view.height)
  }

  // Rings painting `row`, which the page shows elsewhere, without a card.
  light(row) {
    if (!this.model.isReady || !this.model.scene.tools) return
    this.card.hide()
    this.hovered = row
    this.on.redraw()
  }

  leave() {
    this.card.hide()
    if (this.hovered === null) return
    this.hovered = null
    this.on.hovered(null)
    this.on.redraw()
  }

  open(row) {
    if (row >= 0) this.on.open(row)
  }

  draw(path, { kind, done, adds }) {
    const shape = kind === "box" && path.length > 1 ? box(path[0], path.at(-1)) : path
    this.path = done ? [] : shape
    if (done && shape.length > 2) this.select(kind === "box" ? shape : simplify(shape), adds)
    this.on.redraw()
  }

  select(path, adds) {
    const outline = path.map(([x, y]) => this.view.toPlace(x, y))
    this.on.select(adds ? [...this.model.outlines, outline] : [outline])
  }

  escape() {
    if (this.pen.isDrawing) {
      this.pen.take(this.view)
      this.drawByKeys()
    } else if (this.model.outlines.length) this.on.select([])
    else this.choose("move")
  }

  choose(tool) {
    if (!this.model.scene.tools) return
    this.tool = tool
    if (tool === "move") this.pen.lift()
    else this.pen.take(this.view)
    this.stage.use(tool)
    this.on.used(tool)
  }

  // What a button of the toolbar does to the view.
  act(action) {
    if (action === "in") this.zoomMiddle(STEP)
    if (action === "out") this.zoomMiddle(1 / STEP)
    if (action === "fit") this.fit()
    if (action === "clear") this.on.select([])
  }

  dispose() {
    this.isOver = true
    clearTimeout(this.pause)
    this.stopListening()
  }
}
