// The page's colours, read from the custom properties that Streamlit sets on the component.

import { parse } from "./colours.js"

export function read(element) {
  const style = getComputedStyle(element)
  const value = (name, otherwise) => style.getPropertyValue(name).trim() || otherwise
  const page = toHex(value("--st-background-color", "#ffffff"))
  const [red, green, blue] = parse(page)
  return {
    page,
    dark: 0.2126 * red + 0.7152 * green + 0.0722 * blue < 128,
    text: toHex(value("--st-text-color", "#1d1b18")),
    accent: toHex(value("--st-primary-color", "#c2553d")),
    font: value("--st-font", "sans-serif"),
  }
}

const context = document.createElement("canvas").getContext("2d")

// Any CSS colour as "#rrggbb".
function toHex(colour) {
  context.fillStyle = "#000000" // stands where `colour` is none
  context.fillStyle = colour
  return context.fillStyle.startsWith("#") ? context.fillStyle : "#808080"
}
