/* What lies outside a map's opening view: small arrows at its edge.
   A stranger far away must not shrink everybody else, and must not be forgotten either. */

const BIN = 26;        // pixels of edge that share one arrow
const INSET = 7;       // pixels between the edge and an arrow

/* points: {count, at(i) -> [x, y] in pixels, or null}; area: {left, top, right, bottom}; order: rows by importance.
   Returns one mark a bin of the edge: {x, y, angle, count, row}, where row is the most important one. */
export function edgeMarks(points, area, order) {
  const bins = new Map();
  for (let k = 0; k < points.count; k++) {
    const row = order ? order[k] : k, p = points.at(row);
    if (!p || inside(p, area)) continue;
    const x = Math.min(Math.max(p[0], area.left), area.right), y = Math.min(Math.max(p[1], area.top), area.bottom);
    const key = `${Math.round(x / BIN)}:${Math.round(y / BIN)}`, bin = bins.get(key);
    if (bin) bin.count++;
    else bins.set(key, { x, y, angle: Math.atan2(p[1] - y, p[0] - x), count: 1, row });
  }
  const within = (value, low, high) => Math.min(Math.max(value, low + INSET), high - INSET);
  return [...bins.values()].map((mark) => (
    { ...mark, x: within(mark.x, area.left, area.right), y: within(mark.y, area.top, area.bottom) }));
}

export const inside = (p, a) => p[0] >= a.left && p[0] <= a.right && p[1] >= a.top && p[1] <= a.bottom;

/* Draws the marks: the more points behind one, the larger it is. */
export function drawEdges(context, marks, colour) {
  context.save();
  Object.assign(context, { strokeStyle: colour, lineCap: "round", lineJoin: "round", lineWidth: 1.5 });
  for (const { x, y, angle, count } of marks) {
    const reach = Math.min(4 + Math.log2(count), 8);
    context.save();
    context.translate(x, y);
    context.rotate(angle);
    context.beginPath();
    context.moveTo(-reach / 2, -reach / 2);
    context.lineTo(reach / 3, 0);
    context.lineTo(-reach / 2, reach / 2);
    context.stroke();
    context.restore();
  }
  context.restore();
}
