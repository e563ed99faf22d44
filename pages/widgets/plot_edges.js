/* What lies outside a map's opening view: small arrows at its edge, the nearer words named.
   A stranger at the rim must not shrink everybody else, and must not be forgotten either. */

const BIN = 26;        // pixels of edge that share one arrow
const NAMED = 12;      // with at most so many arrows, each is named by its most important word

/* points: {count, at(i) -> [x, y] in pixels, or null}; area: {left, top, right, bottom}; order: rows by importance.
   Returns one mark a bin: {x, y, angle, count, row}. */
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
  return [...bins.values()];
}

const inside = (p, a) => p[0] >= a.left && p[0] <= a.right && p[1] >= a.top && p[1] <= a.bottom;

/* Draws the marks; `write(row, x, y)` writes a word if there is room for it. */
export function drawEdges(context, marks, area, colour, write) {
  context.save();
  context.strokeStyle = colour;
  context.lineCap = context.lineJoin = "round";
  for (const mark of marks) {
    const reach = Math.min(4 + Math.log2(mark.count), 8);
    const x = Math.min(Math.max(mark.x, area.left + 7), area.right - 7), y = Math.min(Math.max(mark.y, area.top + 7), area.bottom - 7);
    context.setTransform(context.scaleBy, 0, 0, context.scaleBy, x * context.scaleBy, y * context.scaleBy);
    context.rotate(mark.angle);
    context.lineWidth = 1.5;
    context.beginPath();
    context.moveTo(-reach / 2, -reach / 2);
    context.lineTo(reach / 3, 0);
    context.lineTo(-reach / 2, reach / 2);
    context.stroke();
  }
  context.restore();
  if (marks.length <= NAMED) for (const mark of marks) write(mark.row, mark.x, mark.y);
}
