// GLSL ES 1.00, which WebGL2 and WebGL1 both compile.

// A point's place is 0 to 1 in both directions; `paint` is its colour and, in alpha, its shape.
export const POINT_VERTEX = `
attribute vec2 place;
attribute vec4 paint;
uniform vec2 scale;
uniform vec2 shift;
uniform mediump float size;
uniform vec4 wash;
varying vec4 ink;
varying float shape;

void main() {
  gl_Position = vec4(place * scale + shift, 0.0, 1.0);
  gl_PointSize = size;
  ink = vec4(mix(paint.rgb, wash.rgb, step(0.0, wash.r)), wash.a);
  shape = floor(paint.a * 255.0 / 50.0 + 0.5);
}`

// `reach` is 1 at the edge of the shape, measured from its middle.
export const POINT_FRAGMENT = `
precision mediump float;
uniform mediump float size;
varying vec4 ink;
varying float shape;

float reach(vec2 p) {
  if (size < 6.0 || shape < 0.5) return length(p);
  vec2 q = abs(p);
  if (shape < 1.5) return q.x + q.y;
  if (shape < 2.5) return max(q.x, q.y) * 1.2;
  if (shape < 3.5) return max(p.y * 1.15, q.x * 1.15 - p.y * 0.6 + 0.1);
  return max(max(q.x, q.y), min(q.x, q.y) * 2.6);
}

void main() {
  float soft = 2.0 / size;
  float cover = 1.0 - smoothstep(1.0 - soft, 1.0, reach(gl_PointCoord * 2.0 - 1.0));
  float alpha = cover * ink.a;
  if (alpha < 0.004) discard;
  gl_FragColor = vec4(ink.rgb * alpha, alpha);
}`
