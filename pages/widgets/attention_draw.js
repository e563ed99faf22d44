/* What the views of attention share: SVG elements whose look stands in their attributes (so that a saved picture has it),
   colours for weights, and pictures made of cells. */

const SPACE = "http://www.w3.org/2000/svg";
export const SANS = '"Source Sans", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif';

export function element(name, attributes = {}, text = "") {
  const found = document.createElementNS(SPACE, name);
  for (const [key, value] of Object.entries(attributes)) found.setAttribute(key, value);
  if (text) found.textContent = text;
  return found;
}

export function drawing(width, height, label) {
  return element("svg", { width, height, viewBox: `0 0 ${width} ${height}`, xmlns: SPACE, role: "img", "aria-label": label,
                          "font-family": SANS, style: "display:block" });
}

/* A word as it is shown: its beginning if it is long; what cannot be seen as a sign. */
export function short(word, most = 16) {
  const seen = word.replace(/\n/g, "⏎").replace(/\s/g, "␣"), letters = [...seen];
  return letters.length > most ? letters.slice(0, most - 1).join("") + "…" : seen;
}

let ruler;
export function widthOf(text, size) {
  ruler ??= document.createElement("canvas").getContext("2d");
  ruler.font = `${size}px ${SANS}`;
  return ruler.measureText(text).width;
}

function channels(colour) {
  return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
}

/* Colours from a list of "#rrggbb", at equal distances: share 0..1 -> [red, green, blue]. */
function between(colours, share) {
  const place = Math.min(1, Math.max(0, share)) * (colours.length - 1), first = Math.min(Math.floor(place), colours.length - 2);
  const [a, b] = [channels(colours[first]), channels(colours[first + 1])];
  return a.map((value, i) => Math.round(value + (b[i] - value) * (place - first)));
}

/* 256 colours for weights 0..1, by their square root: most weights are small. */
export function scale({ panel, dense, accent }) {
  const table = Array.from({ length: 256 }, (_, i) => between([panel, dense, accent], i / 255));
  return (weight) => table[Math.round(255 * Math.sqrt(Math.min(1, Math.max(0, weight))))];
}

/* Colours for what can be more or less, -most..most: hot where it is less. */
export function twoSided({ hot, panel, accent }, most) {
  const table = Array.from({ length: 255 }, (_, i) => between([hot, panel, accent], i / 254));
  return (value) => table[Math.round(127 + 127 * Math.min(1, Math.max(-1, most ? value / most : 0)))];
}

/* Cells as an image: colour(row, column) -> [red, green, blue], or null for nothing. */
export function cells(rows, columns, colour) {
  const canvas = Object.assign(document.createElement("canvas"), { width: columns, height: rows });
  const context = canvas.getContext("2d"), pixels = context.createImageData(columns, rows);
  for (let row = 0, at = 0; row < rows; row++)
    for (let column = 0; column < columns; column++, at += 4) {
      const found = colour(row, column);
      if (found) { [pixels.data[at], pixels.data[at + 1], pixels.data[at + 2]] = found; pixels.data[at + 3] = 255; }
    }
  context.putImageData(pixels, 0, 0);
  return canvas;
}

/* picture: cells, or the address of one. */
export function image(picture, x, y, width, height) {
  return element("image", { href: typeof picture === "string" ? picture : picture.toDataURL(), x, y, width, height, preserveAspectRatio: "none", style: "image-rendering:pixelated" });
}

export const css = ([red, green, blue]) => `rgb(${red},${green},${blue})`;

/* 0.237 as "0.24"; what is less than half a hundredth as "<0.01". */
export function figure(weight) {
  return weight && weight < 0.005 ? "<0.01" : weight.toFixed(2);
}

/* Where in a drawing a pointer is, in the drawing's own pixels. */
export function spot(svg, { clientX, clientY }) {
  const box = svg.getBoundingClientRect(), size = Number(svg.getAttribute("width"));
  return [(clientX - box.left) * size / box.width, (clientY - box.top) * size / box.width];
}
