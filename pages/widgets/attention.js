/* The views of attention (attention_view.py sends the weights once; what is chosen after that needs no other message).

   Streamlit calls `mount` with every message. One with `frames` is a text's attention in all heads; one with `exact` are
   single heads in full for the board of that name. A choice is drawn at once and told to the page a moment later. */

import { Frame, difference, strongest } from "./attention_data.js";
import { figure, short } from "./attention_draw.js";
import { drawGrid, headName } from "./attention_grid.js";
import { drawLines } from "./attention_lines.js";
import { drawMap } from "./attention_map.js";
import { drawNeuron } from "./attention_neuron.js";
import { inside, light, told } from "./attention_point.js";
import { savePNG, saveSVG } from "./attention_save.js";
import { STYLE } from "./attention_style.js";
import { read } from "./plot_message.js";

const BOARDS = new Map(), WAITING = new Map();
const TELL = 250;              // milliseconds after the last choice until the page hears of it
const PACE = 700;              // and between two moments that are played
const VIEWS = ["grid", "map", "lines", "neuron"];

export function mount({ parentElement, data, setStateValue }) {
  const message = read(data);
  if (message.exact) return hand(message);
  let board = BOARDS.get(message.board);
  if (!board || board.parent !== parentElement) BOARDS.set(message.board, (board = new Board(parentElement)));
  board.send = (state) => setStateValue("state", state);
  board.receive(message);
  if (WAITING.has(message.board)) hand(WAITING.get(message.board));
  return () => setTimeout(() => { if (!parentElement.isConnected) { board.close(); BOARDS.delete(message.board); } });
}

/* Heads in full: for the board whose text they are of, now or when it comes. */
function hand(message) {
  const board = BOARDS.get(message.board);
  if (board?.message?.text !== message.text) return WAITING.set(message.board, message);
  WAITING.delete(message.board);
  if (board.full !== message.digest) board.take(message.exact);
  board.full = message.digest;
}

function make(name, className = "", text = "") {
  return Object.assign(document.createElement(name), { className, textContent: text });
}

class Board {
  constructor(parent) {
    this.parent = parent;
    this.root = make("div", "semascope-attention");
    this.parts = Object.fromEntries(["bar", "when", "strips", "told", "body", "note"].map((name) => [name, make("div", name)]));
    this.side = make("div", "side");
    this.panels = make("div", "panels");
    this.parts.body.append(this.side, this.panels);
    this.parts.told.setAttribute("role", "status");
    this.root.append(...Object.values(this.parts));
    parent.replaceChildren(make("style", "", STYLE), this.root);
    this.watcher = new ResizeObserver(() => this.message && this.root.clientWidth !== this.wide && this.draw());
    this.watcher.observe(parent);
    this.root.addEventListener("keydown", (press) => press.key === "Escape" && this.pin(null));
  }

  close() {
    this.watcher.disconnect();
    clearInterval(this.playing);
    clearTimeout(this.telling);
  }

  receive(message) {
    if (this.message?.digest === message.digest) return;
    this.message = message;
    this.frames = message.frames.map((frame) => new Frame(frame));
    this.state = { ...message.state, ...this.state };
    this.state.moment = Math.min(this.state.moment ?? Infinity, this.frames.length - 1);
    this.pinned = this.pointed = null;
    this.controls();
    this.draw();
  }

  take(exact) {
    for (const each of exact) this.frames[each.frame].take(each);
    this.draw();
  }

  /* Draw now, and tell the page when the person rests. */
  choose(change) {
    Object.assign(this.state, change);
    this.draw();
    clearTimeout(this.telling);
    this.telling = setTimeout(() => this.send({ ...this.state }), TELL);
  }

  /* What stands beside each other: a frame, and the head of it that is looked at. */
  get sides() {
    const { mode } = this.message, { picks, moment } = this.state;
    if (mode === "time") return [{ frame: this.frames[moment], pick: picks[0] }];
    const frames = mode === "heads" ? [this.frames[0], this.frames[0]] : this.frames;
    return frames.map((frame, side) => ({ frame, pick: frame.clipped(picks[mode === "heads" ? side : 0]) }));
  }

  get twins() {
    const [first, second] = this.sides;
    return second && first.frame.alike(second.frame);
  }

