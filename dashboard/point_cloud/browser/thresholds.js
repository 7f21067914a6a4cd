// The thresholds between quadrants: sliders that can be dragged, or moved with the arrow keys.

import { element } from "./legend.js"

const STEP = 0.01
const BIG_STEP = 0.1

export class Thresholds {
  // `moved([loss, confidence])` is called while a threshold moves, `settled` once it stops.
  constructor(stage, { moved, settled }) {
    this.moved = moved
    this.settled = settled
    this.loss = this.build(stage, "loss", "High loss from", "vertical")
    this.confidence = this.build(stage, "confidence", "High confidence from", "horizontal")
    this.dragged = false
  }

  build(stage, name, label, orientation) {
    const line = element("div", `threshold ${name}`)
    line.tabIndex = 0
    line.setAttribute("role", "slider")
    line.setAttribute("aria-label", label)
    line.setAttribute("aria-orientation", orientation)
    line.append(element("span", "value"))
    stage.append(line)
    line.addEventListener("pointerdown", (event) => this.start(event, line))
    line.addEventListener("pointermove", (event) => this.drag(event, line))
    line.addEventListener("pointerup", () => this.stop())
    line.addEventListener("pointercancel", () => this.stop())
    line.addEventListener("keydown", (event) => this.press(event, line))
    return line
  }

  // Puts the thresholds where `values` (loss, confidence) are in `view`.
  place(view, values) {
    this.view = view
    this.values = values
    const { left, right, top, bottom } = view.frame
    const [x, y] = view.toScreen(...view.fromData([values[1], values[0]]))
    put(this.loss, { left, width: right - left, top: y }, y >= top && y <= bottom)
    put(this.confidence, { top, height: bottom - top, left: x }, x >= left && x <= right)
    describe(this.loss, values[0], view.low[1] + view.span[1], values[0].toFixed(2))
    describe(this.confidence, values[1], 1, `${Math.round(values[1] * 100)} %`)
  }

  start(event, line) {
    event.stopPropagation()
    line.setPointerCapture(event.pointerId)
    line.focus({ preventScroll: true })
    this.dragged = true
  }

  drag(event, line) {
    if (!this.dragged || !line.hasPointerCapture(event.pointerId)) return
    event.stopPropagation()
    const box = line.parentNode.getBoundingClientRect()
    const place = this.view.toPlace(event.clientX - box.left, event.clientY - box.top)
    const [confidence, loss] = this.view.toData(place)
    this.set(line, line === this.loss ? loss : confidence)
  }

  stop() {
    if (this.dragged) this.settled(this.values)
    this.dragged = false
  }

  press(event, line) {
    const way = {
      ArrowUp: 1,
      ArrowRight: 1,
      PageUp: 10,
      ArrowDown: -1,
      ArrowLeft: -1,
      PageDown: -10,
    }[event.key]
    if (!way) return
    event.preventDefault()
    event.stopPropagation()
    const now = line === this.loss ? this.values[0] : this.values[1]
    this.set(line, now + way * (event.shiftKey ? BIG_STEP : STEP))
    clearTimeout(this.pause)
    this.pause = setTimeout(() => this.settled(this.values), 350)
  }

  set(line, value) {
    const highest = line === this.loss ? this.view.low[1] + this.view.span[1] : 1
    const kept = Math.round(Math.min(highest, Math.max(0, value)) / STEP) * STEP
    this.values = line === this.loss ? [kept, this.values[1]] : [this.values[0], kept]
    this.place(this.view, this.values)
    this.moved(this.values)
  }
}

function put(line, pixels, isVisible) {
  line.hidden = !isVisible
  for (const [name, value] of Object.entries(pixels)) line.style[name] = `${value}px`
}

function describe(line, value, highest, text) {
  line.setAttribute("aria-valuemin", "0")
  line.setAttribute("aria-valuemax", String(highest))
  line.setAttribute("aria-valuenow", value.toFixed(2))
  line.setAttribute("aria-valuetext", text)
  line.firstChild.textContent = text
}
