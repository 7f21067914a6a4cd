// Takes packed points (base64) and a scene as JSON from standard input through the steps of a visit,
// and prints what the cloud's model works out anew at each: its paint, its layers.

import { readFileSync } from "node:fs"
import { Model } from "../../../../dashboard/point_cloud/browser/model.js"
import { decode } from "../../../../dashboard/point_cloud/browser/points.js"
import { View } from "../../../../dashboard/point_cloud/browser/view.js"

const { points: packed, scene } = JSON.parse(readFileSync(0, "utf8"))
const points = decode(Uint8Array.from(Buffer.from(packed, "base64")).buffer)
const view = new View(scene.layout, points.columns.get(scene.layout))
const light = { page: "#ffffff", dark: false, text: "#000000" }
const model = new Model()
const told = []
const EVERYTHING = [
  [-0.1, -0.1],
  [1.1, -0.1],
  [1.1, 1.1],
  [-0.1, 1.1],
]

function step(name, change) {
  change()
  const { isPainted, isSorted } = model.refresh()
  told.push([name, isPainted, isSorted, [...model.sizes]])
}

const take = (changes, theme = light, shown = null) =>
  model.take({ ...scene, ...changes }, points, shown, theme, view)

step("first", () => take({}))
step("the same again", () => take({}))
step("other words", () => take({ alt: "another text", focus: 3 }))
step("another accent", () => take({}, { ...light, text: "#111111" }))
step("a class hidden", () => model.hide(model.toggle("Cubism")))
step("the server agrees", () => take({ hidden: ["Cubism"] }))
step("the class shown", () => model.hide(model.toggle("Cubism")))
step("drawn around everything", () => model.drawAround(model.write([EVERYTHING])))
step("the server agrees", () => take({ outlines: model.drawn }))
step("a filter", () => take({ shown: "some" }, light, new Uint8Array(points.count)))
step("a line moved", () => model.moveThresholds([0.1, 0.1]))
step("by quadrant", () => take({ colour: "quadrant" }))
step("a line moved", () => model.moveThresholds([0.1, 0.1]))
console.log(JSON.stringify(told))
