// Draws the points with WebGL. Everything it was given is kept, so that a lost context can be rebuilt.

import { KeptPicture } from "./kept_picture.js"
import { same } from "./same.js"
import { POINT_FRAGMENT, POINT_VERTEX } from "./shaders.js"

const OPTIONS = { alpha: true, antialias: false, depth: false, premultipliedAlpha: true }
const OWN_COLOUR = [-1, 0, 0] // a wash below zero leaves each point its own colour
const RIM = 6 // pixels around the frame
export const MOVING = 150_000 // points drawn of each layer while the view moves

// A painter for `canvas`, or null without WebGL. `changed` is called after a lost context
// is back.
export function createPainter(canvas, changed) {
  const gl = canvas.getContext("webgl2", OPTIONS) ?? canvas.getContext("webgl", OPTIONS)
  if (!gl) return null
  const isFirst =
    typeof WebGL2RenderingContext === "undefined" || !(gl instanceof WebGL2RenderingContext)
  if (isFirst && !gl.getExtension("OES_element_index_uint")) return null
  return new Painter(canvas, gl, changed)
}

class Painter {
  constructor(canvas, gl, changed) {
    this.canvas = canvas
    this.gl = gl
    this.version = gl.getParameter(gl.VERSION)
    this.held = { place: null, paint: null, order: null }
    this.sizes = [0, 0, 0]
    this.lost = false
    this.onLost = (event) => {
      event.preventDefault()
      this.lost = true
    }
    this.onRestored = () => {
      this.lost = false
      this.build()
      changed()
    }
    canvas.addEventListener("webglcontextlost", this.onLost)
    canvas.addEventListener("webglcontextrestored", this.onRestored)
    this.build()
  }

