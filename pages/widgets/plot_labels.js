/* Words on a plot: placed by their real pixel boxes so that none covers another, the important ones first, more of them
   as one zooms in. Drawn as text on a canvas between the points and the hover label, so a word is never read as markup. */

import { drawEdges, edgeMarks, inside } from "./plot_edges.js";

const ROOM = 5200;          // square pixels of map for each label
const LOOKED_AT = 4000;     // visible candidates that are tried before giving up
const FADE = 180;           // milliseconds for a label to come or go
const CELL = 48;            // pixels of a cell of the collision grid
const NAMED = 12;           // with at most so many arrows at the edge, each is named by its most important word
const SIDES = [[1, 0], [-1, 0], [0, -1], [0, 1]];
const CORNERS = [[1, -0.8], [1, 0.8], [-1, -0.8], [-1, 0.8]];
const FAR = [2, 3.2].flatMap((far) => [[0, -far], [0, far], [1, -far], [1, far], [-1, -far], [-1, far]]);
const FEW = 250;            // words of a picture on which each is wanted: they are tried in every place, and none is smaller

export class Labels {
  constructor() {
    this.canvas = document.createElement("canvas");
    this.canvas.className = "semascope-labels";
    this.context = this.canvas.getContext("2d");
    this.shown = new Map();   // row -> what is written there
    this.widths = new Map();
    this.words = null;
    this.still = matchMedia("(prefers-reduced-motion: reduce)");
  }

  /* words: {text, order, hot, colours}; look: {ink, background, hot, quiet, serif}; scene: what plot_places.js says. */
  show(words, look, scene) {
    const sameWords = this.words?.text.length === words?.text.length;
    if (!sameWords) this.shown.clear();
    Object.assign(this, { words, look, scene, hot: new Set(words?.hot ?? []), moved: 1 });
    if (this.family !== look.serif) {
      this.family = look.serif;
      this.widths.clear();
      document.fonts.load(`15px ${look.serif}`).then(() => { this.widths.clear(); this.place(); });
    }
  }

  /* Choose which words are written where. With `glide`, `move` will then take them from where they were drawn last. */
  place(glide = false) {
    if (!this.scene?.drawn) return;
    const { area, reserved, at, count } = this.scene, old = this.shown;
    this.at = at;
    this.boxes = new Map();
    for (const box of reserved) this.occupy(box);
    this.shown = new Map();
    this.marks = this.words && this.scene.home ? edgeMarks({ count, at }, area, this.words.order) : [];
    for (const mark of this.marks) this.occupy([mark.x - 8, mark.y - 8, mark.x + 8, mark.y + 8]);
    if (this.words) this.choose(old, area);
    if (this.marks.length <= NAMED) for (const mark of this.marks) this.nameAtEdge(mark, area);
    for (const [row, label] of old) if (!this.shown.has(row) && label.alpha > 0.02) this.shown.set(row, { ...label, goal: 0 });
    for (const [row, label] of this.shown) {
      const before = old.get(row);
      label.from = glide && before ? this.between(before) : [label.x, label.y];
    }
    this.moved = glide ? 0 : 1;
    this.draw();
  }

  choose(old, area) {
    const { text, order } = this.words, hot = this.words.hot ?? [];
    const room = Math.max(8, ((area.right - area.left) * (area.bottom - area.top)) / ROOM);
    let written = 0, tried = 0;
    const attempt = (row, rank, isHot) => {
      const point = this.at(row);
      if (!point || !text[row] || !inside(point, area)) return;
      tried++;
      const label = this.fit(row, rank, point, isHot, old.get(row), area);
      if (label) { this.shown.set(row, label); written++; }
    };
    hot.forEach((row, rank) => attempt(row, rank, true));
    const hotWritten = written;
    for (let k = 0; k < text.length && written - hotWritten < room && tried < LOOKED_AT; k++) {
      const row = order ? order[k] : k;
      if (!this.hot.has(row)) attempt(row, k, false);
    }
  }

  /* The label of one word in the first free place beside its point, or nothing. */
  fit(row, rank, point, isHot, before, area) {
    const few = !isHot && this.words.colours && this.words.text.length <= FEW;
    const size = isHot ? (rank === 0 ? 19 : 15) : few || rank < 40 ? 15.5 : rank < 200 ? 14 : 13;
    const font = `${isHot ? 600 : 400} ${size}px ${this.family}`;
    const word = this.words.text[row], short = word.length > 40 ? word.slice(0, 39) + "…" : word;
    const width = this.measure(short, font), high = size * 1.15, gap = this.scene.gap + (isHot ? (rank === 0 ? 8 : 4) : 2);
    const all = isHot ? [...SIDES, ...CORNERS] : few ? [...SIDES, ...CORNERS, ...FAR] : SIDES;
    const sides = before?.side ? [before.side, ...all.filter((side) => side !== before.side)] : all;
    for (const side of sides) {
      const x = point[0] + side[0] * (gap + width / 2), y = point[1] + side[1] * (gap + high / 2);
      const box = [x - width / 2 - 3, y - high / 2 - 1, x + width / 2 + 3, y + high / 2 + 1];
      if (box[0] < area.left || box[2] > area.right || box[1] < area.top || box[3] > area.bottom || !this.free(box)) continue;
      this.occupy(box);
      const alpha = before ? before.alpha : this.still.matches ? 1 : 0;
      return { row, x, y, side, box, font, word: short, hot: isHot, colour: this.colour(row, isHot), alpha,
               goal: point[2] ?? 1, stem: Math.abs(side[1]) >= 2 ? [point[0], point[1], y - Math.sign(side[1]) * high / 2] : null };
    }
    return null;
  }

