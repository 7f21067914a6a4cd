// The tools above the cloud, where they cover no point. Icons are drawn here: nothing is fetched.

import { element } from "./legend.js"

const ICONS = {
  move: "M10 2v16M2 10h16M10 2l-2 2.5M10 2l2 2.5M10 18l-2-2.5M10 18l2-2.5M2 10l2.5-2M2 10l2.5 2M18 10l-2.5-2M18 10l-2.5 2",
  lasso:
    "M10 3c4.5 0 7.5 2 7.5 5s-3 5-7.5 5-7.5-2-7.5-5 3-5 7.5-5M6 12.4c-1.6.6-2 2.6-.6 3.3 1 .5 2 1 1.400 2.300",
  box: "M3 4h14v12H3z",
  in: "M10 4v12M4 10h12",
  out: "M4 10h12",
  fit: "M3 7V3h4M13 3h4v4M17 13v4h-4M7 17H3v-4",
  clear: "M5 5l10 10M15 5L5 15",
  save: "M10 3v10M6 9.500l4 4 4-4M3 17h14",
}
const TOOLS = {
  move: "Move (M). Hold Shift for a lasso",
  lasso: "Draw around points (L)",
  box: "Draw a box (B)",
}
const ACTIONS = {
  in: "Zoom in (+)",
  out: "Zoom out (-)",
  fit: "Show everything (0)",
  clear: "Clear the selection (Escape)",
  save: "Save as a picture",
}

// Builds the bar into `place`; `choose(tool)` and `act(action)` are called on clicks. Returns
// update(tool, hasSelection).
export function buildToolbar(place, choose, act) {
  const bar = element("div", "tools")
  bar.setAttribute("role", "toolbar")
  bar.setAttribute("aria-label", "Tools of the point cloud")
  const tools = Object.entries(TOOLS).map(([name, label]) =>
    button(name, label, () => choose(name)),
  )
  const actions = Object.entries(ACTIONS).map(([name, label]) =>
    button(name, label, () => act(name)),
  )
  bar.append(...tools, ...actions)
  place.append(bar)
  const clear = actions[Object.keys(ACTIONS).indexOf("clear")]
  return (tool, hasSelection) => {
    for (const each of tools) each.setAttribute("aria-pressed", String(each.dataset.name === tool))
    clear.hidden = !hasSelection
  }
}

function button(name, label, click) {
  const made = element("button", "tool")
  made.type = "button"
  made.dataset.name = name
  made.title = label
  made.setAttribute("aria-label", label)
  const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg")
  icon.setAttribute("viewBox", "0 0 20 20")
  icon.setAttribute("aria-hidden", "true")
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path")
  path.setAttribute("d", ICONS[name])
  icon.append(path)
  made.append(icon)
  made.addEventListener("click", click)
  return made
}
