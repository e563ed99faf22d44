/* Points glide from where they were to where they are: a third of a second, at most 5,000 of them, matched by id.

   Plotly holds the new places all the while (clicks and hover are right); only what its WebGL scene draws is interpolated.
   This reaches into plotly's scene because plotly's own restyle does all of its work anew for each frame. Where the scene is
   not as expected, or the person prefers reduced motion, the points simply stand in their new places. So they do when a frame
   takes more than 50 ms, and then for a while no glide is tried. */

const MOST = 5000;
const DURATION = 320;
const SLOW = 50;
const REST = 20_000;

/* Where each id is drawn now, as shares of the plot's width and height; null when there is nothing to glide from. */
export function places(host) {
  const traces = glTraces(host);
  if (!traces || traces.reduce((sum, { trace }) => sum + trace.x.length, 0) > MOST * 1.5) return null;
  const found = new Map();
  for (const { trace, x, y } of traces)
    for (let i = 0; i < trace.x.length; i++) found.set(trace.customdata[i], [share(x, trace.x[i]), share(y, trace.y[i])]);
  return found.size <= MOST ? found : null;
}

const share = (axis, value) => (value - axis.range[0]) / (axis.range[1] - axis.range[0]);
const value = (axis, portion) => axis.range[0] + portion * (axis.range[1] - axis.range[0]);

/* Every scattergl trace with ids, with its axes and its place in plotly's WebGL scene. */
function glTraces(host) {
  const full = host._fullLayout;
  if (!full?._plots || !host.calcdata) return null;
  const traces = [];
  for (const points of host.calcdata) {
    const trace = points[0]?.trace;
    if (trace?.type !== "scattergl" || !trace.customdata || trace.visible !== true) continue;
    const subplot = full._plots[trace.xaxis + trace.yaxis], scene = subplot?._scene, index = points[0].t?.index;
    const { xaxis: x, yaxis: y } = subplot ?? {};
    if (!scene?.scatter2d?.update || index === undefined || x.type !== "linear" || y.type !== "linear") return null;
    traces.push({ trace, scene, index, x, y });
  }
  return traces.length ? traces : null;
}

/* Draw the points between `before` and now; `step(t)` is called with each frame, at last with 1. Returns whether it began. */
export function glide(host, before, step) {
  const reduced = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const still = reduced || document.hidden || performance.now() < (host.restsUntil ?? 0);
  const traces = before && !still ? glTraces(host) : null;
  const pairs = traces?.map((each) => ({ ...each, ...ends(each, before) }));
  if (!pairs?.some((pair) => pair.moves)) return false;
  const run = (host.glide = { began: 0, frames: 0 });
  const frame = (now) => {
    if (host.glide !== run) return;
    const late = run.frames > 1 && now - run.last > SLOW;
    if (late) host.restsUntil = now + REST;
    run.began ||= now;
    run.last = now;
    run.frames++;
    const t = late ? 1 : Math.min(1, (now - run.began) / DURATION), eased = t * t * (3 - 2 * t);
    draw(host, pairs, t < 1 ? eased : 1);
    step(t < 1 ? eased : 1);
    if (t < 1) requestAnimationFrame(frame);
    else host.glide = null;
  };
  draw(host, pairs, 0);
  requestAnimationFrame(frame);
  return true;
}

/* Stop where we are: the next figure is about to be drawn. */
export function halt(host) {
  host.glide = null;
}

function ends({ trace, x, y }, before) {
  const count = trace.x.length, from = new Float64Array(2 * count), to = new Float64Array(2 * count);
  let moves = false;
  for (let i = 0; i < count; i++) {
    to[2 * i] = trace.x[i];
    to[2 * i + 1] = trace.y[i];
    const old = before.get(trace.customdata[i]);
    from[2 * i] = old ? value(x, old[0]) : to[2 * i];
    from[2 * i + 1] = old ? value(y, old[1]) : to[2 * i + 1];
    moves ||= old !== undefined && Math.abs(old[0] - share(x, to[2 * i])) + Math.abs(old[1] - share(y, to[2 * i + 1])) > 1e-3;
  }
  return { from, to, moves, now: new Float64Array(2 * count) };
}

/* The WebGL traces with where each of their points stands at both ends of a morph: places is id -> [x, y, x there, y there].
   Null where plotly's scene is not as expected, or there is none. */
export function between(host, places) {
  return glTraces(host)?.map((each) => {
    const { customdata, x, y } = each.trace, count = x.length, from = new Float64Array(2 * count), to = new Float64Array(2 * count);
    for (let i = 0; i < count; i++) {
      const [fromX, fromY, toX, toY] = places.get(customdata[i]) ?? [x[i], y[i], x[i], y[i]];
      from.set([fromX, fromY], 2 * i);
      to.set([toX, toY], 2 * i);
    }
    return { ...each, from, to, now: new Float64Array(2 * count) };
  }) ?? null;
}

/* Draw the points of some WebGL traces between their two places, t from 0 to 1. */
export function draw(host, pairs, t) {
  const updates = new Map();
  for (const { scene, index, from, to, now } of pairs) {
    for (let k = 0; k < now.length; k++) now[k] = t === 1 ? to[k] : from[k] + (to[k] - from[k]) * t;
    if (!updates.has(scene)) updates.set(scene, []);
    updates.get(scene)[index] = { positions: now };
  }
  host._fullLayout._glcanvas.each((layer) => layer.regl?.clear({ color: true, depth: true }));
  for (const [scene, list] of updates) {
    const all = Array.from({ length: scene.count }, (_, i) => list[i]);
    scene.scatter2d.update(all);
    if (scene.select2d?.update) scene.select2d.update(all);
    scene.draw();
  }
}
