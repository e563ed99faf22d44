/* The live plot: one plotly figure that stays where it is while its data change (plot.py sends them).

   Streamlit calls `mount` once for each message with the same place in the page. The figure goes to Plotly.react, so zoom and
   camera stay while `uirevision` does; the selection is kept here by id and drawn again with every figure. */

import { Labels } from "./plot_labels.js";
import { Link, STYLE as LINKED } from "./plot_link.js";
import { drawable, read } from "./plot_message.js";
import { Morph, STYLE as MORPHING } from "./plot_morph.js";
import { glide, halt, places } from "./plot_motion.js";
import { png, svg } from "./plot_picture.js";
import { standing } from "./plot_places.js";

const PLOTS = new WeakMap();
const DRAG = 4;                // pixels between press and release that make a drag of a click
const SETTLE = 60;             // milliseconds after a drag, and after a turn of the wheel, in which plotly finishes it
const WHEEL = 250;
const BELOW = 72;              // pixels kept free under a plot that fills the window: two lines of caption
const SLIDER = 44;             // and those of a morph's slider
const STYLE = `
.semascope-plot { position: relative; width: 100%; outline: none; border-radius: 6px; }
.semascope-plot:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 2px; }
.semascope-plot .semascope-labels { position: absolute; inset: 0; width: 100%; height: 100%; pointer-events: none; }
.semascope-plot .modebar-btn path { transition: fill .15s; }
.semascope-plot.still .modebar { top: auto; bottom: 2px; }      /* where bars are short, not over the longest one */
.semascope-note { position: absolute; inset: auto 0 0 0; z-index: 3; padding: .5rem .75rem; font: .875rem var(--st-font);
  color: var(--st-text-color); background: var(--st-secondary-background-color); border: 1px solid var(--st-border-color);
  border-radius: 6px; }${LINKED}${MORPHING}`;

let library;
async function load() {
  library ??= import("./plotly.min.js").then(() => window.Plotly.setPlotConfig({ logging: 0 }));
  try { await library; } catch (error) { library = undefined; throw error; }
  return window.Plotly;
}
load().catch(() => {});        // begin at once; whoever draws meets the failure and says so

/* What Streamlit calls (through the loader of plot.py) with every message. */
export function mount({ parentElement, data, setStateValue }) {
  let plot = PLOTS.get(parentElement);
  if (!plot) PLOTS.set(parentElement, (plot = new Plot(parentElement)));
  plot.send = (event) => setStateValue("event", event);
  plot.receive(read(data));
  return () => setTimeout(() => leave(parentElement));
}

/* Streamlit also calls this for a message that was overtaken by the next one, when the place in the page is still in use. */
function leave(parent) {
  if (parent.isConnected) return;
  PLOTS.get(parent)?.close();
  PLOTS.delete(parent);
}

class Plot {
  constructor(parent) {
    this.host = Object.assign(document.createElement("div"), { className: "semascope-plot", tabIndex: 0 });
    this.host.setAttribute("role", "figure");
    const style = Object.assign(document.createElement("style"), { textContent: STYLE });
    this.labels = new Labels();
    this.morph = new Morph(this);
    this.link = new Link(this, (trace) => standing(this.host, trace, this.message.layout));
    parent.replaceChildren(style, this.host, this.morph.bar);
    this.host.written = () => this.labels.written();      // for tests: the words, and where a row of a trace stands
    this.host.place = (row, trace = 0) => standing(this.host, this.host._fullData[trace], this.message.layout).at(row);
    this.event = { clicked: null, click_count: 0, selected: [], cell: null, morph: null };
    this.resets = this.cleared = 0;
    this.host.addEventListener("keydown", (press) => press.key === "Escape" && this.select([], true));
    this.host.addEventListener("pointerdown", (press) => this.press(press), true);
    this.host.addEventListener("wheel", () => this.hold(WHEEL), { capture: true, passive: true });
    this.host.addEventListener("pointermove", (move) => move.buttons || this.release(move), true);
    addEventListener("pointerup", (this.onRelease = (release) => this.release(release)), true);
    addEventListener("pointercancel", this.onRelease, true);
    this.watcher = new ResizeObserver(() => this.resize());
    this.watcher.observe(parent);
    this.onWindow = () => this.resize();
    addEventListener("resize", this.onWindow);
    document.addEventListener("visibilitychange", (this.onSight = () => document.hidden || this.work()));
  }

