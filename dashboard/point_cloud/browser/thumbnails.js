// Pictures in place of points, once few enough are in sight.

import { overlap } from "./labels.js"
import { SELECTED, SHOWN } from "./layers.js"

const FROM_ZOOM = 1.8
const MOST_IN_SIGHT = 500
const MOST_DRAWN = 90
const SMALL = 44
const LARGE = 84
const KEPT = 300

export class Thumbnails {
  // `folder` is the address of the run's pictures; `changed` is called when one has arrived.
  constructor(folder, changed) {
    this.folder = folder
    this.changed = changed
    this.pictures = new Map()
  }

  // [{row, x, y, size, picture}] of those pictures that lie side by side and have arrived.
  choose(view, grid, status) {
    if (view.zoom < FROM_ZOOM) return []
    const rows = []
    grid.visit(view.seen(), (row, u, v) => {
      if (status[row] < SHOWN) return true
      rows.push([row, u, v])
      return rows.length <= MOST_IN_SIGHT
    })
    if (rows.length > MOST_IN_SIGHT) return []
    rows.sort((a, b) => (status[b[0]] === SELECTED) - (status[a[0]] === SELECTED) || a[0] - b[0])
    const room = Math.sqrt((view.frameWidth * view.frameHeight) / Math.max(1, rows.length))
    const size = Math.min(LARGE, Math.max(SMALL, room * 0.6))
    return this.arrange(rows, view, size)
  }

  arrange(rows, view, size) {
    const taken = []
    const chosen = []
    for (const [row, u, v] of rows) {
      const [x, y] = view.toScreen(u, v)
      const box = [x - size / 2, y - size / 2, x + size / 2, y + size / 2]
      if (chosen.length === MOST_DRAWN || taken.some((other) => overlap(box, other))) continue
      taken.push(box)
      chosen.push({ row, x, y, size, picture: this.picture(row) })
    }
    return chosen.filter(({ picture }) => picture.complete && picture.naturalWidth)
  }

  picture(row) {
    let picture = this.pictures.get(row)
    if (!picture) {
      picture = new Image()
      picture.decoding = "async"
      picture.onload = this.changed
      picture.src = `${this.folder}${row}/160.jpg`
    }
    this.pictures.delete(row) // and put back last, so that the first are those not used for longest
    this.pictures.set(row, picture)
    if (this.pictures.size > KEPT) this.pictures.delete(this.pictures.keys().next().value)
    return picture
  }
}