  pick(head, click) {
    const { state, message: { mode } } = this, added = state.view === "lines" && !(click?.detail > 1);
    const same = (a) => a[0] === head[0] && a[1] === head[1];
    let heads = [head];
    if (added) heads = state.heads.some(same) && state.heads.length > 1 ? state.heads.filter((each) => !same(each)) : [...state.heads.filter((each) => !same(each)), head];
    const picks = mode === "heads" && state.right ? [state.picks[0], head] : [head, mode === "heads" ? state.picks[1] : head];
    this.choose({ heads: heads.slice(-8), picks, ...(state.view === "grid" && { view: "map" }) });
  }

  controls() {
    const { texts, mode } = this.message, { bar, when } = this.parts, tabs = make("span", "tabs");
    this.tabs = VIEWS.map((view) => {
      const tab = make("button", "", texts[view]);
      tab.addEventListener("click", () => this.choose({ view }));
      tabs.append(tab);
      return tab;
    });
    const top = make("label", "", texts.top), range = Object.assign(make("input"), { type: "range", min: 5, max: 100, step: 5, value: this.state.top });
    const said = make("output");
    range.addEventListener("input", () => this.choose({ top: Number(range.value) }));
    top.append(range, said);
    Object.assign(this, { range, said, top });
    const end = make("span", "end");
    for (const [name, save] of [["SVG", saveSVG], ["PNG", savePNG]]) {
      const button = make("button", "", name);
      button.title = texts[name];
      button.addEventListener("click", () => save(this.drawn, this.message.colours, "attention"));
      end.append(button);
    }
    bar.replaceChildren(tabs, top, end);
    when.replaceChildren();
    when.hidden = mode !== "time";
    if (mode === "time") this.timeline(when);
  }

  timeline(when) {
    const { texts } = this.message, play = make("button", "", texts.play), range = Object.assign(make("input"), { type: "range", min: 0, max: this.frames.length - 1, step: 1 });
    range.setAttribute("aria-label", texts.moment);
    this.slider = range;
    this.moment = make("output");
    range.addEventListener("input", () => this.choose({ moment: Number(range.value) }));
    play.addEventListener("click", () => {
      clearInterval(this.playing);
      const from = this.state.moment >= this.frames.length - 1 ? 0 : this.state.moment;
      this.choose({ moment: from });
      this.playing = setInterval(() => {
        if (this.state.moment >= this.frames.length - 1) return clearInterval(this.playing);
        this.choose({ moment: this.state.moment + 1 });
      }, PACE);
    });
    when.append(play, range, this.moment);
  }

  draw() {
    const { state, message: { texts, mode } } = this, began = performance.now();
    this.wide = this.root.clientWidth;
    this.root.style.setProperty("--hot", this.message.colours.hot);
    this.root.style.setProperty("--quiet", this.message.colours.quiet);
    this.tabs.forEach((tab, place) => tab.setAttribute("aria-pressed", VIEWS[place] === state.view));
    this.top.hidden = state.view !== "map" && state.view !== "lines";
    this.said.textContent = `${state.top} %`;
    if (mode === "time") Object.assign(this.slider, { value: state.moment }) && (this.moment.textContent = this.frames[state.moment].title);
    this.strips();
    this.smallGrid();
    this.views = [];
    this.notes = [];
    this.panels.replaceChildren();
    const { view } = state;
    this[{ grid: "gridView", map: "mapView", lines: "linesView", neuron: "neuronView" }[view]]();
    this.drawn = this.views.map(({ name, svg }) => ({ name, svg }));
    this.parts.note.replaceChildren(...this.legend(), this.notes.join(" "));
    this.point(this.pinned);
    this.root.dataset.view = view;
    this.root.dataset.head = state.picks[0].join(".");
    this.root.dataset.certainty = this.sides[0].frame.certainty(this.sides[0].pick);
    this.root.dataset.draws = Number(this.root.dataset.draws ?? 0) + 1;
    this.root.setAttribute("aria-label", texts.label);
    this.root.dataset.milliseconds = (performance.now() - began).toFixed(1);      // for tests and benchmarks
  }

  /* The sentence of each side, once if both are the same. */
  strips() {
    const { view } = this.state, shown = this.twins || view === "neuron" ? this.sides.slice(0, 1) : this.sides;
    this.spans = shown.map(({ frame }) => this.strip(frame));
    this.parts.strips.replaceChildren(...this.spans.map(({ box }) => box));
    this.parts.strips.hidden = view === "grid" || view === "neuron";
  }

