/* Every head as a small map, a row a layer; a click chooses one, on the name of a layer its mean, in the corner that of all. */

import { cells, drawing, element, image, scale, spot, twoSided } from "./attention_draw.js";
import { difference, pooled } from "./attention_data.js";

const LEFT = 30, TOP = 22, GAP = 3;

/* frames: one, or two whose difference is drawn. width: of the whole. chosen: heads to ring, [layer, head] each. */
export function drawGrid(host, frames, { width, height, chosen, colours, texts, onPick, title }) {
  const [frame] = frames, tile = sized(frame, width, height), step = tile + GAP, ringed = element("g", { fill: "none" });
  const size = { width: LEFT + frame.heads * step, height: TOP + frame.layers * step };
  const svg = drawing(size.width, size.height, title);
  const key = `${tile}:${frames.length}`;      // painted once: a choice of another head leaves the picture as it is
  if (!frame.pictures.has(key)) frame.pictures.set(key, painted(frames, tile, colours).toDataURL());
  svg.append(image(frame.pictures.get(key), LEFT, TOP, frame.heads * step - GAP, frame.layers * step - GAP));
  const named = { "font-size": 12, fill: colours.quiet, "text-anchor": "middle", "dominant-baseline": "central" };
  for (let head = 0; head < frame.heads; head++)
    svg.append(element("text", { ...named, x: LEFT + head * step + tile / 2, y: TOP / 2 }, String(head + 1)));
  for (let layer = 0; layer < frame.layers; layer++)
    svg.append(element("text", { ...named, x: LEFT / 2, y: TOP + layer * step + tile / 2 }, String(layer + 1)));
  svg.append(element("text", { ...named, x: LEFT / 2, y: TOP / 2 }, "x̄"), ringed);
  const place = (event) => {
    const [x, y] = spot(svg, event), head = Math.floor((x - LEFT) / step), layer = Math.floor((y - TOP) / step);
    if (layer >= frame.layers || head >= frame.heads || (layer < 0 && head >= 0)) return null;
    return layer < 0 ? [-1, -1] : [layer, Math.max(-1, head)];
  };
  const naming = element("title");
  svg.prepend(naming);
  svg.style.cursor = "pointer";
  svg.addEventListener("pointermove", (move) => { const at = place(move); naming.textContent = at ? headName(at, texts) : ""; });
  svg.addEventListener("click", (click) => { const at = place(click); if (at) onPick(at, click); });
  host.replaceChildren(svg);
  const ring = (heads) => ringed.replaceChildren(...heads.map(([[layer, head], colour]) => element("rect", {
    x: head < 0 ? 1.5 : LEFT + head * step - 1.5, y: layer < 0 ? 1.5 : TOP + layer * step - 1.5, rx: 3, stroke: colour, "stroke-width": 2.5,
    width: head < 0 ? LEFT - 5 : tile + 3, height: layer < 0 ? TOP - 5 : tile + 3 })));
  ring(chosen);
  return { svg, ring };
}

/* A head in words. */
export function headName([layer, head], texts) {
  if (layer < 0) return texts.mean_all;
  return (head < 0 ? texts.mean_layer : texts.one_head).replace("{layer}", layer + 1).replace("{head}", head + 1);
}

function sized({ layers, heads }, width, height) {
  return Math.max(12, Math.floor(Math.min(170, (width - LEFT) / heads - GAP, (height - TOP) / layers - GAP)));
}

/* All tiles as one picture; between them nothing. */
function painted(frames, tile, colours) {
  const [frame, other] = frames, sharp = Math.ceil(tile * Math.min(2, devicePixelRatio || 1)), gap = Math.round(GAP * sharp / tile);
  const step = sharp + gap, canvas = document.createElement("canvas"), context = canvas.getContext("2d");
  Object.assign(canvas, { width: frame.heads * step - gap, height: frame.layers * step - gap });
  context.imageSmoothingEnabled = false;
  const found = [];
  for (let layer = 0; layer < frame.layers; layer++)
    for (let head = 0; head < frame.heads; head++) {
      const number = frame.number([layer, head]), values = other ? difference(frame.sent(number), other.sent(number)) : frame.sent(number);
      found.push([layer, head, pooled(values, ...frame.shape, sharp, sharp)]);
    }
  const most = other ? Math.max(...found.map(([, , { values }]) => values.reduce((a, b) => Math.max(a, Math.abs(b)), 0))) : 0;
  const colour = other ? twoSided(colours, most) : scale(colours);
  for (const [layer, head, { values, rows, columns }] of found) {
    const square = frame.causal && rows === columns;
    const tiny = cells(rows, columns, (row, column) => square && column > row ? null : colour(values[row * columns + column]));
    context.drawImage(tiny, head * step, layer * step, sharp, sharp);
  }
  return canvas;
}
