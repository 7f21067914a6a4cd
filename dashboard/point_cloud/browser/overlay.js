// What is drawn above the points: thumbnails, names of classes and quadrants, rings, outlines.

import { within } from "./backdrop.js"
import { fit } from "./labels.js"

const LINE = 17 // pixels
const CORNERS = [
  { name: "genuine outlier", right: true, up: true },
  { name: "hard example", right: false, up: true },
  { name: "typical", right: true, up: false },
]
const RING = { open: 9, found: 9, upload: 11 }

// `scene` has {thumbnails, labels, quadrants, outlines, drawing, rings, hovered, cross, sample}.
export function drawOverlay(context, view, theme, scene) {
  context.clearRect(0, 0, view.width, view.height)
  within(context, view, () => {
    for (const thumbnail of scene.thumbnails) drawThumbnail(context, thumbnail, theme)
    for (const outline of scene.outlines) drawOutline(context, view, outline, theme, true)
    if (scene.drawing.length) drawOutline(context, view, scene.drawing, theme, false)
    if (!scene.thumbnails.length) drawLabels(context, view, theme, scene.labels)
    if (view.layout === "quadrants" && view.isFitted)
      drawCorners(context, view, theme, scene.quadrants)
    for (const ring of scene.rings) drawRing(context, view, theme, ring)
    if (scene.hovered) drawHovered(context, theme, scene.hovered)
    if (scene.cross) drawCross(context, scene.cross, theme)
    if (scene.sample) drawSample(context, view, theme, scene.sample)
  })
}

function drawThumbnail(context, { x, y, size, picture, colour }, theme) {
  const scale = size / Math.max(picture.naturalWidth, picture.naturalHeight)
  const [width, height] = [picture.naturalWidth * scale, picture.naturalHeight * scale]
  context.fillStyle = theme.page
  context.fillRect(x - width / 2 - 4, y - height / 2 - 4, width + 8, height + 8)
  context.fillStyle = colour
  context.fillRect(x - width / 2 - 2.5, y - height / 2 - 2.5, width + 5, height + 5)
  context.drawImage(picture, x - width / 2, y - height / 2, width, height)
}

function drawOutline(context, view, outline, theme, closed) {
  context.beginPath()
  outline.forEach(([u, v], place) => {
    const corner = view.toScreen(u, v)
    if (place) context.lineTo(...corner)
    else context.moveTo(...corner)
  })
  if (closed) context.closePath()
  context.strokeStyle = theme.accent
  context.fillStyle = theme.accent
  context.lineWidth = 1.75
  context.stroke()
  context.globalAlpha = 0.06
  context.fill()
  context.globalAlpha = 1
}

function drawLabels(context, view, theme, labels) {
  context.font = `600 13px ${theme.font}`
  context.textAlign = "center"
  context.textBaseline = "middle"
  const measure = (text) => context.measureText(text).width
  for (const { label, x, y } of fit(labels, view, LINE, measure)) write(context, theme, label, x, y)
}

// Text with a rim of the page's colour, readable over any points.
function write(context, theme, text, x, y) {
  context.lineJoin = "round"
  context.lineWidth = 4
  context.strokeStyle = theme.page
  context.globalAlpha = 0.85
  context.strokeText(text, x, y)
  context.globalAlpha = 1
  context.fillStyle = theme.text
  context.fillText(text, x, y)
}

// How many of the points are drawn, where that is not all.
function drawSample(context, view, theme, text) {
  context.font = `13px ${theme.font}`
  context.textAlign = "left"
  context.textBaseline = "middle"
  write(context, theme, text, view.frame.left + 8, view.frame.bottom - 14)
}

// Names of the quadrants in their corners, clear of the axes.
function drawCorners(context, view, theme, quadrants) {
  const { left, right, top, bottom } = view.frame
  context.font = `13px ${theme.font}`
  context.textBaseline = "middle"
  for (const corner of CORNERS) {
    const { label } = quadrants.find(({ name }) => name === corner.name)
    context.textAlign = corner.right ? "right" : "left"
    const x = corner.right ? right - 8 : left + 8
    write(context, theme, label, x, corner.up ? top + 14 : bottom - 40)
  }
}

function drawRing(context, view, theme, { place, label, kind }) {
  const [x, y] = view.toScreen(...place)
  circle(context, x, y, RING[kind] + 2, theme.page, 5)
  circle(context, x, y, RING[kind], kind === "found" ? theme.text : theme.accent, 2.5)
  if (kind === "upload") circle(context, x, y, 3, theme.accent, 3)
  if (!label) return
  context.font = `600 13px ${theme.font}`
  context.textAlign = x > view.width - 160 ? "right" : "left"
  context.textBaseline = "middle"
  const gap = RING[kind] + 7
  write(context, theme, label, context.textAlign === "left" ? x + gap : x - gap, y)
}

function circle(context, x, y, radius, colour, width) {
  context.beginPath()
  context.arc(x, y, radius, 0, 2 * Math.PI)
  context.strokeStyle = colour
  context.lineWidth = width
  context.stroke()
}

function drawHovered(context, theme, [x, y]) {
  circle(context, x, y, 7, theme.page, 4)
  circle(context, x, y, 7, theme.text, 1.75)
}

// Where Enter would open a painting.
function drawCross(context, [x, y], theme) {
  context.strokeStyle = theme.text
  context.globalAlpha = 0.6
  context.lineWidth = 1
  context.beginPath()
  for (const [dx, dy] of [
    [1, 0],
    [-1, 0],
    [0, 1],
    [0, -1],
  ]) {
    context.moveTo(x + 5 * dx, y + 5 * dy)
    context.lineTo(x + 14 * dx, y + 14 * dy)
  }
  context.stroke()
  context.globalAlpha = 1
}