  close() {
    this.watcher.disconnect();
    removeEventListener("resize", this.onWindow);
    removeEventListener("pointerup", this.onRelease, true);
    removeEventListener("pointercancel", this.onRelease, true);
    document.removeEventListener("visibilitychange", this.onSight);
    halt(this.host);
    this.morph.stop();
    this.link.join();
    window.Plotly?.purge(this.host);
  }

  /* Figures that come while one is being drawn wait, and only the newest of them is drawn; none is while nobody looks, and
     none while the person drags or turns the wheel: a new figure would take the map out of their hand. */
  receive(message) {
    this.waiting = message;
    this.work();
  }

  async work() {
    if (this.busy || this.held || document.hidden) return;
    this.busy = true;
    while (this.waiting && !this.held) {
      const message = this.waiting;
      this.waiting = null;
      try {
        await this.draw(message);
      } catch (error) {
        console.error(error);
        this.note(window.Plotly ? message.texts.broken : message.texts.failed);
      }
    }
    this.busy = false;
  }

  press(press) {
    if (press.target.closest(".modebar")) return;
    this.host.focus({ preventScroll: true, focusVisible: false });
    this.pressed = { x: press.clientX, y: press.clientY, down: true };
    this.hold();
  }

  release({ clientX, clientY }) {
    const { pressed } = this;
    if (!pressed?.down) return;
    Object.assign(pressed, { down: false, dragged: Math.hypot(clientX - pressed.x, clientY - pressed.y) > DRAG });
    this.hold(SETTLE);
    if (pressed.dragged) return;
    const box = this.host.getBoundingClientRect();
    pressed.row = this.labels.under(clientX - box.left, clientY - box.top);
    if (pressed.row !== null) this.click({ customdata: this.ids()[pressed.row] });
    else if (this.scene && this.hovered) this.click(this.hovered);
  }

  /* The ids of the points that have words. */
  ids() {
    return this.host._fullData[this.message.labels.trace ?? 0].customdata ?? [];
  }

  /* Draw nothing new for so many milliseconds, or until the next call. */
  hold(milliseconds) {
    clearTimeout(this.held);
    this.held = milliseconds ? setTimeout(() => { this.held = 0; this.work(); }, milliseconds) : -1;
  }

  async draw(message) {
    this.height(message);
    const Plotly = await load(), look = this.look(message), { host } = this;
    const same = this.message?.digest === message.digest && this.looked === look.key && !this.stale;
    Object.assign(this, { message, looked: look.key, stale: false });
    if (!same) {
      const figure = this.figure(message, look), before = this.ears ? places(host) : null;
      halt(host);
      this.link.join(message.link);
      host.setAttribute("aria-label", message.layout.meta?.title ?? message.layout.title?.text ?? "");
      await Plotly.react(host, figure.data, figure.layout, this.config(message, figure));
      this.wire();
      this.write(message, look, before);
      host.dataset.draws = Number(host.dataset.draws ?? 0) + 1;
    }
    host.dataset.tick = message.tick;
  }

  /* The page's own colours and fonts, from Streamlit's CSS variables. */
  look({ layout }) {
    const css = getComputedStyle(this.host), get = (name) => css.getPropertyValue(`--st-${name}`).trim();
    const look = { ink: get("text-color"), background: get("background-color"), panel: get("secondary-background-color"),
                   border: get("border-color"), accent: get("primary-color"), serif: get("heading-font") || "serif",
                   hot: layout.meta?.hot ?? "#d9822b", quiet: layout.meta?.quiet ?? "#808080" };
    return { ...look, key: Object.values(look).join() };
  }

