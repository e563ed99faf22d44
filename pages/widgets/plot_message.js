/* What plot.py sends, and what a browser without WebGL can draw of it. */

const TYPES = { int8: Int8Array, uint8: Uint8Array, int16: Int16Array, uint16: Uint16Array, int32: Int32Array,
                uint32: Uint32Array, float32: Float32Array, float64: Float64Array };
const FLAT_POINTS = 2000;      // without WebGL, how many points are drawn as SVG
const drawsWebGL = (() => {
  const canvas = document.createElement("canvas");
  return !!(canvas.getContext("webgl2") || canvas.getContext("webgl"));
})();

/* plot.py's `pack`, undone. */
export function read(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true), start = bytes.byteOffset + 8 + length;
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  return revive(header, ({ $array, start: at, shape }) => {
    const Type = TYPES[$array], count = shape.reduce((a, b) => a * b), from = start + at;
    const all = new Type(bytes.buffer.slice(from, from + count * Type.BYTES_PER_ELEMENT));
    return shape.length === 1 ? all : Array.from({ length: shape[0] }, (_, i) => all.subarray(i * shape[1], (i + 1) * shape[1]));
  });
}

function revive(value, array) {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return typeof value[0] === "object" ? value.map((item) => revive(item, array)) : value;
  if ("$array" in value) return array(value);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, revive(item, array)]));
}

/* The traces that can be drawn here, and the sentence to say if that is not all of them. */
export function drawable(data, texts) {
  const space = data.some((trace) => trace.type === "scatter3d");
  if (drawsWebGL || !(space || data.some((trace) => trace.type === "scattergl"))) return { data, note: "" };
  if (space) return { data: [], note: texts.no_space };
  let left = FLAT_POINTS;
  const flat = data.map((trace) => {
    const length = trace.x?.length ?? 0, keep = Math.min(length, left);
    left -= keep;
    return { ...first(trace, length, keep), ...(trace.type === "scattergl" && { type: "scatter" }) };
  });
  return { data: flat, note: left ? "" : texts.flat.replace("{count}", FLAT_POINTS.toLocaleString()) };
}

/* The first rows of a trace: every array that has one item a point is cut, one level down too. */
function first(trace, length, keep) {
  const isLong = (value) => (Array.isArray(value) || ArrayBuffer.isView(value)) && value.length === length;
  const cut = (value) => (isLong(value) ? value.slice(0, keep) : value);
  const all = (value) => Object.fromEntries(Object.entries(value).map(([name, item]) => [name, cut(item)]));
  return { ...all(trace), ...(trace.marker && { marker: all(trace.marker) }) };
}
