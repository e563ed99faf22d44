/* A slider under a plot that takes its points from one place to another, matched by id: drag it, or let it play.

   While it moves, only what plotly's WebGL scene draws is moved, and the words with it; when it rests the figure is drawn anew
   where it stands, so that clicks and hover are right. Without WebGL the figure is drawn anew at every step. */

import { between, draw } from "./plot_motion.js";

const DURATION = 1800;         // milliseconds from one end to the other
export const STYLE = `
.semascope-morph { display: flex; align-items: center; gap: .75rem; padding: .35rem .25rem; font: .875rem var(--st-font);
  color: var(--st-text-color); }
.semascope-morph[hidden] { display: none; }
.semascope-morph span { flex: 0 1 auto; max-width: 34%; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.semascope-morph input { flex: 1 1 8rem; accent-color: var(--st-primary-color); cursor: ew-resize; min-width: 6rem; }
.semascope-morph button { flex: none; font: inherit; color: inherit; background: var(--st-secondary-background-color);
  border: 1px solid var(--st-border-color); border-radius: 6px; padding: .2rem .8rem; cursor: pointer; }
.semascope-morph :is(input, button):focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 3px; border-radius: 4px; }
.semascope-morph button:hover { border-color: var(--st-primary-color); }`;

export class Morph {
  /* plot: {host, labels, redraw(), tell(event)}. */
  constructor(plot) {
    this.plot = plot;
    this.t = 0;
    const make = (kind, more = {}) => Object.assign(document.createElement(kind), more);
    this.bar = make("div", { className: "semascope-morph", hidden: true });
    this.play = make("button", { type: "button" });
    this.slider = make("input", { type: "range", min: 0, max: 1, step: 0.005 });
    this.ends = [make("span"), make("span")];
    this.bar.append(this.play, this.ends[0], this.slider, this.ends[1]);
    this.play.addEventListener("click", () => this.run());
    this.slider.addEventListener("input", () => { this.stop(); this.go(Number(this.slider.value)); });
    this.slider.addEventListener("change", () => this.rest());
  }

  /* Take up what a message says of a morph: {x, y: where the points of trace 0 go, at: where it begins, first, last: the names
     of the ends, play: the button's text, name: of the slider}; without one the slider goes. Changes the traces to where the
     points stand now. */
  take(message, data, revision) {
    const spec = message.morph;
    this.bar.hidden = !spec;
    this.spec = spec;
    if (!spec) return;
    if (this.revision !== revision) Object.assign(this, { revision, t: Math.min(1, Math.max(0, spec.at)) });
    const ids = data[0].customdata;
    this.places = new Map();
    for (let i = 0; i < ids.length; i++) this.places.set(ids[i], [data[0].x[i], data[0].y[i], spec.x[i], spec.y[i]]);
    for (const trace of data) if (trace.customdata) Object.assign(trace, this.standing(trace));
    this.ends[0].textContent = spec.first;
    this.ends[1].textContent = spec.last;
    this.play.textContent = spec.play;
    this.slider.setAttribute("aria-label", spec.name);
    this.slider.value = this.t;
  }

  /* The x and y of a trace's points at t; points without another place stay. */
  standing({ customdata, x, y }) {
    const at = (axis, old) => Float64Array.from(old, (value, i) => {
      const place = this.places.get(customdata[i]);
      return place ? place[axis] + (place[axis + 2] - place[axis]) * this.t : value;
    });
    return { x: at(0, x), y: at(1, y) };
  }

  /* Stand at t, now. */
  go(t) {
    this.t = t;
    this.slider.value = t;
    const { host, labels } = this.plot, pairs = between(host, this.places);
    if (!pairs) { this.plot.redraw(); return; }
    for (const { trace, from, to } of pairs)
      for (let i = 0; i < trace.x.length; i++) {
        trace.x[i] = from[2 * i] + (to[2 * i] - from[2 * i]) * t;
        trace.y[i] = from[2 * i + 1] + (to[2 * i + 1] - from[2 * i + 1]) * t;
      }
    draw(host, pairs, t);
    if (this.plot.message.labels) labels.place();
  }

  /* To the end that is farther away, smoothly; a second click stops it. */
  run() {
    if (this.running) { this.stop(); this.rest(); return; }
    const from = this.t, to = from < 0.5 ? 1 : 0;
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) { this.go(to); this.rest(); return; }
    const run = (this.running = { began: 0 });
    const frame = (now) => {
      if (this.running !== run) return;
      run.began ||= now;
      const share = Math.min(1, (now - run.began) / (DURATION * Math.abs(to - from)));
      this.go(from + (to - from) * (share * share * (3 - 2 * share)));
      if (share < 1) requestAnimationFrame(frame);
      else { this.stop(); this.rest(); }
    };
    requestAnimationFrame(frame);
  }

  stop() {
    this.running = null;
  }

  rest() {
    this.plot.redraw();
    this.plot.tell({ morph: Math.round(this.t * 1000) / 1000 });
  }
}
