/* Plots that show the same points, side by side: what is pointed at in one is ringed in the others, and where one looks the
   others look. A plot joins the group that its messages name. */

const GROUPS = new Map();      // name -> the plots of the group
export const STYLE = `
.semascope-ring { position: absolute; left: 0; top: 0; z-index: 2; width: 18px; height: 18px; margin: -9px 0 0 -9px; border-radius: 50%;
  border: 2px solid #d9822b; pointer-events: none; }
.semascope-ring span { position: absolute; left: 20px; top: -7px; padding: .1rem .45rem; white-space: pre; font: .8125rem var(--st-font);
  color: var(--st-text-color); background: var(--st-secondary-background-color); border: 1px solid var(--st-border-color);
  border-radius: 4px; }
.semascope-ring.left span { left: auto; right: 20px; }`;

export class Link {
  /* plot: {host, labels, message}; standing() says where a row of trace 0 stands. */
  constructor(plot, standing) {
    Object.assign(this, { plot, standing, name: "" });
    this.ring = Object.assign(document.createElement("div"), { className: "semascope-ring" });
    this.word = document.createElement("span");
    this.ring.append(this.word);
  }

  join(name = "") {
    if (name === this.name) return;
    GROUPS.get(this.name)?.delete(this);
    this.name = name;
    if (!name) return;
    if (!GROUPS.has(name)) GROUPS.set(name, new Set());
    GROUPS.get(name).add(this);
  }

  others() {
    return [...(GROUPS.get(this.name) ?? [])].filter((other) => other !== this && other.plot.host.isConnected && other.plot.host._fullLayout);
  }

  /* This plot's point with this id is pointed at; null: none is. */
  point(id) {
    for (const other of this.others()) other.show(id);
  }

  show(id) {
    const { host, labels } = this.plot, trace = host._fullData?.[0];
    const row = id === null || !trace?.customdata ? -1 : trace.customdata.indexOf(id);
    const place = row < 0 ? null : this.standing(trace).at(row);
    if (!place) { this.ring.remove(); return; }
    this.ring.style.transform = `translate(${place[0]}px, ${place[1]}px)`;
    this.ring.classList.toggle("left", place[0] > host.clientWidth * 0.7);
    this.word.textContent = labels.words?.text[row] ?? "";
    host.append(this.ring);
  }

  /* The others look where this one looks. */
  view() {
    if (this.led) return;
    const { xaxis, yaxis } = this.plot.host._fullLayout;
    for (const other of this.others()) {
      other.led = true;
      other.ring.remove();
      window.Plotly.relayout(other.plot.host, { "xaxis.range": [...xaxis.range], "yaxis.range": [...yaxis.range] })
        .finally(() => { other.led = false; });
    }
  }
}
