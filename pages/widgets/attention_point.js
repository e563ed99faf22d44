/* What is pointed at, in the sentence and in words. A place is a row and a column of a map; either may be null. */

import { short } from "./attention_draw.js";

/* A place where this frame has one. */
export function inside(place, frame) {
  if (!place || !frame) return null;
  const { row, column } = place;
  return (row === null || row < frame.rows.length) && (column === null || column < frame.columns.length) ? place : null;
}

/* Mark who looks and who is looked at; tint every word by how much the one that looks looks at it. */
export function light(spans, view, place, { accent }) {
  if (!view?.frame) return;
  const { frame, weights } = view, columns = Array.from(frame.columns), here = inside(place, frame);
  const looks = here && here.row !== null ? frame.rows[here.row] : -1, seen = here && here.column !== null ? frame.columns[here.column] : -1;
  const from = new Map(columns.map((unit, column) => [unit, column]));
  spans.forEach((span, unit) => {
    span.classList.toggle("looks", unit === looks);
    span.classList.toggle("seen", unit === seen);
    const weight = looks >= 0 && from.has(unit) ? Math.abs(weights[here.row * columns.length + from.get(unit)]) : 0;
    span.style.background = weight > 0.002 ? `color-mix(in srgb, ${accent} ${Math.round(70 * Math.sqrt(weight))}%, transparent)` : "";
  });
}

/* The weight of a cell in every view, as a sentence. */
export function told(views, place, texts) {
  if (!place || place.row === null || place.column === null) return "";
  return views.filter(({ frame, weights }) => frame && weights && inside(place, frame)).map(({ frame, weights, signed }) => {
    const weight = weights[place.row * frame.columns.length + place.column], name = (unit) => `“${short(frame.names[unit], 24)}”`;
    if (signed) return `${texts.difference} ${weight > 0 ? "+" : ""}${weight.toFixed(3)}`.replace(/-(?=[0-9])/, "−");
    return texts.looks.replace("{a}", () => name(frame.rows[place.row])).replace("{b}", () => name(frame.columns[place.column])).replace("{w}", weight.toFixed(3));
  }).join(" · ");
}