  strip(frame) {
    const box = make("div", "strip"), rows = new Map(Array.from(frame.rows, (place, row) => [place, row]));
    const spans = frame.names.map((name, place) => {
      const span = make("span", frame.special[place] ? "special" : "", short(name, 40));
      span.addEventListener("pointerenter", () => rows.has(place) && this.point({ row: rows.get(place), column: null }));
      span.addEventListener("pointerleave", () => this.point(this.pinned));
      span.addEventListener("click", () => rows.has(place) && this.pin({ row: rows.get(place), column: null }));
      box.append(span, " ");
      return span;
    });
    return { box, spans };
  }

  smallGrid() {
    const { state, message: { mode, texts, colours } } = this;
    this.side.hidden = state.view === "grid";
    if (this.side.hidden) return;
    const right = mode === "heads" && state.right, { frame } = this.sides[right ? 1 : 0], width = frame.heads <= 4 ? 250 : 330;
    const pair = make("div", "pair"), host = make("div");
    if (mode === "heads") [texts.left, texts.right].forEach((text, place) => {
      const button = make("button", "", text);
      button.setAttribute("aria-pressed", !!right === !!place);
      button.addEventListener("click", () => this.choose({ right: place }));
      pair.append(button);
    });
    const chosen = state.view === "lines" ? state.heads.map((head, place) => [frame.clipped(head), this.colour(place)]) :
      this.sides.slice(0, mode === "heads" ? 2 : 1).map(({ pick }, place) => [pick, place ? colours.hot : colours.accent]);
    drawGrid(host, [frame], { width, height: 560, chosen, colours, texts, title: texts.grid, onPick: (head, click) => this.pick(head, click) });
    this.side.replaceChildren(pair, host, make("div", "note", state.view === "lines" ? texts.several : texts.choose));
    this.side.style.width = `${width}px`;
  }

  colour(place) {
    const { categories, accent } = this.message.colours;
    return this.state.heads.length === 1 ? accent : categories[place % categories.length];
  }

  /* A panel's place, with its name over it. */
  place(name) {
    const panel = make("div", "panel"), host = make("div");
    panel.append(make("div", "name", name), host);
    this.panels.append(panel);
    return host;
  }

  get room() {
    const top = this.parts.body.getBoundingClientRect().top + (this.root.closest("[data-testid=stMain]")?.scrollTop ?? 0);
    return { width: this.panels.clientWidth || this.wide, height: Math.max(420, innerHeight - Math.max(0, top) - 110) };
  }

  sized(name, pick) {
    return [name, headName(pick, this.message.texts)].filter(Boolean).join(" · ");
  }

  gridView() {
    const { sides, message: { texts, colours } } = this, unlike = sides.length < 2 || this.message.mode === "heads";
    const count = unlike ? 1 : this.twins && this.sameShape ? 3 : 2, { width, height } = this.room;
    const sets = (unlike ? sides.slice(0, 1) : sides).map(({ frame, pick }) => [frame.title, [frame], pick]);
    if (count === 3) sets.push([texts.difference, sides.map(({ frame }) => frame), sides[0].pick]);
    for (const [name, frames, pick] of sets) {
      const found = drawGrid(this.place(name), frames, { width: width / count - 20, height, chosen: [[pick, colours.accent]], colours, texts, title: name || texts.grid,
                                                          onPick: (head, click) => this.pick(head, click) });
      this.views.push({ name: name || texts.grid, svg: found.svg, point() {} });
    }
    this.notes.push(texts.grid_help);
  }

  get sameShape() {
    const [first, second] = this.frames;
    return first.layers === second.layers && first.heads === second.heads && String(first.shape) === String(second.shape);
  }

  weights({ frame, pick }) {
    return strongest(frame.weights(pick), frame.columns.length, this.state.top / 100);
  }

  mapView() {
    const { sides, message: { texts, colours } } = this, count = sides.length < 2 ? 1 : this.twins ? 3 : 2, { width, height } = this.room;
    const panels = sides.map((side) => ({ frame: side.frame, weights: this.weights(side), title: this.sized(side.frame.title, side.pick), head: side.pick }));
    if (count === 3) panels.push({ frame: sides[0].frame, weights: difference(panels[0].weights, panels[1].weights), signed: true, title: texts.difference });
    for (const panel of panels) {
      const host = this.place(panel.title), drawn = drawMap(host, panel, { width: width / count - 20, height: height - 30, colours,
        onPoint: (place) => this.point(place ?? this.pinned), onPin: (place) => this.pin(place) });
      this.views.push({ ...drawn, ...panel, name: panel.title });
      this.sure(panel);
    }
    if (sides.length > 1 && count === 2) this.notes.push(texts.unlike);
    if (count === 3) this.notes.push(texts.signed.replace("{most}", figure(panels[2].weights.reduce((a, b) => Math.max(a, Math.abs(b)), 0))));
    if (sides[0].frame.causal) this.notes.push(texts.causal);
  }

