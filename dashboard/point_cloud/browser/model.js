// What a cloud shows, derived from what Streamlit says (`scene`, see
// dashboard/components/point_cloud.py) and from what people have changed since: colours, layers,
// numbers of the legend, names. It knows no page and no WebGL.

import { count, paint, channel as readChannel } from "./colours.js"
import { HIGHEST_PLACE } from "./grid.js"
import { place as placeLabels } from "./labels.js"
import { arrange, SELECTED, SHOWN, sort } from "./layers.js"
import { format, parse } from "./outlines.js"
import { prepare } from "./prepare.js"
import { same } from "./same.js"

export class Model {
  constructor() {
    this.scene = null
    this.status = null // Uint8Array of what each point is, see layers.js
    this.colouredFrom = null
    this.sortedFrom = null
  }

  get isReady() {
    return this.status !== null
  }

  // Takes over a scene; `shown` are its rows as decodeRows gives them, or null for all. `refresh`
  // works out what follows.
  take(scene, points, shown, theme, view) {
    const { grid, shuffled } = prepare(points, scene.layout)
    Object.assign(this, { scene, points, shown, theme, view, grid, shuffled })
    this.thresholds = scene.thresholds
    this.hidden = new Set(scene.hidden)
    this.drawAround(scene.outlines)
    this.rings = scene.rings.map(([x, y, label, kind]) => ({
      place: view.fromData([x, y]),
      label,
      kind,
    }))
  }

  moveThresholds(thresholds) {
    this.thresholds = thresholds
  }

  hide(names) {
    this.hidden = new Set(names)
  }

  // Takes `text`, outlines in the layout's own coordinates, as the selection.
  drawAround(text) {
    this.drawn = text
    this.outlines = parse(text).map((outline) =>
      outline.map((corner) => this.view.fromData(corner)),
    )
  }

  // `outlines` in places as the text of a link.
  write(outlines) {
    return format(outlines.map((outline) => outline.map((place) => this.view.toData(place))))
  }

  // Recomputes what has changed; returns whether the paint and the layers have.
  refresh() {
    const isPainted = this.recolour()
    return { isPainted, isSorted: this.resort() }
  }

  recolour() {
    const { points, scene, theme, thresholds } = this
    const from = [
      points,
      scene.colour,
      theme.dark,
      ...(scene.colour === "quadrant" ? thresholds : []),
    ]
    if (same(this.colouredFrom, from)) return false
    this.colouredFrom = from
    this.channel = readChannel(points, scene.colour, theme, thresholds)
    const reused = this.paint?.length === 4 * points.count ? this.paint : undefined
    this.paint = paint(points.count, this.channel, points.neutral, reused)
    return true
  }

  resort() {
    const { channel, grid, scene, drawn, hidden } = this
    const from = [channel, grid, scene.tools, scene.shown, drawn, ...hidden]
    if (same(this.sortedFrom, from)) return false
    this.sortedFrom = from
    this.sortAnew()
    return true
  }

  sortAnew() {
    const { channel, grid, hidden, outlines, scene, shown } = this
    this.status = sort(grid, shown, channel, hidden, outlines)
    Object.assign(this, arrange(this.status, this.shuffled))
    this.numbers = count(channel, grid.placed, 1, shown) // of the classes switched off as well
    const isNamed = channel.kind === "class" && scene.layout === "map" && scene.tools
    const least = this.sizes[2] ? SELECTED : SHOWN
    this.labels = isNamed ? placeLabels(grid, channel, this.status, least) : []
  }

  // Names of the classes to hide so that `name` is switched off, or on again.
  toggle(name) {
    const { hidden } = this
    return hidden.has(name) ? [...hidden].filter((other) => other !== name) : [...hidden, name]
  }

  // Names of all classes but `name`; none if it is the only one shown.
  isolate(name) {
    const present = this.channel.classes
      .filter((_, place) => this.numbers[place])
      .map((entry) => entry.name)
    const rest = present.filter((other) => other !== name)
    return rest.every((other) => this.hidden.has(other)) && !this.hidden.has(name) ? [] : rest
  }

  // The shown point nearest to the pixel (x, y) within `reach` pixels, or -1.
  find(x, y, reach) {
    return this.grid.nearest(this.view, x, y, reach, (row) => this.status[row] >= SHOWN)
  }

  // Where painting `row` is, 0 to 1 in both directions; null if it has no place in the layout.
  placeOf(row) {
    const { values, none } = this.points.columns.get(this.scene.layout)
    return values[2 * row] === none
      ? null
      : [values[2 * row] / HIGHEST_PLACE, values[2 * row + 1] / HIGHEST_PLACE]
  }
}