  colour(row, hot) {
    return hot ? this.look.hot : this.words.colours?.[row] ?? this.look.ink;
  }

  measure(text, font) {
    const key = font + "\u0000" + text;
    let width = this.widths.get(key);
    if (width === undefined) {
      this.context.font = font;
      this.widths.set(key, (width = this.context.measureText(text).width));
    }
    return width;
  }

  cells(box, visit) {
    for (let i = Math.floor(box[0] / CELL); i <= Math.floor(box[2] / CELL); i++)
      for (let j = Math.floor(box[1] / CELL); j <= Math.floor(box[3] / CELL); j++)
        if (visit(i * 4096 + j) === false) return false;
    return true;
  }

  free(box) {
    return this.cells(box, (key) => !(this.boxes.get(key) ?? []).some(
      (other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1]));
  }

  occupy(box) {
    this.cells(box, (key) => { this.boxes.has(key) ? this.boxes.get(key).push(box) : this.boxes.set(key, [box]); });
  }

  between(label) {
    const t = this.moved;
    return [label.from[0] + (label.x - label.from[0]) * t, label.from[1] + (label.y - label.from[1]) * t];
  }

  /* While the points glide: how far they have come, 0 to 1. */
  move(t) {
    this.moved = t;
    this.draw();
  }

  draw() {
    if (!this.canvas.parentElement) return;      // a font or a frame that came after the plot had gone
    const now = performance.now(), step = this.still.matches ? 1 : Math.min(1, (now - (this.drawn ?? now)) / FADE);
    this.drawn = now;
    this.fitCanvas();
    const context = this.context;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    let restless = false;
    for (const [row, label] of [...this.shown].reverse()) {
      label.alpha += Math.sign(label.goal - label.alpha) * Math.min(step, Math.abs(label.goal - label.alpha));
      if (label.goal === 0 && label.alpha <= 0.02) { this.shown.delete(row); continue; }
      restless ||= Math.abs(label.goal - label.alpha) > 0.01;
      this.write(label.word, label.font, this.between(label), label.colour, label.alpha);
    }
    for (const label of this.shown.values()) if (label.stem && this.moved === 1) this.stem(label);
    drawEdges(context, this.marks, this.look.quiet);
    for (const { name } of this.marks) if (name) this.write(name.word, name.font, name.at, this.look.quiet, 1);
    this.drawn = restless ? now : undefined;
    if (restless && !this.waiting) this.waiting = requestAnimationFrame(() => { this.waiting = 0; this.draw(); });
  }

  write(word, font, [x, y], colour, alpha) {
    const context = this.context;
    Object.assign(context, { font, globalAlpha: alpha, strokeStyle: this.look.background, lineWidth: 3, fillStyle: colour });
    context.strokeText(word, x, y);
    context.fillText(word, x, y);
    context.globalAlpha = 1;
  }

  /* A thin line from a point to its word where that stands far off. */
  stem(label) {
    const { context } = this, [fromX, fromY, toX, toY] = stemOf(label);
    Object.assign(context, { strokeStyle: label.colour, lineWidth: 1, globalAlpha: 0.5 * label.alpha * label.goal });
    context.beginPath();
    context.moveTo(fromX, fromY);
    context.lineTo(toX, toY);
    context.stroke();
    context.globalAlpha = 1;
  }

  /* The word of a lonely point outside, inwards of its arrow, if there is room. */
  nameAtEdge(mark, area) {
    const font = `italic 400 13px ${this.family}`, word = this.words.text[mark.row].slice(0, 40);
    const width = this.measure(word, font), side = width / 2 + 16;
    const within = (value, low, high) => Math.min(Math.max(value, low), high);
    const at = [within(mark.x, area.left + side, area.right - side), within(mark.y, area.top + 25, area.bottom - 25)];
    const box = [at[0] - width / 2 - 3, at[1] - 8, at[0] + width / 2 + 3, at[1] + 8];
    if (!this.free(box)) return;
    this.occupy(box);
    mark.name = { word, font, at };
  }

  fitCanvas() {
    const host = this.canvas.parentElement, ratio = window.devicePixelRatio || 1, { context, canvas } = this;
    const [width, height] = [Math.round(host.clientWidth * ratio), Math.round(host.clientHeight * ratio)];
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
  }

  /* The row whose word is written at this place, if any. */
  under(x, y) {
    for (const { row, box, goal } of this.shown.values())
      if (goal > 0 && x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3]) return row;
    return null;
  }

  /* Nothing is written any more. */
  clear() {
    Object.assign(this, { words: null, marks: [] });
    this.shown.clear();
    if (this.canvas.parentElement) this.fitCanvas();
  }

  /* Every word as it is drawn: {text, font, at, colour, stem: [x, y, x, y] or nothing}; for a drawing that keeps them as text. */
  drawnWords() {
    const words = [...this.shown.values()].filter((label) => label.goal > 0).map((label) => ({
      text: label.word, font: label.font, at: [label.x, label.y], colour: label.colour, stem: label.stem && stemOf(label) }));
    const named = this.marks.filter(({ name }) => name).map(({ name }) => ({
      text: name.word, font: name.font, at: name.at, colour: this.look.quiet }));
    return [...words, ...named];
  }

  /* What stands on the plot, for tests and for whoever wants to look: [{row, word, box, hot}]. */
  written() {
    return [...this.shown.values()].filter((label) => label.goal > 0).map(({ row, word, box, hot }) => ({ row, word, box, hot }));
  }
}

/* Both ends of the line from a point to its word. */
function stemOf({ x, stem: [pointX, pointY, y] }) {
  return [pointX, pointY, x + (pointX - x) * 0.35, y];
}
