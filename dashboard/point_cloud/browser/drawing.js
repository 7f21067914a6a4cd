// Draws a cloud, at most once per animation frame: backdrop, points, and the overlay.

import { drawBackdrop } from "./backdrop.js"
import { drawOverlay } from "./overlay.js"
import { createPainter, MOVING } from "./painter.js"
import { compose, save } from "./picture.js"
import { tellSample } from "./summary.js"

const GREY = { dark: [0.62, 0.6, 0.57], light: [0.5, 0.48, 0.45] } // of ghosts

export class Drawing {
  // `navigation` says what is hovered and being drawn around. `picture` is an image of the layout for
  // a browser without WebGL; `thumbnails` and `thresholds` come with the first scene.
  constructor(stage, model, navigation) {
    Object.assign(this, { stage, model, navigation })
    this.painter = createPainter(stage.points, () => this.request())
    this.picture = null
    this.stopWatching = stage.watch(() => this.request())
  }

  get hasPainter() {
    return this.painter !== null
  }

  setPlaces() {
    const { points, scene } = this.model
    this.painter?.setPlaces(points.columns.get(scene.layout).values)
  }

  // Takes over what the model has recomputed.
  follow({ isPainted, isSorted }) {
    if (isPainted) this.painter?.setPaint(this.model.paint)
    if (isSorted) this.painter?.setOrder(this.model.rows, this.model.sizes)
    this.request()
  }

  request() {
    if (this.frame || !this.model.isReady) return
    this.frame = requestAnimationFrame(() => {
      this.frame = 0
      this.draw()
    })
  }

  draw() {
    const { stage, model, navigation } = this
    const { view, theme, scene } = model
    if (this.isOver || !stage.fitCanvases(view)) return
    drawBackdrop(stage.under.getContext("2d"), view, theme, this.picture)
    this.painter?.draw(view, this.layers(), navigation.isMoving)
    drawOverlay(stage.over.getContext("2d"), view, theme, this.above())
    if (scene.layout === "quadrants") this.thresholds?.place(view, model.thresholds)
    stage.box.dataset.drawn = String(performance.now())
  }

  // How ghosts, shown and selected points are drawn: the painter's input.
  layers() {
    const { view, points, theme, sizes, outlines } = this.model
    const room = Math.sqrt((view.frameWidth * view.frameHeight) / points.count)
    const size =
      Math.min(17, Math.min(7, Math.max(2.4, room * 0.62)) * view.zoom ** 0.4) * this.stage.ratio
    const hasChosen = sizes[2] > 0 || outlines.length > 0
    return [
      {
        size: size * 0.85,
        alpha: theme.dark ? 0.2 : 0.17,
        wash: theme.dark ? GREY.dark : GREY.light,
      },
      { size, alpha: hasChosen ? 0.24 : 0.82, wash: null },
      { size: size * 1.12, alpha: 0.95, wash: null },
    ]
  }

  // The overlay's input.
  above() {
    const { view, points, labels, outlines, rings, sizes } = this.model
    const { hovered, path, isMoving } = this.navigation
    const place = hovered === null ? null : this.model.placeOf(hovered)
    return {
      thumbnails: this.chooseThumbnails(),
      labels,
      quadrants: points.quadrants,
      outlines,
      drawing: path.map(([x, y]) => view.toPlace(x, y)),
      rings,
      hovered: place && view.toScreen(...place),
      cross: this.stage.hasKeyboard() ? this.navigation.aim() : null,
      sample: isMoving ? tellSample(sizes, MOVING) : "",
    }
  }

  chooseThumbnails() {
    const { view, points, channel, grid, status, scene } = this.model
    const chosen = scene.tools ? this.thumbnails.choose(view, grid, status) : []
    for (const thumbnail of chosen) {
      thumbnail.colour = channel.classes[channel.codes[thumbnail.row]]?.colour ?? points.neutral
    }
    return chosen
  }

  // Saves what is drawn, with its legend, as a PNG.
  keep() {
    this.painter?.forget() // its canvas may be read only in the turn in which it was drawn
    this.draw()
    save(compose(this.stage, this.model), `${this.model.scene.file}.png`)
  }

  dispose() {
    this.isOver = true
    cancelAnimationFrame(this.frame)
    this.stopWatching()
    this.painter?.dispose()
  }
}
