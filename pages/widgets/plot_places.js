/* Where the points of a trace stand on the screen, in pixels of the plot's element. */

/* What the labels ask: whether it is drawn at all (its place may have left the page), how many rows there are, where each
   stands, the room there is, what keeps part of it, and whether the view is the opening one. `home` is the layout that the
   figure came with. */
export function standing(host, trace, home) {
  const space = trace.type === "scatter3d";
  return {
    get drawn() { return Boolean(host._fullLayout); },
    count: trace.x?.length ?? 0,
    gap: (typeof trace.marker?.size === "number" ? trace.marker.size : 6) / 2,
    get at() { return space ? inSpace(host, trace) : inPlane(host, trace); },      // plotly's axes are others after a resize
    get area() { return space ? whole(host) : plane(host, trace); },
    get home() { return !space && atHome(axes(host, trace), home); },
    get reserved() { return reserved(host); },
  };
}

function axes(host, { xaxis = "x", yaxis = "y" }) {
  const name = (id) => id[0] + "axis" + id.slice(1);
  return [host._fullLayout[name(xaxis)], host._fullLayout[name(yaxis)]];
}

const whole = (host) => ({ left: 0, top: 0, right: host.clientWidth, bottom: host.clientHeight });

function plane(host, trace) {
  const [x, y] = axes(host, trace);
  return { left: x._offset, right: x._offset + x._length, top: y._offset, bottom: y._offset + y._length };
}

function inPlane(host, trace) {
  const [x, y] = axes(host, trace);
  return (row) => {
    const across = (along(x, trace.x[row]) - x.range[0]) / (x.range[1] - x.range[0]);
    const up = (along(y, trace.y[row]) - y.range[0]) / (y.range[1] - y.range[0]);
    return Number.isFinite(across + up) ? [x._offset + across * x._length, y._offset + (1 - up) * y._length] : null;
  };
}

/* A value as its axis counts it. */
function along(axis, value) {
  return axis.type === "log" ? Math.log10(value) : value;
}

/* In three dimensions there is a third number: how clearly the point is seen, 1 in front and less behind. */
function inSpace(host, trace) {
  const scene = host._fullLayout.scene._scene;
  return (row) => {
    const camera = scene.glplot.cameraParams, [sx, sy, sz] = scene.dataScale;
    let v = [trace.x[row] * sx, trace.y[row] * sy, trace.z[row] * sz, 1];
    for (const m of [camera.model, camera.view, camera.projection])
      v = [0, 1, 2, 3].map((i) => m[i] * v[0] + m[4 + i] * v[1] + m[8 + i] * v[2] + m[12 + i] * v[3]);
    if (!(v[3] > 0)) return null;
    const x = (0.5 + v[0] / v[3] / 2) * host.clientWidth, y = (0.5 - v[1] / v[3] / 2) * host.clientHeight;
    return [x, y, Math.min(1, Math.max(0.4, 1.9 - 0.55 * v[3]))];
  };
}

/* Whether at least the opening view is in sight, give or take. */
function atHome([x, y], home) {
  return [[x, home.xaxis?.range], [y, home.yaxis?.range]].every(([axis, range]) => {
    const slack = range && 0.02 * (range[1] - range[0]);
    return range && axis.range[0] <= range[0] + slack && axis.range[1] >= range[1] - slack;
  });
}

/* The boxes of legend and colour bar. */
function reserved(host) {
  const origin = host.getBoundingClientRect();
  return [...host.querySelectorAll(".legend, .colorbar")].map((part) => {
    const box = part.getBoundingClientRect();
    return [box.left - origin.left, box.top - origin.top, box.right - origin.left, box.bottom - origin.top];
  });
}
