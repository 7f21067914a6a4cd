// The card beside the point under the pointer; its text comes from the server, one painting at a time.

import { element } from "./legend.js"

const GAP = 16
const KEPT = 400

export class Card {
  constructor(place) {
    this.box = element("div", "card")
    this.box.setAttribute("aria-hidden", "true") // the stage says the same in words
    this.box.hidden = true
    this.picture = element("img", "")
    this.picture.alt = "" // what it shows is written beside it
    this.title = element("div", "title")
    this.byline = element("div", "byline")
    this.reason = element("div", "reason")
    const text = element("div", "text")
    text.append(this.title, this.byline, this.reason)
    this.box.append(this.picture, text)
    place.append(this.box)
    this.known = new Map()
    this.row = -1
  }

  // Shows painting `row` beside the pixel (x, y) of a stage of the given size; resolves to its facts.
  async show(folder, row, x, y, width, height) {
    if (this.row === row && !this.box.hidden) return null
    this.row = row
    const facts = await this.fetch(`${folder}${row}.json`)
    if (this.row !== row || !facts) return null
    this.picture.src = facts.picture
    this.picture.alt = facts.alt
    this.title.textContent = facts.title
    this.byline.textContent = facts.byline
    this.reason.textContent = facts.verdict
    this.box.hidden = false
    const [wide, high] = [this.box.offsetWidth, this.box.offsetHeight]
    const left = x + GAP + wide > width ? x - GAP - wide : x + GAP
    this.box.style.left = `${Math.max(4, left)}px`
    this.box.style.top = `${Math.max(4, Math.min(height - high - 4, y - high / 2))}px`
    return facts
  }

  hide() {
    this.row = -1
    this.box.hidden = true
  }

  async fetch(url) {
    if (!this.known.has(url)) {
      const answer = await fetch(url).catch(() => null)
      if (!answer?.ok) return null
      this.known.set(url, await answer.json())
      if (this.known.size > KEPT) this.known.delete(this.known.keys().next().value)
    }
    return this.known.get(url)
  }
}
