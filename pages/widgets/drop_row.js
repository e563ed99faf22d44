/* One file in the list of a drop: its name, how far it is, what went wrong, and what can be done about it. */

const SHAPES = {
  close: "M6 6 L18 18 M18 6 L6 18",
  again: "M19 12 a7 7 0 1 1 -2.05 -4.95 M19 4.5 v3.5 h-3.5",
  done: "M5 12.5 L10 17.5 L19.5 7.5",
};

/* The files' sizes as pages/widgets/units.py writes them. */
export function size(bytes) {
  for (const [unit, scale] of [["GB", 1e9], ["MB", 1e6], ["kB", 1e3]])
    if (bytes >= scale) return `${Number((bytes / scale).toPrecision(3))} ${unit}`;
  return `${bytes} B`;
}

export function duration(seconds, texts) {
  const s = Math.max(1, Math.round(seconds)), m = Math.floor(s / 60);
  if (s < 60) return filled(texts.seconds, { s });
  return s < 3600 ? filled(texts.minutes, { m, s: s % 60 }) : filled(texts.hours, { h: Math.floor(m / 60), m: m % 60 });
}

/* A text with its {values}. */
export function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

export function element(tag, className, content = "", attributes = {}) {
  const made = Object.assign(document.createElement(tag), { className, textContent: content });
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

export function icon(name) {
  const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  picture.setAttribute("viewBox", "0 0 24 24");
  picture.setAttribute("aria-hidden", "true");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  line.setAttribute("d", SHAPES[name]);
  picture.append(line);
  return picture;
}

export class Row {
  /* entry: {name, bytes, state, sent, error, since, begun}; `remove` and `again` are what its buttons do. */
  constructor(entry, { remove, again }) {
    this.entry = entry;
    this.host = element("li", "semascope-drop-row");
    this.name = element("span", "semascope-drop-name", entry.name, { title: entry.name });
    this.state = element("span", "semascope-drop-state");
    this.sign = element("span", "semascope-drop-sign");
    this.again = element("button", "semascope-drop-icon", "", { type: "button" });
    this.close = element("button", "semascope-drop-icon", "", { type: "button" });
    this.bar = element("div", "semascope-drop-bar", "", { role: "progressbar", "aria-valuemin": 0, "aria-valuemax": 100,
                                                          "aria-label": entry.name });
    this.error = element("p", "semascope-drop-error", "", { role: "alert" });
    this.again.append(icon("again"));
    this.close.append(icon("close"));
    this.sign.append(icon("done"));
    this.again.addEventListener("click", again);
    this.close.addEventListener("click", remove);
    this.host.append(this.sign, this.name, this.state, this.again, this.close, this.bar, this.error);
  }

  /* Write what the entry says now. */
  draw(texts) {
    const { entry, host, bar } = this, { state, sent, bytes } = entry, busy = state === "sending" || state === "storing";
    host.dataset.state = state;
    this.state.textContent = this.told(texts);
    this.label(this.close, state === "done" || state === "failed" ? texts.remove : texts.cancel);
    this.label(this.again, texts.again);
    this.again.hidden = state !== "failed" || !entry.file || entry.final;
    bar.hidden = !busy && state !== "waiting";
    const share = busy && bytes ? Math.min(100, Math.round((100 * sent) / bytes)) : 0;
    bar.style.setProperty("--share", `${share}%`);
    bar.setAttribute("aria-valuenow", share);
    if (this.error.textContent !== (entry.error ?? "")) this.error.textContent = entry.error ?? "";
    this.error.hidden = !entry.error;
  }

  told(texts) {
    const { state, sent, bytes, since, begun } = this.entry;
    if (state === "waiting") return texts.waiting;
    if (state === "storing") return texts.storing;
    if (state !== "sending") return size(bytes);
    const seconds = (performance.now() - since) / 1000, fresh = sent - begun;
    const values = { done: size(sent), total: size(bytes), left: "" };
    if (seconds < 1 || fresh <= 0) return filled(texts.sending, values);
    return filled(texts.left, { ...values, left: duration(((bytes - sent) * seconds) / fresh, texts) });
  }

  label(button, text) {
    if (button.title === text) return;
    button.title = text;
    button.setAttribute("aria-label", `${text}: ${this.entry.name}`);
  }
}