  /* The figure as plotly gets it: the page's colours, our revisions, the selection, and SVG where there is no WebGL. */
  figure(message, look) {
    const layout = structuredClone(message.layout), revision = message.uirevision || "plot";
    delete layout.title;
    Object.assign(layout, { autosize: true, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", uirevision: revision,
                            selectionrevision: `${revision}:${this.cleared}` });
    layout.font = { ...layout.font, color: look.ink };
    layout.hoverlabel = { ...layout.hoverlabel, bgcolor: look.panel, bordercolor: look.border,
                          font: { ...layout.hoverlabel?.font, color: look.ink } };
    layout.modebar = { bgcolor: "rgba(0,0,0,0)", color: look.quiet, activecolor: look.accent,
                       orientation: layout.meta?.tools ? "h" : "v" };
    const line = { color: look.accent, width: 1, dash: "solid" };
    layout.newselection = { line, mode: "immediate" };
    layout.activeselection = { fillcolor: look.accent, opacity: 0.08 };
    this.keepView(layout, revision);
    const { data, note } = drawable(message.data.map((trace) => ({ ...trace })), message.texts);
    this.note(note);
    this.morph.take(message, data, revision);
    for (const trace of data) if (holdsPoints(trace)) trace.selectedpoints = this.rows(trace);
    return { data, layout };
  }

  /* Zoom and camera stay. Plotly gives up a zoom when the opening range changes, and a live map's does with every figure:
     so what the person has zoomed to is given as the range. */
  keepView(layout, revision) {
    if (this.revision !== revision) Object.assign(this, { revision, zoomed: false });
    for (const name of Object.keys(layout).filter((name) => /^([xy]axis|scene)\d*$/.test(name))) {
      layout[name].uirevision = `${revision}:${this.resets}`;
      if (this.zoomed && name[0] !== "s") layout[name].range = [...this.host._fullLayout[name].range];
    }
  }

  /* Which rows of a trace are selected; undefined when nothing is, so that nothing is dimmed. */
  rows({ customdata }) {
    if (!this.event.selected.length) return undefined;
    const chosen = new Set(this.event.selected), rows = [];
    customdata.forEach((id, row) => chosen.has(id) && rows.push(row));
    return rows;
  }

  /* Plotly starts anew when its configuration changes, so the same one is given as long as it says the same. */
  config({ texts, layout }, { data }) {
    const solid = data.some((trace) => trace.type === "scatter3d"), points = !solid && data.some(holdsPoints);
    const key = JSON.stringify([texts, solid, points, layout.dragmode, layout.meta?.tools]);
    if (this.configured === key) return this.setting;
    const Icons = window.Plotly.Icons;
    const own = [{ name: "reset", title: texts.reset, icon: Icons.home, click: () => this.reset() },
                 { name: "picture", title: texts.picture, icon: Icons.camera, click: () => this.save(png) },
                 { name: "drawing", title: texts.drawing, icon: Icons.disk, click: () => this.save(svg) }];
    const flat = points ? ["pan2d", "zoom2d", "select2d", "lasso2d"] : ["zoom2d", "pan2d"];
    const still = layout.dragmode === false, buttons = solid ? ["tableRotation", "pan3d"] : flat;
    this.host.classList.toggle("still", still && !layout.meta?.tools);
    this.configured = key;
    this.setting = {
      displaylogo: false, displayModeBar: layout.meta?.tools ?? "hover", modeBarButtons: [still ? own.slice(1) : [...buttons, ...own]],
      scrollZoom: solid || layout.dragmode === "pan", doubleClick: false, doubleClickDelay: 320, showTips: false,
      showAxisDragHandles: false, editSelection: false, locale: "own", locales: { own: { dictionary: texts, format: {} } },
    };
    return this.setting;
  }

  wire() {
    const { host, labels } = this;
    const points = host.querySelector(".svg-container > .gl-container");
    if (points.nextSibling !== labels.canvas) points.after(labels.canvas);
    const scene = host._fullLayout.scene?._scene?.glplot;
    if (scene && this.scene !== scene) {
      const render = scene.onrender;
      scene.onrender = () => { render(); labels.place(); };
    }
    this.scene = scene;
    if (this.ears === host._ev) return;
    this.ears = host._ev;      // plotly drops its listeners when it starts anew, as it does between two and three dimensions
    host.on("plotly_click", ({ points: [point] }) => this.pointed(point));
    host.on("plotly_hover", ({ points: [point] }) => { this.hovered = point; this.link.point(point.customdata ?? null); });
    host.on("plotly_unhover", () => { this.hovered = null; this.link.point(null); });
    // While a figure is drawn plotly reports its own forgetting of outlines as a selection of nothing.
    host.on("plotly_selected", (event) => event && !this.busy && this.select(event.points.map(({ customdata }) => customdata)));
    host.on("plotly_deselect", () => this.busy || this.select([]));
    host.on("plotly_doubleclick", () => this.reset());
    host.on("plotly_relayouting", () => { this.follow(); this.link.view(); });
    host.on("plotly_relayout", (change) => {
      const moved = Object.keys(change ?? {}).some((name) => /^[xy]axis\d*\.range/.test(name));
      this.zoomed ||= moved;
      if (moved) this.link.view();
      this.follow();
    });
  }

