// The cloud as a picture to save: what is drawn, with the legend below it.

import { format, GLYPHS, present, short } from "./legend.js"

const EDGE = 16 // pixels, as all lengths here
const GAP = 22
const LINE = 24
const BAR = { width: 180, height: 10 }

// A canvas with the stage's on top of each other and the legend of what `cloud` shows.
export function compose({ canvases, ratio }, { theme, channel, numbers, hidden }) {
  const whole = document.createElement("canvas")
  const context = whole.getContext("2d")
  const [wide, high] = [canvases[0].width, canvases[0].height]
  const font = `14px ${theme.font}`
  context.font = font
  const items = list(channel, numbers, hidden)
  const measure = (text) => context.measureText(text).width
  const lines = wrap(items, wide / ratio - 2 * EDGE, measure)
  whole.width = wide
  whole.height = high + Math.round((lines.length * LINE + (lines.length ? 2 * EDGE : 0)) * ratio)
  context.fillStyle = theme.page
  context.fillRect(0, 0, whole.width, whole.height)
  for (const canvas of canvases) context.drawImage(canvas, 0, 0)
  context.setTransform(ratio, 0, 0, ratio, 0, high)
  context.font = font
  context.textBaseline = "middle"
  for (const [row, line] of lines.entries()) {
    drawLine(context, theme, line, EDGE + LINE * (row + 0.5), measure)
  }
  return whole
}

// Downloads `canvas` as the PNG `name`.
export function save(canvas, name) {
  const link = document.createElement("a")
  link.download = name
  canvas.toBlob((blob) => {
    link.href = URL.createObjectURL(blob)
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
  })
}

// Entries {text, glyph, colour} of the classes that are drawn, or the ramp of a score.
function list(channel, numbers, hidden) {
  if (channel.kind === "score") {
    return [
      { text: `${channel.label} ${short(channel.low)}` },
      { ramp: channel.ramp },
      { text: `${short(channel.high)} and above` },
    ]
  }
  const { shown, rest } = present(channel, numbers, hidden)
  const entries = shown
    .map((at) => ({ ...channel.classes[at], number: numbers[at] }))
    .filter(({ name, number }) => number && !hidden.has(name))
    .map(({ label, number, shape, colour }) => ({
      text: `${label} ${format(number)}`,
      glyph: GLYPHS[shape],
      colour,
    }))
  return rest ? [...entries, { text: `and ${format(rest)} more` }] : entries
}

function widthOf(item, measure) {
  if (item.ramp) return BAR.width
  return measure(item.text) + (item.glyph ? measure(`${item.glyph} `) : 0)
}

function wrap(items, room, measure) {
  const lines = []
  let used = Infinity
  for (const item of items) {
    const width = widthOf(item, measure) + GAP
    if (used + width > room + GAP) {
      lines.push([])
      used = 0
    }
    lines.at(-1).push(item)
    used += width
  }
  return lines
}

function drawLine(context, theme, line, y, measure) {
  let x = EDGE
  for (const item of line) {
    if (item.ramp) drawRamp(context, item.ramp, x, y)
    else drawEntry(context, theme, item, x, y, measure)
    x += widthOf(item, measure) + GAP
  }
}

function drawEntry(context, theme, { text, glyph, colour }, x, y, measure) {
  if (glyph) {
    context.fillStyle = colour
    context.fillText(glyph, x, y)
  }
  context.fillStyle = theme.text
  context.fillText(text, glyph ? x + measure(`${glyph} `) : x, y)
}

function drawRamp(context, ramp, x, y) {
  const gradient = context.createLinearGradient(x, 0, x + BAR.width, 0)
  for (const [place, colour] of ramp.entries()) {
    gradient.addColorStop(place / (ramp.length - 1), colour)
  }
  context.fillStyle = gradient
  context.fillRect(x, y - BAR.height / 2, BAR.width, BAR.height)
}
