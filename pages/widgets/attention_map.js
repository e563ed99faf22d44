/* One head (or a mean, or a difference of two) as a map: a row for each word that looks, a column for each looked at. */

import { cells, css, drawing, element, image, scale, short, spot, twoSided, widthOf } from "./attention_draw.js";

const VECTOR = 4096;           // cells that are drawn one by one, so that a saved drawing is sharp in print
const LABELLED = 9;            // pixels of a cell that leave room for its word
const NUMBERED = 26;           // and for its number

/* panel: frame, weights, signed (a difference), title. Returns the drawing, and how to point at a cell. */
export function drawMap(host, panel, { width, height, colours, onPoint, onPin }) {
  const { frame, weights, signed } = panel, rows = frame.rows.length, columns = frame.columns.length;
  const words = (places) => Array.from(places, (place) => short(frame.names[place], 14));
  const looking = words(frame.rows), seen = words(frame.columns);
  const margin = Math.ceil(Math.min(130, Math.max(...[...looking, ...seen].map((word) => widthOf(word, 13))) * 1.08 + 12));
  const cell = sized((width - margin - 2) / columns, (height - margin - 2) / rows);
  const svg = drawing(Math.ceil(margin + cell * columns) + 2, Math.ceil(margin + cell * rows) + 2, panel.title);
  const most = signed ? weights.reduce((a, b) => Math.max(a, Math.abs(b)), 0) : 1;
  const colour = signed ? twoSided(colours, most) : scale(colours);
  const hidden = (row, column) => frame.causal && frame.columns[column] > frame.rows[row];
  const at = (row, column) => weights[row * columns + column];
  if (rows * columns > VECTOR)
    svg.append(image(cells(rows, columns, (row, column) => hidden(row, column) ? null : colour(at(row, column))), margin, margin, cell * columns, cell * rows));
  else svg.append(squares(rows, columns, cell, margin, (row, column) => hidden(row, column) ? null : css(colour(at(row, column)))));
  if (cell >= NUMBERED) svg.append(numbers(rows, columns, cell, margin, at, hidden, colours, signed));
  svg.append(element("rect", { x: margin - 0.5, y: margin - 0.5, width: cell * columns + 1, height: cell * rows + 1, fill: "none", stroke: colours.border }));
  const marked = element("g"), labels = [names(looking, "rows", cell, margin, colours), names(seen, "columns", cell, margin, colours)];
  svg.append(...labels.map(({ group }) => group), marked);
  listen(svg, cell, margin, rows, columns, onPoint, onPin);
  host.replaceChildren(svg);
  const point = (place) => {
    labels[0].light(place?.row ?? null, colours.accent);
    labels[1].light(place?.column ?? null, colours.hotText);
    marked.replaceChildren(...(place ? cross(place, cell, margin, rows, columns, colours) : []));
  };
  return { svg, point };
}

function sized(across, down) {
  const found = Math.min(44, across, down);
  return found >= 4 ? Math.floor(found) : Math.max(0.5, found);
}

function squares(rows, columns, cell, margin, colour) {
  const group = element("g", { "shape-rendering": "crispEdges" });
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const fill = colour(row, column);
      if (fill) group.append(element("rect", { x: margin + column * cell, y: margin + row * cell, width: cell, height: cell, fill }));
    }
  return group;
}

function numbers(rows, columns, cell, margin, at, hidden, colours, signed) {
  const group = element("g", { "font-size": 11, "text-anchor": "middle", "dominant-baseline": "central", "pointer-events": "none" });
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const weight = at(row, column);
      if (hidden(row, column) || Math.abs(weight) < 0.005) continue;
      const text = weight.toFixed(2).replace(/^(-?)0\./, "$1.").replace("-", "−");
      const fill = !signed && weight > 0.55 ? colours.background : colours.ink;
      group.append(element("text", { x: margin + (column + 0.5) * cell, y: margin + (row + 0.5) * cell, fill }, text));
    }
  return group;
}

/* The words along one side; where cells are too narrow, only the one that is pointed at. */
function names(words, side, cell, margin, colours) {
  const group = element("g", { "font-size": Math.min(13, Math.max(9, cell - 1)), "pointer-events": "none" }), room = cell >= LABELLED;
  const made = words.map((word, place) => {
    const middle = margin + (place + 0.5) * cell, across = side === "columns";
    const text = element("text", { x: across ? middle : margin - 6, y: across ? margin - 6 : middle, fill: colours.ink, "dominant-baseline": "central",
      "text-anchor": across ? "start" : "end", ...(across && { transform: `rotate(-90 ${middle} ${margin - 6})` }) }, word);
    if (room) group.append(text);
    return text;
  });
  let lit = null;
  const light = (place, colour) => {
    if (lit) { lit.setAttribute("fill", colours.ink); lit.removeAttribute("font-weight"); if (!room) lit.remove(); }
    lit = place === null ? null : made[place];
    if (!lit) return;
    lit.setAttribute("fill", colour);
    lit.setAttribute("font-weight", 700);
    if (!room) group.append(lit);
  };
  return { group, light };
}

/* The row and the column of a cell, and the cell itself. */
function cross({ row, column }, cell, margin, rows, columns, colours) {
  const line = { fill: "none", "pointer-events": "none", "stroke-width": 1.5 };
  const found = [element("rect", { ...line, x: margin, y: margin + row * cell, width: cell * columns, height: cell, stroke: colours.accent })];
  if (column !== null && column !== undefined)
    found.push(element("rect", { ...line, x: margin + column * cell, y: margin, width: cell, height: cell * rows, stroke: colours.hot }),
               element("rect", { ...line, x: margin + column * cell - 1, y: margin + row * cell - 1, width: cell + 2, height: cell + 2, stroke: colours.ink, "stroke-width": 2 }));
  return found;
}

function listen(svg, cell, margin, rows, columns, onPoint, onPin) {
  const place = (event) => {
    const [x, y] = spot(svg, event), row = Math.floor((y - margin) / cell), column = Math.floor((x - margin) / cell);
    return row >= 0 && row < rows && column >= 0 && column < columns ? { row, column } : null;
  };
  svg.addEventListener("pointermove", (move) => onPoint(place(move)));
  svg.addEventListener("pointerleave", () => onPoint(null));
  svg.addEventListener("click", (click) => onPin(place(click)));
}