  /* A click on a word means that word, whatever point plotly finds near it. In three dimensions plotly calls every press
     that it draws a frame of a click, so there a click is a release without a drag over the point that is pointed at. */
  pointed(point) {
    if (!this.scene && (this.pressed?.row ?? null) === null) this.click(point);
  }

  click(point) {
    const id = Number.isInteger(point.customdata) ? point.customdata : null, place = point.pointIndex ?? point.pointNumber;
    const cell = Array.isArray(place) ? place : null;
    if (id === null && !cell) return;
    this.event = { ...this.event, clicked: id, cell, click_count: Math.max(this.event.click_count + 1, Date.now()) };
    this.send(this.event);
  }

  /* Send what a part of the plot has to tell. */
  tell(event) {
    this.event = { ...this.event, ...event };
    this.send(this.event);
  }

  /* Keep and send the selection; plotly's own outline goes, since the points will move and the ids will not. */
  select(ids, erase = false) {
    const chosen = [...new Set(ids.filter(Number.isInteger))].sort((a, b) => a - b);
    if (String(chosen) === String(this.event.selected) && !erase) return;
    const had = this.event.selected.length;
    this.event = { ...this.event, selected: chosen };
    this.cleared++;
    this.redraw();
    if (had || chosen.length) this.send(this.event);
  }

  /* Back to the opening view, of the newest figure. */
  reset() {
    this.resets++;
    this.zoomed = false;
    this.redraw();
  }

  redraw() {
    this.stale = true;
    this.receive(this.waiting ?? this.message);
  }

  /* The words, and the glide of points and words to their new places. */
  write(message, look, before) {
    const spec = message.labels, trace = this.host._fullData[spec?.trace ?? 0];
    if (spec && trace) {
      this.labels.show(spec, look, standing(this.host, trace, message.layout));
      this.labels.place(!!before);
    } else this.labels.clear();
    if (!glide(this.host, before, (t) => spec && this.labels.move(t)) && spec && before) this.labels.move(1);
  }

  follow() {
    if (this.following || !this.message?.labels || this.busy) return;
    this.following = requestAnimationFrame(() => { this.following = 0; this.labels.place(); });
  }

  height({ height, morph }) {
    const page = this.host.closest("[data-testid=stMain]") ?? document.documentElement;      // what scrolls
    const top = this.host.getBoundingClientRect().top - page.getBoundingClientRect().top + page.scrollTop;
    const room = window.innerHeight - top - BELOW - (morph ? SLIDER : 0);
    this.host.style.height = `${height === "fill" ? Math.max(360, Math.round(room)) : height}px`;
  }

  resize() {
    if (!this.ears || !this.message) return;
    this.height(this.message);
    const size = `${this.host.clientWidth}x${this.host.clientHeight}`;
    if (size === this.size || !this.host.clientWidth) return;
    this.size = size;
    window.Plotly.Plots.resize(this.host).then(() => this.labels.place());
  }

  save(write) {
    return write(this, this.look(this.message).background);
  }

  /* One sentence over the plot's lower edge. */
  note(text) {
    this.noted?.remove();
    if (!text) return;
    this.noted = Object.assign(document.createElement("div"), { className: "semascope-note", textContent: text });
    this.noted.setAttribute("role", "status");
    this.host.append(this.noted);
  }
}

/* Whether a trace is made of points that can be selected. */
function holdsPoints({ customdata, type = "scatter", mode = "markers" }) {
  return !!customdata && /^scatter(gl)?$/.test(type) && /markers/.test(mode);
}
