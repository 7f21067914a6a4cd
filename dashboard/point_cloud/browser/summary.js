// The cloud in words, for screen readers.

import { format } from "./legend.js"

const MOST = 8

// What is drawn: how many points, and how many of each of the largest classes.
export function describe(alt, channel, numbers, hidden, [ghosts, shown, selected]) {
  const drawn = shown + selected
  const parts = [`${alt}.`, `${format(drawn)} of ${format(drawn + ghosts)} paintings are shown.`]
  if (selected) parts.push(`${format(selected)} of them are selected.`)
  if (channel.kind === "score")
    parts.push(`Coloured by ${channel.label.toLowerCase()}, low to high.`)
  const largest = [...numbers.keys()]
    .filter(
      (place) =>
        channel.kind === "class" && numbers[place] && !hidden.has(channel.classes[place].name),
    )
    .sort((a, b) => numbers[b] - numbers[a])
  const named = largest
    .slice(0, MOST)
    .map((place) => `${channel.classes[place].label} ${format(numbers[place])}`)
  if (named.length)
    parts.push(
      `By ${channel.label.toLowerCase()}: ${named.join(", ")}${largest.length > MOST ? " and others" : ""}.`,
    )
  return parts.join(" ")
}

// What a drawing of at most `most` points of each layer leaves out; "" where that is nothing.
export function tellSample(sizes, most) {
  const sum = (numbers) => numbers.reduce((total, number) => total + number, 0)
  const drawn = sum(sizes.map((size) => Math.min(size, most)))
  const all = sum(sizes)
  return drawn < all ? `${format(drawn)} of ${format(all)} points while the view moves` : ""
}

// The facts of one painting as a sentence.
export function speak({ title, byline, verdict }) {
  return `${title}, ${byline}. ${verdict}`
}
