/* One head's arithmetic for one piece: query, keys, their product, scores, softmax, and the mix of values. */

import { cells, drawing, element, figure, image, short, twoSided, widthOf } from "./attention_draw.js";

const HIGH = 20, MOST = 80;    // pixels of a line; pieces that are shown, those with the largest weights where there are more

/* parts: query, key, value (P rows each), attention (P rows), pieces; piece: the one that looks. */
export function drawNeuron(host, { parts, piece, causal, title }, { width, colours, texts, onPiece }) {
  const { pieces } = parts, query = parts.query[piece], size = query.length, root = Math.sqrt(size);
  let shown = pieces.map((_, place) => place).filter((place) => !causal || place <= piece);
  const left = shown.length - MOST;
  if (left > 0) shown = shown.sort((a, b) => parts.attention[piece][b] - parts.attention[piece][a]).slice(0, MOST).sort((a, b) => a - b);
  const names = shown.map((place) => short(pieces[place], 14)), margin = Math.min(120, Math.max(56, ...names.map((name) => widthOf(name, 13))) + 12);
  const strip = Math.max(80, Math.min(230, (width - margin - 190) / 3)), gap = 14, first = 62, end = first + shown.length * HIGH;
  const x = { key: margin, product: margin + strip + gap, score: margin + 2 * (strip + gap) + 34, softmax: margin + 2 * (strip + gap) + 46, value: margin + 2 * (strip + gap) + 148 };
  const svg = drawing(x.value + strip + 4, end + HIGH + 28, title), y = (line) => first + line * HIGH;
  const text = (content, at, down, more = {}) => svg.append(element("text", { x: at, y: down, "font-size": 13, fill: colours.ink, "dominant-baseline": "central", ...more }, content));
  const head = { "font-size": 12, fill: colours.quiet };
  for (const [name, at] of [["key", x.key], ["product", x.product], ["softmax", x.softmax], ["value", x.value]]) text(texts[name], at, first - 12, head);
  text(texts.score.replace("{d}", size), x.score + 6, first - 12, { ...head, "text-anchor": "end" });
  text(texts.query, x.key, 14, { ...head });
  const product = (place) => parts.key[place].map((value, i) => value * query[i]), scores = shown.map((place) => product(place).reduce((a, b) => a + b, 0) / root);
  const strips = (rows, at, down, high = HIGH) => svg.append(stripes(rows, colours, at, down, strip, high));
  strips([query], x.product, 4, HIGH - 2);
  text(short(pieces[piece], 14), margin - 8, 14, { "text-anchor": "end", fill: colours.accent, "font-weight": 700 });
  strips(shown.map((place) => parts.key[place]), x.key, first);
  strips(shown.map(product), x.product, first);
  const weights = shown.map((place) => parts.attention[piece][place]);
  strips(shown.map((place, line) => parts.value[place].map((value) => value * weights[line])), x.value, first);
  shown.forEach((place, line) => {
    const middle = y(line) + HIGH / 2, name = element("text", { x: margin - 8, y: middle, "text-anchor": "end", "dominant-baseline": "central", "font-size": 13,
      fill: place === piece ? colours.accent : colours.ink, "font-weight": place === piece ? 700 : 400, style: "cursor:pointer" }, names[line]);
    name.addEventListener("click", () => onPiece(place));
    svg.append(name, element("rect", { x: x.softmax, y: y(line) + 3, width: 56 * weights[line], height: HIGH - 6, fill: colours.accent, rx: 1 }));
    text(scores[line].toFixed(2).replace("-", "−"), x.score + 6, middle, { "text-anchor": "end", "font-size": 12 });
    text(figure(weights[line]), x.softmax + 60, middle, { "font-size": 12 });
  });
  const mix = parts.value[0].map((_, i) => parts.value.reduce((sum, value, place) => sum + value[i] * parts.attention[piece][place], 0));
  svg.append(element("line", { x1: x.value, x2: x.value + strip, y1: end + 5, y2: end + 5, stroke: colours.border }));
  strips([mix], x.value, end + 9, HIGH - 2);
  text(texts.mix, x.value - 8, end + 9 + HIGH / 2, { ...head, "text-anchor": "end" });
  host.replaceChildren(svg);
  return { svg, left: Math.max(0, left) };
}

/* Rows of numbers as lines of cells, hot below 0 and in the accent above, to the largest of them. */
function stripes(rows, colours, x, y, width, high) {
  const most = rows.reduce((top, row) => row.reduce((a, b) => Math.max(a, Math.abs(b)), top), 0), colour = twoSided(colours, most);
  const group = element("g"), picture = cells(rows.length, rows[0].length, (row, column) => colour(rows[row][column]));
  group.append(image(picture, x, y, width, high * rows.length));
  return group;
}
