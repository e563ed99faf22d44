/* Where a person drops files: they go straight to our server's disk, and the list stays over reruns (drop.py reads it).

   A drop is kept by its key as long as the tab lives, so an upload goes on while the person looks at another page; what is
   whole is remembered in the tab, so that a reload finds it again. Names are data: they are only ever written as text. */

import { carried, chosen } from "./drop_files.js";
import { Row, element, filled, size } from "./drop_row.js";
import { Broken, Refused, send, take } from "./drop_send.js";
import { STYLE } from "./drop_style.js";

const DROPS = new Map();
const AT_ONCE = 2;             // uploads; the others wait for their turn
const SHOWN = 100;             // rows; the others are counted
const PAUSES = [800, 3000];    // milliseconds before a broken upload is tried again by itself
const LETTING = 120;           // milliseconds between two drawings of a bar

/* What Streamlit calls (through the loader of drop.py) with every message. */
export function mount({ parentElement, data, setStateValue }) {
  let drop = DROPS.get(data.key);
  if (!drop) DROPS.set(data.key, (drop = new Drop(data)));
  drop.send = (ids) => setStateValue("files", ids);
  if (drop.host.parentElement !== parentElement) {
    parentElement.replaceChildren(element("style", "", STYLE), drop.host);
    drop.said = data.known;
  }
  drop.receive(data);
}

class Drop {
  constructor(data) {
    this.data = data;
    this.entries = this.remembered();
    this.batch = 0;
    this.host = element("div", "semascope-drop", "", { role: "group" });
    this.build();
    this.listen();
  }

  build() {
    const { host } = this;
    this.zone = element("div", "semascope-drop-zone");
    this.title = element("p", "semascope-drop-title");
    this.help = element("p", "semascope-drop-help");
    this.files = element("input", "", "", { type: "file", multiple: "", hidden: "", tabindex: -1 });
    this.folder = element("input", "", "", { type: "file", webkitdirectory: "", hidden: "", tabindex: -1 });
    this.first = element("button", "semascope-drop-way first", "", { type: "button" });
    this.second = element("button", "semascope-drop-way", "", { type: "button" });
    const ways = element("div", "semascope-drop-ways");
    ways.append(this.first, this.second, this.files, this.folder);
    this.zone.append(this.title, this.help, ways);
    this.note = element("p", "semascope-drop-note", "", { role: "alert", hidden: "" });
    this.list = element("ul", "semascope-drop-list");
    this.foot = element("div", "semascope-drop-foot");
    this.sum = element("span", "", "", { role: "status" });
    this.all = element("button", "", "", { type: "button" });
    this.foot.append(this.sum, this.all);
    host.append(this.zone, this.note, this.list, this.foot);
  }

  listen() {
    const { zone, files, folder } = this;
    this.first.addEventListener("click", () => files.click());
    this.second.addEventListener("click", () => folder.click());
    this.all.addEventListener("click", () => { [...this.entries].forEach((entry) => this.remove(entry)); this.first.focus(); });
    for (const input of [files, folder])
      input.addEventListener("change", () => { this.add(chosen(input.files)); input.value = ""; });
    zone.addEventListener("dragover", (event) => this.over(event));
    zone.addEventListener("dragleave", ({ relatedTarget }) => zone.contains(relatedTarget) || this.mark("over", false));
    zone.addEventListener("drop", (event) => this.dropped(event));
    addEventListener("dragover", (event) => this.beside(event));
    addEventListener("dragleave", ({ relatedTarget }) => relatedTarget || this.mark("ready", false));
    addEventListener("drop", (event) => { this.beside(event); this.mark("ready", false); });
    addEventListener("paste", (event) => this.pasted(event));
    addEventListener("beforeunload", (event) => this.busy() && event.preventDefault());
  }

  over(event) {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    this.mark("over", true);
  }

  dropped(event) {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    this.mark("over", false);
    carried(event.dataTransfer, this.data.most_files).then((found) => this.add(found));
  }

  /* A file that misses the zone would replace the page in its tab. */
  beside(event) {
    if (event.defaultPrevented || !holdsFiles(event) || !this.host.isConnected) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "none";
    this.mark("ready", true);
  }

