#version 330 core
// One triangle that covers the whole target; the scissor cuts out the tile.
void main() {
  vec2 corner = vec2((gl_VertexID & 1) * 4 - 1, (gl_VertexID >> 1) * 4 - 1);
  gl_Position = vec4(corner, 0.0, 1.0);
}
