// What is drawn below the points: the still picture without WebGL, axes and frontier of the
// quadrants.

const STEPS = 160
const TICK = 6

// `picture` is an image of the whole layout, or null.
export function drawBackdrop(context, view, theme, picture) {
  context.clearRect(0, 0, view.width, view.height)
  if (view.layout === "quadrants") drawChart(context, view, theme)
  if (picture) within(context, view, () => drawPicture(context, view, picture))
}

function drawPicture(context, view, picture) {
  const [left, top] = view.toScreen(0, 1)
  const [right, bottom] = view.toScreen(1, 0)
  context.drawImage(picture, left, top, right - left, bottom - top)
}

export function within(context, view, draw) {
  const { left, top } = view.frame
  context.save()
  context.beginPath()
  context.rect(left, top, view.frameWidth, view.frameHeight)
  context.clip()
  draw()
  context.restore()
}

function drawChart(context, view, theme) {
  within(context, view, () => drawFrontier(context, view, theme))
  context.font = `12px ${theme.font}`
  context.fillStyle = theme.text
  context.strokeStyle = theme.text
  context.lineWidth = 1
  drawAcross(context, view)
  drawUp(context, view)
}

// No painting can lie where confidence < exp(-loss).
function drawFrontier(context, view, theme) {
  const top = view.low[1] + view.span[1]
  const curve = Array.from({ length: STEPS + 1 }, (_, step) => {
    const loss = (step / STEPS) * top
    return view.toScreen(...view.fromData([Math.exp(-loss), loss]))
  })
  context.beginPath()
  context.moveTo(...view.toScreen(0, 0))
  for (const corner of curve) context.lineTo(...corner)
  context.lineTo(...view.toScreen(0, 1))
  context.closePath()
  context.globalAlpha = 0.09
  context.fillStyle = theme.text
  context.fill()
  context.beginPath()
  context.moveTo(...curve[0])
  for (const corner of curve.slice(1)) context.lineTo(...corner)
  context.globalAlpha = 0.55
  context.setLineDash([2, 3])
  context.strokeStyle = theme.text
  context.stroke()
  context.setLineDash([])
}

function drawAcross(context, view) {
  const { left, right, bottom } = view.frame
  context.textAlign = "center"
  context.textBaseline = "top"
  for (const value of ticks(
    view.toData(view.toPlace(left, 0))[0],
    view.toData(view.toPlace(right, 0))[0],
  )) {
    const [x] = view.toScreen(view.fromData([value, 0])[0], 0)
    if (value < -1e-9 || value > 1 + 1e-9) continue
    rule(context, [x, bottom], [x, bottom + TICK])
    faded(context, 0.8, () => context.fillText(`${round(value * 100)} %`, x, bottom + TICK + 3))
  }
  faded(context, 0.8, () =>
    context.fillText("Confidence of the model", (left + right) / 2, bottom + 27),
  )
  rule(context, [left, bottom], [right, bottom])
}

function drawUp(context, view) {
  const { left, top, bottom } = view.frame
  context.textAlign = "right"
  context.textBaseline = "middle"
  for (const value of ticks(
    view.toData(view.toPlace(0, bottom))[1],
    view.toData(view.toPlace(0, top))[1],
  )) {
    const [, y] = view.toScreen(0, view.fromData([0, value])[1])
    if (value < -1e-9) continue
    rule(context, [left - TICK, y], [left, y])
    faded(context, 0.8, () => context.fillText(String(round(value)), left - TICK - 4, y))
  }
  rule(context, [left, top], [left, bottom])
  context.save()
  context.translate(13, (top + bottom) / 2)
  context.rotate(-Math.PI / 2)
  context.textAlign = "center"
  faded(context, 0.8, () => context.fillText("Loss of the given label", 0, 0))
  context.restore()
}

function rule(context, from, to) {
  faded(context, 0.35, () => {
    context.beginPath()
    context.moveTo(...from)
    context.lineTo(...to)
    context.stroke()
  })
}

function faded(context, alpha, draw) {
  context.globalAlpha = alpha
  draw()
  context.globalAlpha = 1
}

// Round numbers from `low` to `high`, about six.
function ticks(low, high) {
  const rough = (high - low) / 6
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].find((factor) => factor * power >= rough) * power
  const first = Math.ceil(low / step)
  return Array.from(
    { length: Math.floor(high / step) - first + 1 },
    (_, place) => (first + place) * step,
  )
}

function round(value) {
  return Number(value.toPrecision(6))
}