  /* How exact what is drawn is. */
  sure({ frame, head }) {
    const { texts } = this.message, certainty = head && frame.certainty(head);
    if (certainty && certainty !== "exact" && !this.notes.includes(texts[certainty])) this.notes.push(texts[certainty]);
  }

  linesView() {
    const { sides, state, message: { texts, colours } } = this, { width } = this.room;
    for (const { frame } of sides) {
      const heads = state.heads.map((head, place) => ({ head: frame.clipped(head), colour: this.colour(place), name: headName(frame.clipped(head), texts) }));
      const title = [frame.title, heads.map(({ name }) => name).join("; ")].filter(Boolean).join(" · ");
      const host = this.place(frame.title ?? ""), chips = make("div", "chips"), place = make("div");
      host.append(chips, place);
      for (const { name, colour, head } of heads) {
        const chip = make("button", "", name);
        chip.style.borderColor = colour;
        chip.title = texts.chip;
        chip.addEventListener("click", () => heads.length > 1 && this.pick(head, { detail: 1 }));
        chip.addEventListener("dblclick", () => this.choose({ heads: [head], picks: [head, head] }));
        chips.append(chip);
      }
      const panel = { frame, title, heads: heads.map((each) => ({ ...each, weights: this.weights({ frame, pick: each.head }) })) };
      const drawn = drawLines(place, panel, { width: width / sides.length - 20, colours, onPoint: (at) => this.point(at ?? this.pinned), onPin: (at) => this.pin(at) });
      this.views.push({ ...drawn, frame, weights: panel.heads[0].weights, name: title, head: heads[0].head });
      if (drawn.left) this.notes.push(texts.lines_left.replace("{n}", drawn.left.toLocaleString()));
      heads.forEach(({ head }) => this.sure({ frame, head }));
    }
    this.notes.push(texts.lines_help);
  }

  neuronView() {
    const { sides: [{ frame, pick }], message: { texts, colours } } = this, parts = frame.parts.get(frame.number(pick)), name = this.sized(frame.title, pick);
    const host = this.place(name);
    if (pick[0] < 0 || pick[1] < 0) return host.append(make("p", "", texts.no_mean));
    if (!parts) return host.append(make("p", "", texts.coming));
    const piece = Math.min(this.state.piece, parts.pieces.length - 1);
    const drawn = drawNeuron(host, { parts, piece, causal: frame.causal, title: name }, { width: this.room.width, colours, texts, onPiece: (chosen) => this.choose({ piece: chosen }) });
    this.views.push({ name, svg: drawn.svg, point() {} });
    if (drawn.left) this.notes.push(texts.pieces_left.replace("{n}", drawn.left));
    this.notes.push(texts.neuron_help.replace("{d}", parts.query[0].length));
  }

  legend() {
    const { state, message: { colours } } = this;
    if (state.view !== "map" && state.view !== "grid") return [];
    const bar = make("span", "legend");
    bar.style.background = `linear-gradient(to right, ${colours.panel}, ${colours.dense}, ${colours.accent})`;
    bar.style.outline = `1px solid ${colours.border}`;
    return ["0", bar, `1 (${this.message.texts.root})${this.notes.length ? " · " : ""}`];
  }

  pin(place) {
    this.pinned = place && this.pinned && place.row === this.pinned.row && place.column === this.pinned.column ? null : place;
    this.point(this.pinned);
  }

  /* Point at a row, a column or a cell in all panels, in the sentence and in words. */
  point(place) {
    this.views.forEach((view) => view.point(inside(place, view.frame)));
    const view = this.views[0];
    this.spans.forEach(({ spans }, side) => light(spans, this.views[side], place, this.message.colours));
    this.parts.told.textContent = (view?.frame && told(this.views, place, this.message.texts)) || (this.pinned ? "" : this.message.texts.hint[this.state.view] ?? "");
  }
}
