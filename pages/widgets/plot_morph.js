/* A slider under a plot that takes its points from one place to another, and on through further stops, matched by id: drag it,
   or let it play.

   While it moves, only what plotly's WebGL scene draws is moved, and the words with it; when it rests the figure is drawn anew
   where it stands, so that clicks and hover are right. Without WebGL the figure is drawn anew at every step. */

import { between, draw } from "./plot_motion.js";

const DURATION = 1800;         // milliseconds from one end to the other, if there is no stop between
const LEG = 1100;              // and from one stop to the next if there are
export const STYLE = `
.semascope-morph { display: flex; align-items: center; gap: .75rem; padding: .35rem .25rem; font: .875rem var(--st-font);
  color: var(--st-text-color); }
.semascope-morph[hidden] { display: none; }
.semascope-morph span { flex: 0 1 auto; max-width: 34%; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.semascope-morph output { flex: none; min-width: 9.5rem; font-variant-numeric: tabular-nums; font-weight: 600; }
.semascope-morph output:empty { display: none; }
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
    this.said = make("output");
    this.bar.append(this.play, this.ends[0], this.slider, this.ends[1], this.said);
    this.play.addEventListener("click", () => this.run());
    this.slider.addEventListener("input", () => { this.stop(); this.go(Number(this.slider.value)); });
    this.slider.addEventListener("change", () => this.settle());
  }

  /* Take up what a message says of a morph: {x, y: where the points of trace 0 go, or several such, at: where it begins, first,
     last: the names of the ends, names: of all stops, play: the button's text, name: of the slider}; without one the slider
     goes. Changes the traces to where the points stand now. */
  take(message, data, revision) {
    const spec = message.morph;
    this.bar.hidden = !spec;
    this.spec = spec;
    if (!spec) return;
    const [x, y] = [spec.x, spec.y].map((rows) => (typeof rows[0] === "number" ? [rows] : rows));
    this.last = x.length;
    if (this.revision !== revision) Object.assign(this, { revision, t: Math.min(this.last, Math.max(0, spec.at)) });
    this.t = Math.min(this.t, this.last);
    const ids = data[0].customdata;
    this.stops = new Map();                  // id -> x and y of every stop, one after the other
    for (let i = 0; i < ids.length; i++)
      this.stops.set(ids[i], [data[0].x[i], data[0].y[i], ...x.flatMap((row, stop) => [row[i], y[stop][i]])]);
    this.leg = null;
    for (const trace of data) if (trace.customdata) Object.assign(trace, this.standing(trace));
    this.ends[0].textContent = spec.first;
    this.ends[1].textContent = spec.last;
    this.play.textContent = spec.play;
    this.slider.setAttribute("aria-label", spec.name);
    this.slider.max = this.last;
    this.slider.value = this.t;
    this.say();
  }

  /* The stop before t, and how far t is on the way to the next. */
  leg_of(t) {
    const stop = Math.min(Math.floor(t), this.last - 1);
    return [stop, t - stop];
  }

  /* id -> [x, y] at one stop and at the next. */
  places(stop) {
    if (this.leg !== stop) {
      this.leg = stop;
      this.between = new Map();
      for (const [id, at] of this.stops) this.between.set(id, at.slice(2 * stop, 2 * stop + 4));
    }
    return this.between;
  }

  /* The x and y of a trace's points at t; points without another place stay. */
  standing({ customdata, x, y }) {
    const [stop, t] = this.leg_of(this.t), places = this.places(stop);
    const at = (axis, old) => Float64Array.from(old, (value, i) => {
      const place = places.get(customdata[i]);
      return place ? place[axis] + (place[axis + 2] - place[axis]) * t : value;
    });
    return { x: at(0, x), y: at(1, y) };
  }

  /* Stand at t, now. */
  go(t) {
    this.t = t;
    this.slider.value = t;
    this.say();
    const { host, labels } = this.plot, [stop, share] = this.leg_of(t), pairs = between(host, this.places(stop));
    if (!pairs) { this.plot.redraw(); return; }
    for (const { trace, from, to } of pairs)
      for (let i = 0; i < trace.x.length; i++) {
        trace.x[i] = from[2 * i] + (to[2 * i] - from[2 * i]) * share;
        trace.y[i] = from[2 * i + 1] + (to[2 * i + 1] - from[2 * i + 1]) * share;
      }
    draw(host, pairs, share);
    if (this.plot.message.labels) labels.place();
  }

  /* What is said at the nearest stop. */
  say() {
    this.said.textContent = this.spec.names?.[Math.round(this.t)] ?? "";
    this.slider.setAttribute("aria-valuetext", this.said.textContent || String(this.t));
  }

  /* To the end that is farther away, smoothly; a second click stops it. */
  run() {
    if (this.running) { this.stop(); this.settle(); return; }
    this.move(this.t < this.last / 2 ? this.last : 0, this.last > 1 ? LEG : DURATION);
  }

  /* To another t, in so many milliseconds a stop; stop after stop, slowly at each. */
  move(to, duration) {
    const from = this.t, legs = Math.abs(to - from);
    if (!legs || matchMedia("(prefers-reduced-motion: reduce)").matches) { this.go(to); this.rest(); return; }
    const run = (this.running = { began: 0 });
    const frame = (now) => {
      if (this.running !== run) return;
      run.began ||= now;
      const gone = Math.min(legs, (now - run.began) / duration), whole = Math.min(Math.floor(gone), Math.ceil(legs) - 1);
      const leg = Math.min(1, legs - whole), share = Math.min(1, (gone - whole) / leg);
      this.go(from + Math.sign(to - from) * (whole + leg * share * share * (3 - 2 * share)));
      if (gone < legs) requestAnimationFrame(frame);
      else { this.stop(); this.go(to); this.rest(); }
    };
    requestAnimationFrame(frame);
  }

  /* Where it was let go: there, or with several stops at the nearest of them. */
  settle() {
    if (this.last === 1) this.rest();
    else this.move(Math.round(this.t), 300);
  }

  stop() {
    this.running = null;
  }

  rest() {
    this.plot.redraw();
    this.plot.tell({ morph: Math.round(this.t * 1000) / 1000 });
  }
}
