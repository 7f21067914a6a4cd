// The elements of a cloud: a bar for its tools, three canvases on top of each other, and the words below.

import { element } from "./legend.js"

const HELP =
  "Arrow keys move, plus and minus zoom, 0 shows everything, Enter opens the painting in the middle. " +
  "L draws around points, B draws a box: arrow keys then move a pen, Space sets a corner, Enter selects " +
  "what is inside, M moves the view again. Escape clears."

export class Stage {
  constructor(parent) {
    this.root = element("div", "cloud")
    this.bar = element("div", "bar")
    this.box = element("div", "stage")
    this.box.tabIndex = 0
    this.box.setAttribute("role", "application")
    this.box.setAttribute("aria-roledescription", "point cloud")
    this.under = element("canvas", "under")
    this.points = element("canvas", "points")
    this.over = element("canvas", "over")
    for (const canvas of this.canvases) canvas.setAttribute("aria-hidden", "true")
    this.box.append(...this.canvases)
    this.note = element("p", "note")
    this.note.setAttribute("role", "status")
    this.legend = element("div", "legend")
    this.legend.setAttribute("role", "group")
    this.summary = element("p", "unseen")
    this.summary.id = "summary"
    this.box.setAttribute("aria-describedby", "summary")
    this.live = element("p", "unseen")
    this.live.setAttribute("aria-live", "polite")
    this.root.append(this.bar, this.box, this.note, this.legend, this.summary, this.live)
    parent.append(this.root)
    this.ratio = 0
  }

  // What is shown before the points have arrived.
  prepare(data) {
    this.bar.hidden = !data.tools
    this.box.style.setProperty("--height", `${data.height}px`)
    this.box.dataset.layout = data.layout
    this.box.setAttribute("aria-label", data.alt)
    if (!this.box.dataset.ready) this.say("Loading the points")
  }

  // Calls `changed` when the size or the resolution of the screen has changed.
  watch(changed) {
    const sizes = new ResizeObserver(changed)
    sizes.observe(this.box)
    const focus = () => changed()
    this.box.addEventListener("focus", focus)
    this.box.addEventListener("blur", focus)
    window.addEventListener("resize", changed) // also when the page is zoomed
    return () => {
      sizes.disconnect()
      window.removeEventListener("resize", changed)
    }
  }

  // Fits canvases and `view` to the stage's size; false if it has none.
  fitCanvases(view) {
    const [width, height] = [this.box.clientWidth, this.box.clientHeight]
    if (!width || !height) return false
    this.ratio = window.devicePixelRatio || 1
    for (const canvas of this.canvases) {
      const [wide, high] = [Math.round(width * this.ratio), Math.round(height * this.ratio)]
      if (canvas.width !== wide) canvas.width = wide
      if (canvas.height !== high) canvas.height = high
    }
    for (const canvas of [this.under, this.over]) {
      canvas.getContext("2d").setTransform(this.ratio, 0, 0, this.ratio, 0, 0)
    }
    if (view.width !== width || view.height !== height) view.resize(width, height)
    return true
  }

  hasKeyboard() {
    return this.box.matches(":focus-visible")
  }

  use(tool) {
    this.box.dataset.tool = tool
  }

  point(isOver) {
    this.box.classList.toggle("over-point", isOver)
  }

  say(text) {
    this.note.textContent = text
    this.note.hidden = !text
  }

  tell(text) {
    this.live.textContent = text
  }

  describe(text) {
    this.summary.textContent = `${text} ${HELP}`
  }

  get canvases() {
    return [this.under, this.points, this.over]
  }

  remove() {
    this.root.remove()
  }
}
