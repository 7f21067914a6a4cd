// Draws around points by keys: arrows move a pen over the view, and corners stay where they were set.

const STEP = 36 // pixels that an arrow key moves the pen
const FINE = 6 // the same with Shift

export class Pen {
  constructor() {
    this.lift()
  }

  lift() {
    this.at = null // pixels
    this.corners = [] // places
  }

  // Begins in the middle of `view`, with nothing drawn.
  take(view) {
    const { left, right, top, bottom } = view.frame
    this.at = [(left + right) / 2, (top + bottom) / 2]
    this.corners = []
  }

  get isDrawing() {
    return this.corners.length > 0
  }

  // One step right (1) or left (-1) and down (1) or up (-1), within `view`.
  move(view, dx, dy, isFine) {
    const { left, right, top, bottom } = view.frame
    const step = isFine ? FINE : STEP
    this.at = [
      Math.min(right, Math.max(left, this.at[0] + dx * step)),
      Math.min(bottom, Math.max(top, this.at[1] + dy * step)),
    ]
  }

  setCorner(view) {
    this.corners.push(view.toPlace(...this.at))
  }

  // The corners, and where the pen is, in pixels.
  path(view) {
    return [...this.corners.map(([u, v]) => view.toScreen(u, v)), this.at]
  }
}