  build() {
    const gl = this.gl
    this.program = link(gl, POINT_VERTEX, POINT_FRAGMENT)
    const uniform = (name) => gl.getUniformLocation(this.program, name)
    this.uniforms = {
      scale: uniform("scale"),
      shift: uniform("shift"),
      size: uniform("size"),
      wash: uniform("wash"),
    }
    this.buffers = { place: gl.createBuffer(), paint: gl.createBuffer(), order: gl.createBuffer() }
    for (const name of Object.keys(this.held)) if (this.held[name]) this.upload(name)
    // All points as ghosts, and as they are shown without a filter.
    this.ghosts = gl.blitFramebuffer ? new KeptPicture(gl) : null
    this.whole = gl.blitFramebuffer ? new KeptPicture(gl) : null
    this.drawn = null // what the canvas shows
    gl.clearColor(0, 0, 0, 0)
    gl.enable(gl.BLEND)
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA)
  }

  // Where the points are: Uint16Array of pairs.
  setPlaces(values) {
    this.hold("place", values)
  }

  // What they look like: Uint8Array of red, green, blue, 50 x shape.
  setPaint(values) {
    this.hold("paint", values)
  }

  // Which are drawn, and in which order: rows of the layers one after the other, and their numbers.
  setOrder(rows, sizes) {
    this.sizes = sizes
    this.hold("order", rows)
  }

  hold(name, values) {
    if (this.held[name] === values && name !== "paint") return
    this.held[name] = values
    this.forget()
    if (name !== "order") {
      this.ghosts?.forget()
      this.whole?.forget()
    }
    if (!this.lost) this.upload(name)
  }

  upload(name) {
    const gl = this.gl
    const target = name === "order" ? gl.ELEMENT_ARRAY_BUFFER : gl.ARRAY_BUFFER
    gl.bindBuffer(target, this.buffers[name])
    gl.bufferData(target, this.held[name], gl.STATIC_DRAW)
  }

  // Draws the layers, each with its {size in pixels, alpha, wash as rgb 0 to 1 or null}, within
  // `view`'s frame, unless they are there already. While `moving`, a large layer is drawn as a
  // sample of itself. The first layer is of ghosts: points that the others hide may be among them.
  draw(view, layers, moving) {
    const gl = this.gl
    if (this.lost || !this.held.place || !this.held.order) return
    const { scale, shift } = view.clip()
    const { width, height } = this.canvas
    const place = [width, height, ...scale, ...shift]
    const wanted = [...place, ...layers.flatMap(looks), moving]
    if (same(this.drawn, wanted)) return
    this.drawn = wanted
    gl.viewport(0, 0, width, height)
    gl.disable(gl.SCISSOR_TEST)
    gl.clear(gl.COLOR_BUFFER_BIT)
    this.clip(view)
    gl.useProgram(this.program)
    this.point("place", 2, gl.UNSIGNED_SHORT)
    this.point("paint", 4, gl.UNSIGNED_BYTE)
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.buffers.order)
    gl.uniform2f(this.uniforms.scale, ...scale)
    gl.uniform2f(this.uniforms.shift, ...shift)
    const count = (layer) => (moving ? Math.min(this.sizes[layer], MOVING) : this.sizes[layer])
    const [ghosts, shown, selected] = layers
    const [all, afterGhosts] = [this.held.order.length, this.sizes[0]]
    if (!moving && afterGhosts && this.ghosts) {
      this.ghosts.show([...place, ...looks(ghosts)], () => this.drawLayer(ghosts, 0, all))
    } else this.drawLayer(ghosts, 0, count(0))
    if (!moving && this.sizes[1] === all && this.whole) {
      this.whole.show([...place, ...looks(shown)], () => this.drawLayer(shown, 0, all))
    } else this.drawLayer(shown, afterGhosts, count(1))
    this.drawLayer(selected, afterGhosts + this.sizes[1], count(2))
  }

  // Makes the next `draw` draw, whatever the canvas shows.
  forget() {
    this.drawn = null
  }

  // `count` points from place `first` of the order.
  drawLayer({ size, alpha, wash }, first, count) {
    if (!count || !alpha) return
    const gl = this.gl
    gl.uniform1f(this.uniforms.size, size)
    gl.uniform4f(this.uniforms.wash, ...(wash ?? OWN_COLOUR), alpha)
    gl.drawElements(gl.POINTS, count, gl.UNSIGNED_INT, 4 * first)
  }

  // Keeps the points within the frame, but whole at its edges.
  clip(view) {
    const gl = this.gl
    const ratio = this.canvas.width / view.width
    const { left, bottom } = view.frame
    gl.enable(gl.SCISSOR_TEST)
    gl.scissor(
      (left - RIM) * ratio,
      (view.height - bottom - RIM) * ratio,
      (view.frameWidth + 2 * RIM) * ratio,
      (view.frameHeight + 2 * RIM) * ratio,
    )
  }

  point(name, size, type) {
    const gl = this.gl
    const location = gl.getAttribLocation(this.program, name)
    gl.bindBuffer(gl.ARRAY_BUFFER, this.buffers[name])
    gl.enableVertexAttribArray(location)
    gl.vertexAttribPointer(location, size, type, true, 0, 0)
  }

  dispose() {
    this.canvas.removeEventListener("webglcontextlost", this.onLost)
    this.canvas.removeEventListener("webglcontextrestored", this.onRestored)
    this.gl.getExtension("WEBGL_lose_context")?.loseContext()
  }
}

function looks({ size, alpha, wash }) {
  return [size, alpha, ...(wash ?? OWN_COLOUR)]
}

function link(gl, vertex, fragment) {
  const program = gl.createProgram()
  for (const [type, source] of [
    [gl.VERTEX_SHADER, vertex],
    [gl.FRAGMENT_SHADER, fragment],
  ]) {
    const shader = gl.createShader(type)
    gl.shaderSource(shader, source)
    gl.compileShader(shader)
    gl.attachShader(program, shader)
  }
  gl.linkProgram(program)
  if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) {
    throw new Error(`the shaders do not link: ${gl.getProgramInfoLog(program)}`)
  }
  return program
}