  pasted(event) {
    const writing = event.target.closest?.("input, textarea, [contenteditable]");
    if (writing || !this.host.isConnected || !event.clipboardData?.files.length) return;
    event.preventDefault();
    this.add(chosen(event.clipboardData.files));
  }

  mark(name, on) {
    this.host.classList.toggle(name, on);
  }

  /* What Python says: texts, limits, and which files are here no longer, since they became a corpus. */
  receive(data) {
    this.data = data;
    const { texts } = data, gone = new Set(data.gone);
    this.host.setAttribute("aria-label", data.label);
    for (const [place, text] of [[this.title, data.label], [this.help, data.help], [this.first, texts.files],
                                 [this.second, texts.folder], [this.all, texts.all]])
      if (place.textContent !== text) place.textContent = text;
    this.help.hidden = !data.help;
    this.files.accept = data.accept.join(",");
    this.entries = this.entries.filter((entry) => !gone.has(entry.id));
    this.draw();
    this.tell();
  }

  add(found) {
    const { texts, most_files: most, accept } = this.data;
    this.say("");
    const fits = ({ name }) => !accept.length || accept.some((ending) => name.toLowerCase().endsWith(ending));
    const fresh = found.filter((one) => (fits(one) || !one.inside) && !this.entries.some((entry) => same(entry, one)));
    const left = found.filter((one) => !fits(one) && one.inside).length;
    if (left) this.say(filled(texts.left_out, { n: left.toLocaleString() }));
    if (this.entries.length + fresh.length > most) return this.say(filled(texts.many, { most: most.toLocaleString() }), true);
    const given = { batch: ++this.batch, state: "waiting", sent: 0, tries: 0 };
    for (const { file, name } of fresh)
      this.entries.push({ ...given, name, file, bytes: file.size, ...this.fault(name, file, fits) });
    this.list.scrollTop = 0;
    this.work();
  }

  /* One line under the zone. */
  say(text, wrong = false) {
    this.note.textContent = text;
    this.note.hidden = !text;
    this.note.classList.toggle("wrong", wrong);
  }

  /* What can be told without asking: a kind, a size. */
  fault(name, file, fits) {
    const { texts, accept, most } = this.data;
    const failed = (text, values) => ({ state: "failed", final: true, error: filled(text, { name, ...values }) });
    if (!fits({ name })) return failed(texts.kind, { kinds: accept.join(" ") });
    if (!file.size) return failed(texts.empty, {});
    if (file.size > most) return failed(texts.large, { size: size(file.size), most: size(most) });
    return {};
  }

  busy() {
    return this.entries.some(({ state }) => state === "waiting" || state === "sending" || state === "storing");
  }

  /* Send what waits, a few at once; once nothing does, tell Python. */
  work() {
    const active = this.entries.filter(({ state }) => state === "sending" || state === "storing").length;
    const next = this.entries.filter(({ state, later }) => state === "waiting" && !later).slice(0, AT_ONCE - active);
    next.forEach((entry) => this.upload(entry));
    this.draw();
    this.tell();
  }

  async upload(entry) {
    entry.stop = new AbortController();
    Object.assign(entry, { state: "sending", sent: 0, begun: 0, since: performance.now(), error: "" });
    try {
      const { id, name, bytes } = await send(entry.file, entry.name, {
        language: this.data.language, signal: entry.stop.signal, step: (sent) => this.step(entry, sent) });
      if (!this.entries.includes(entry)) take(id);
      else Object.assign(entry, { id, name, bytes, state: "done", modified: entry.file.lastModified, file: null });
    } catch (error) {
      if (error.name !== "AbortError") this.failed(entry, error);
    }
    this.work();
  }

  step(entry, sent) {
    entry.sent = Math.min(sent, entry.bytes);
    if (entry.sent === entry.bytes) entry.state = "storing";
    this.later ??= setTimeout(() => { this.later = undefined; this.draw(); }, LETTING);
  }

  /* A broken connection is tried again by itself, then by the person. */
  failed(entry, error) {
    const pause = PAUSES[entry.tries], { texts } = this.data;
    if (error instanceof Broken && pause !== undefined) {
      Object.assign(entry, { state: "waiting", sent: 0, tries: entry.tries + 1 });
      entry.later = setTimeout(() => { entry.later = 0; this.work(); }, pause);
    } else {
      const said = error instanceof Refused ? error.message : texts.broken;
      if (said === texts.broken && !(error instanceof Broken)) console.error(error);
      Object.assign(entry, { state: "failed", final: !!error.final, error: said });
    }
  }

