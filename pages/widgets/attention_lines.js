/* Lines from each word to what it looks at: width, opacity and number are the weight, colour is the head. */

import { drawing, element, figure, short, widthOf } from "./attention_draw.js";

const HIGH = 23, TOP = 6;      // pixels of a word's line
const MOST = 2500;             // lines that are drawn: the strongest
const LEAST = 0.01;            // a weight that is drawn at all

/* panel: frame, heads: [{ weights, colour, name }], title. Returns the drawing, how to focus a word, and lines left out. */
export function drawLines(host, panel, { width, colours, onPoint, onPin }) {
  const { frame, heads } = panel, columns = frame.columns.length;
  const looking = Array.from(frame.rows, (place) => short(frame.names[place], 18)), seen = Array.from(frame.columns, (place) => short(frame.names[place], 18));
  const size = Math.min(150, Math.max(40, ...[...looking, ...seen].map((word) => widthOf(word, 14))) + 12), numbers = Math.min(140, 44 * heads.length) + 8;
  const span = Math.min(460, Math.max(90, width - 2 * size - numbers)), [left, right] = [size, size + span];
  const svg = drawing(right + size + numbers, TOP * 2 + HIGH * Math.max(looking.length, seen.length), panel.title);
  const middle = (place) => TOP + (place + 0.5) * HIGH, all = lines(heads, columns);
  const drawn = element("g", { fill: "none", "stroke-linecap": "round" }), told = element("g", { "font-size": 12, "dominant-baseline": "central" });
  svg.append(drawn);
  const texts = { row: words(svg, looking, left - 8, "end", middle, colours), column: words(svg, seen, right + 8, "start", middle, colours) };
  svg.append(told);
  const draw = (found, faint) => drawn.replaceChildren(...found.map(({ row, column, weight, colour }) => element("path", {
    d: `M${left} ${middle(row)}C${left + span / 2.5} ${middle(row)} ${right - span / 2.5} ${middle(column)} ${right} ${middle(column)}`,
    stroke: colour, "stroke-width": 0.8 + 6 * weight, opacity: Math.min(1, faint ? 0.04 + weight : 0.15 + Math.sqrt(weight)) })));
  const point = (place) => {
    const row = place?.row ?? null, column = place?.row === null ? place.column : null, free = row === null && column === null;
    const found = free ? all.slice(0, MOST) : all.filter((line) => line.row === row || line.column === column);
    draw(found, free);
    told.replaceChildren(...(free ? [] : numbered(found, row !== null, size, { left, right }, middle, colours, heads)));
    texts.row.forEach((text, i) => light(text, i === row, free || found.some((line) => line.row === i), colours.accent, colours));
    texts.column.forEach((text, i) => light(text, i === column, free || found.some((line) => line.column === i), colours.hotText, colours));
  };
  for (const side of ["row", "column"])
    texts[side].forEach((text, i) => {
      const place = { row: null, column: null, [side]: i };
      text.addEventListener("pointerenter", () => onPoint(place));
      text.addEventListener("pointerleave", () => onPoint(null));
      text.addEventListener("click", () => onPin(place));
    });
  point(null);
  host.replaceChildren(svg);
  return { svg, point, left: Math.max(0, all.length - MOST) };
}

/* Every line of every head, the strongest first. */
function lines(heads, columns) {
  const found = [];
  for (const { weights, colour, name } of heads)
    weights.forEach((weight, place) => weight >= LEAST && found.push({ row: Math.floor(place / columns), column: place % columns, weight, colour, name }));
  return found.sort((a, b) => b.weight - a.weight);
}

function words(svg, names, x, anchor, middle, colours) {
  return names.map((name, place) => {
    const text = element("text", { x, y: middle(place), "text-anchor": anchor, "dominant-baseline": "central", "font-size": 14, fill: colours.ink, style: "cursor:pointer" }, name);
    svg.append(text);
    return text;
  });
}

function light(text, here, met, colour, colours) {
  text.setAttribute("fill", here ? colour : colours.ink);
  text.setAttribute("font-weight", here ? 700 : 400);
  text.setAttribute("opacity", met || here ? 1 : 0.45);
}

/* The weights of the word in focus, each beside the word at its other end, a column a head. */
function numbered(found, forward, size, { left, right }, middle, colours, heads) {
  return found.map(({ row, column, weight, colour, name }) => {
    const head = heads.findIndex((each) => each.name === name), place = forward ? column : row;
    const x = forward ? right + size + 44 * head : left + 6, y = middle(place) - (forward ? 0 : 8);
    return element("text", { x: forward ? x : x + 40 * head, y, fill: colour, stroke: colours.background, "stroke-width": 3, "paint-order": "stroke" }, figure(weight));
  });
}
