// The legend: a button a class, which switches it off and on; a ramp for scores.

export const GLYPHS = ["●", "◆", "■", "▲", "✚"]
const MOST = 40 // classes that are listed

// Fills `place`. `numbers` are the points of each class in sight of the filters, `hidden` the names
// of the classes switched off; `toggle(name)` and `isolate(name)` are called on a click and on a
// double click or Shift and click.
export function drawLegend(place, channel, numbers, hidden, { toggle, isolate }) {
  const focused = place.getRootNode().activeElement?.dataset?.name
  place.replaceChildren()
  place.setAttribute("aria-label", `Legend: ${channel.label}`)
  if (channel.kind === "score") place.append(buildRamp(channel))
  else place.append(...buildClasses(channel, numbers, hidden, { toggle, isolate }))
  if (focused) place.querySelector(`[data-name="${CSS.escape(focused)}"]`)?.focus()
}

// Places of the classes listed, the largest if there are many, and how many more there are.
export function present(channel, numbers, hidden) {
  const all = [...channel.classes.keys()].filter(
    (at) => numbers[at] || hidden.has(channel.classes[at].name),
  )
  if (all.length > MOST) all.sort((a, b) => numbers[b] - numbers[a])
  return { shown: all.slice(0, MOST), rest: Math.max(0, all.length - MOST) }
}

function buildClasses(channel, numbers, hidden, actions) {
  const { shown, rest } = present(channel, numbers, hidden)
  const buttons = shown.map((at) => {
    const entry = channel.classes[at]
    return buildClass(entry, numbers[at], hidden.has(entry.name), actions)
  })
  return rest ? [...buttons, element("span", "rest", `and ${format(rest)} more`)] : buttons
}

function buildClass(entry, number, isHidden, { toggle, isolate }) {
  const button = element("button", "entry")
  button.type = "button"
  button.dataset.name = entry.name
  button.setAttribute("aria-pressed", String(!isHidden))
  button.title = `${entry.meaning ? `${entry.meaning}\n` : ""}Click: ${isHidden ? "show" : "hide"}. Shift-click: show only this.`
  const glyph = element("span", "glyph", GLYPHS[entry.shape])
  glyph.style.color = entry.colour
  glyph.setAttribute("aria-hidden", "true")
  button.append(glyph, entry.label, " ", element("b", "", format(number)))
  button.addEventListener("click", (event) =>
    event.shiftKey ? isolate(entry.name) : toggle(entry.name),
  )
  return button
}

function buildRamp({ label, ramp, low, high }) {
  const figure = element("div", "ramp")
  const bar = element("span", "bar")
  bar.style.background = `linear-gradient(to right, ${ramp.join(", ")})`
  bar.setAttribute("role", "img")
  bar.setAttribute("aria-label", `${label} from ${short(low)} to ${short(high)} and above`)
  figure.append(
    element("span", "", `${label} ${short(low)}`),
    bar,
    element("span", "", `${short(high)} and above`),
  )
  return figure
}

export function element(tag, className, text = "") {
  const made = document.createElement(tag)
  made.className = className
  if (text) made.textContent = text
  return made
}

export function format(number) {
  return number.toLocaleString("en")
}

export function short(value) {
  return Number(value.toPrecision(2)).toString()
}
