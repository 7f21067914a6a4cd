// What part of the layout is seen: from places (0 to 1, up and right) to pixels of the stage and back.

const HIGHEST = 65535 / 65534 // a place of 1 is stored as 65534, the value below "none"
const MAX_ZOOM = 80
const MARGINS = {
  map: { left: 12, right: 12, top: 12, bottom: 12 },
  quadrants: { left: 56, right: 26, top: 14, bottom: 46 },
}

export class View {
  constructor(layout, column) {
    this.layout = layout
    this.low = column.low
    this.span = [column.high[0] - column.low[0], column.high[1] - column.low[1]]
    this.width = 0
    this.height = 0
    this.focus = null // row of the painting that it was flown to
    this.fit()
  }

  // The stage's size in CSS pixels.
  resize(width, height) {
    this.width = width
    this.height = height
    const margin = MARGINS[this.layout]
    this.frame = {
      left: margin.left,
      top: margin.top,
      right: Math.max(margin.left + 1, width - margin.right),
      bottom: Math.max(margin.top + 1, height - margin.bottom),
    }
    this.frameWidth = this.frame.right - this.frame.left
    this.frameHeight = this.frame.bottom - this.frame.top
    const even = Math.min(this.frameWidth / this.span[0], this.frameHeight / this.span[1])
    this.base =
      this.layout === "map"
        ? [even * this.span[0], even * this.span[1]]
        : [this.frameWidth, this.frameHeight]
  }

  // The whole layout.
  fit() {
    this.zoom = 1
    this.centre = [0.5, 0.5]
  }

  get isFitted() {
    return this.zoom === 1
  }

  toScreen(u, v) {
    return [
      (this.frame.left + this.frame.right) / 2 + (u - this.centre[0]) * this.base[0] * this.zoom,
      (this.frame.top + this.frame.bottom) / 2 - (v - this.centre[1]) * this.base[1] * this.zoom,
    ]
  }

  toPlace(x, y) {
    return [
      this.centre[0] + (x - (this.frame.left + this.frame.right) / 2) / (this.base[0] * this.zoom),
      this.centre[1] - (y - (this.frame.top + this.frame.bottom) / 2) / (this.base[1] * this.zoom),
    ]
  }

  // Between places and the layout's own coordinates (confidence and loss, or the map's).
  toData([u, v]) {
    return [this.low[0] + u * this.span[0], this.low[1] + v * this.span[1]]
  }

  fromData([x, y]) {
    return [(x - this.low[0]) / this.span[0], (y - this.low[1]) / this.span[1]]
  }

  pan(dx, dy) {
    this.centre[0] -= dx / (this.base[0] * this.zoom)
    this.centre[1] += dy / (this.base[1] * this.zoom)
    this.keepInside()
  }

  // Zooms by `factor`; what lies at the pixel (x, y) stays there.
  zoomAt(x, y, factor) {
    const before = this.toPlace(x, y)
    this.zoom = Math.min(MAX_ZOOM, Math.max(1, this.zoom * factor))
    const after = this.toPlace(x, y)
    this.centre[0] += before[0] - after[0]
    this.centre[1] += before[1] - after[1]
    this.keepInside()
  }

  // At no zoom can the layout be lost from sight: it always reaches the middle of the frame, and
  // unzoomed it cannot be moved.
  keepInside() {
    for (const axis of [0, 1]) {
      const slack = 0.5 * (1 - 1 / this.zoom) * 1.15
      this.centre[axis] = Math.min(0.5 + slack, Math.max(0.5 - slack, this.centre[axis]))
    }
  }

  // [lowest u, lowest v, highest u, highest v] in sight.
  seen() {
    const [u0, v0] = this.toPlace(this.frame.left, this.frame.bottom)
    const [u1, v1] = this.toPlace(this.frame.right, this.frame.top)
    return [u0, v0, u1, v1]
  }

  // Places to clip space, for the shader.
  clip() {
    const wide = (2 * this.base[0] * this.zoom) / this.width
    const high = (2 * this.base[1] * this.zoom) / this.height
    const [x, y] = this.toScreen(0, 0)
    return {
      scale: [wide * HIGHEST, high * HIGHEST],
      shift: [(2 * x) / this.width - 1, 1 - (2 * y) / this.height],
    }
  }
}
