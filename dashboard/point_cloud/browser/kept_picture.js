// All points as one layer, drawn once for a view and kept: a filter then costs only the points that
// it shows, and clearing it costs none.

import { same } from "./same.js"

export class KeptPicture {
  // `gl` is WebGL2: the first WebGL cannot copy a picture into the canvas.
  constructor(gl) {
    this.gl = gl
    this.frame = gl.createFramebuffer()
    this.pixels = gl.createRenderbuffer()
    this.made = null // what the picture shows
  }

  // Copies the picture of `wanted`, a list of values, into the canvas; `draw` draws it where the last
  // was another.
  show(wanted, draw) {
    const { gl, frame } = this
    const { width, height } = gl.canvas
    if (!same(this.made, wanted)) {
      gl.bindRenderbuffer(gl.RENDERBUFFER, this.pixels)
      gl.renderbufferStorage(gl.RENDERBUFFER, gl.RGBA8, width, height)
      gl.bindFramebuffer(gl.FRAMEBUFFER, frame)
      gl.framebufferRenderbuffer(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.RENDERBUFFER, this.pixels)
      gl.clear(gl.COLOR_BUFFER_BIT)
      draw()
      this.made = wanted
    }
    gl.bindFramebuffer(gl.READ_FRAMEBUFFER, frame)
    gl.bindFramebuffer(gl.DRAW_FRAMEBUFFER, null)
    gl.blitFramebuffer(0, 0, width, height, 0, 0, width, height, gl.COLOR_BUFFER_BIT, gl.NEAREST)
    gl.bindFramebuffer(gl.FRAMEBUFFER, null)
  }

  // Makes the next `show` draw.
  forget() {
    this.made = null
  }
}
