// Reads [[sizes, most], ...] as JSON from standard input and prints what the browser says is left out
// of each drawing.

import { readFileSync } from "node:fs"
import { tellSample } from "../../../../dashboard/point_cloud/browser/summary.js"

const asked = JSON.parse(readFileSync(0, "utf8"))
console.log(JSON.stringify(asked.drawings.map(([sizes, most]) => tellSample(sizes, most))))