  again(entry) {
    Object.assign(entry, { state: "waiting", tries: 0, error: "" });
    entry.row.close.focus();
    this.work();
  }

  remove(entry) {
    clearTimeout(entry.later);
    const place = this.entries.indexOf(entry), held = entry.row?.host.contains(document.activeElement);
    this.entries.splice(place, 1);
    entry.stop?.abort();
    if (entry.id) take(entry.id);
    this.work();
    if (held) (this.entries[Math.min(place, this.entries.length - 1)]?.row?.close ?? this.first).focus();
  }

  /* What went wrong stands first, then what was added last. */
  draw() {
    const { texts } = this.data, all = this.entries, rank = ({ state }) => (state === "failed" ? 0 : 1);
    const ordered = [...all].sort((a, b) => rank(a) - rank(b) || b.batch - a.batch);
    const rows = this.crop(ordered).map((entry) => {
      entry.row ??= new Row(entry, { remove: () => this.remove(entry), again: () => this.again(entry) });
      entry.row.draw(texts);
      return entry.row.host;
    });
    const standing = new Set(rows);
    [...this.list.children].forEach((row) => standing.has(row) || row.remove());
    rows.forEach((row, place) => {
      const there = this.list.children[place];
      if (there !== row) this.list.insertBefore(row, there ?? null);
    });
    this.list.hidden = !rows.length;
    this.summary(all, rows.length);
  }

  /* The rows to show: of very many, those that are under way before those that are done. */
  crop(ordered) {
    if (ordered.length <= SHOWN) return ordered;
    const done = ({ state }) => state === "done";
    const chosen = new Set([...ordered.filter((entry) => !done(entry)), ...ordered.filter(done)].slice(0, SHOWN));
    return ordered.filter((entry) => chosen.has(entry));
  }

  summary(all, shown) {
    const { texts } = this.data, done = all.filter(({ state }) => state === "done");
    const numbers = { done: done.length, n: all.length, more: all.length - shown };
    const values = Object.fromEntries(Object.entries(numbers).map(([name, number]) => [name, number.toLocaleString()]));
    values.size = size(all.reduce((sum, { bytes }) => sum + bytes, 0));
    const text = filled(done.length < all.length ? texts.some : texts.whole, values);
    const told = all.length > shown ? `${text} · ${filled(texts.more, values)}` : text;
    if (this.sum.textContent !== told) this.sum.textContent = told;
    this.foot.hidden = all.length < 2;
  }

  /* Python hears of whole files once nothing is under way: each message runs the page. */
  tell() {
    const done = this.entries.filter(({ state }) => state === "done");
    this.remember(done);
    const ids = done.map(({ id }) => id);
    if (this.busy() || !this.host.isConnected || String(ids) === String(this.said)) return;
    this.said = ids;
    this.send(ids);
  }

  get place() {
    return `semascope-drop-${this.data.key}`;
  }

  /* Other pages of this server share the tab's memory, so what is found there is only taken if it looks like ours. */
  remembered() {
    try {
      return JSON.parse(sessionStorage.getItem(this.place) ?? "[]").filter(({ id }) => /^[0-9a-f]{32}$/.test(id))
        .map(({ id, name, bytes, modified }) => (
          { id, name: String(name), bytes: Number(bytes), modified, batch: 0, state: "done", sent: 0 }));
    } catch {
      return [];
    }
  }

  remember(done) {
    const kept = JSON.stringify(done.map(({ id, name, bytes, modified }) => ({ id, name, bytes, modified })));
    if (kept === this.kept) return;
    this.kept = kept;
    try {
      sessionStorage.setItem(this.place, kept);
    } catch {
      // a browser that keeps nothing: a reload begins with an empty list
    }
  }
}

function holdsFiles({ dataTransfer }) {
  return !!dataTransfer && [...dataTransfer.types].includes("Files");
}

/* The same file, dropped twice. */
function same(entry, { file, name }) {
  return entry.state !== "failed" && entry.name === name && entry.bytes === file.size
    && (entry.file?.lastModified ?? entry.modified) === file.lastModified;
}
