/* Running text as data: concordance lines, or a page of a document with tinted words (lines.py sends them).

   Every word is written as text, never as markup. A click on a word sends its type, a click on a line its place. */

const STYLE = `
.semascope-text { font: 1rem/1.5 var(--st-font); color: var(--st-text-color); }
.semascope-text .word { cursor: pointer; border-radius: 3px; }
.semascope-text .word:hover { text-decoration: underline; text-decoration-color: var(--st-primary-color); text-underline-offset: 3px; }
.semascope-lines { display: grid; grid-template-columns: minmax(0, 1fr) auto minmax(0, 1fr) minmax(0, auto); }
.semascope-lines > div { display: grid; grid-column: 1 / -1; grid-template-columns: subgrid; cursor: pointer; }
.semascope-lines > div { border-bottom: 1px solid color-mix(in srgb, var(--st-border-color) 55%, transparent); }
.semascope-lines > div > * { padding: .17rem .3rem; white-space: pre; overflow: hidden; }
.semascope-lines .left { display: flex; justify-content: flex-end; padding-right: 0; mask: linear-gradient(to right, transparent, #000 1.5rem); }
.semascope-lines .right { padding-left: 0; mask: linear-gradient(to left, transparent, #000 1.5rem); }
.semascope-lines.wide { overflow-x: auto; grid-template-columns: repeat(4, max-content); }
.semascope-lines.wide :is(.left, .right) { mask: none; }
.semascope-lines .node { color: var(--st-orange-text-color, var(--st-primary-color)); font-weight: 600; padding-left: 0; padding-right: 0; }
.semascope-lines .facts { color: var(--st-gray-text-color, inherit); font-size: .8rem; padding-left: .9rem; max-width: 13rem;
  text-overflow: ellipsis; line-height: 1.9; }
.semascope-lines > div:hover, .semascope-lines > div:focus-visible { background: var(--st-secondary-background-color); }
.semascope-lines > div.here { background: color-mix(in srgb, var(--st-primary-color) 14%, transparent); }
@media (max-width: 900px) { .semascope-lines { grid-template-columns: minmax(0, 1fr) auto minmax(0, 1fr); } .semascope-lines .facts { display: none; } }
.semascope-page { position: relative; overflow-y: auto; white-space: pre-wrap; overflow-wrap: anywhere; padding: .9rem 1.1rem; line-height: 1.75;
  border: 1px solid var(--st-border-color); border-radius: 6px; }
.semascope-page .hit { background: color-mix(in srgb, #d9822b 45%, transparent); border-radius: 3px; }
.semascope-page .here { outline: 2px solid #d9822b; outline-offset: 1px; border-radius: 3px; }`;

export function mount({ parentElement, data, setTriggerValue }) {
  const root = Object.assign(document.createElement("div"), { className: "semascope-text" });
  const style = Object.assign(document.createElement("style"), { textContent: STYLE });
  const click = (event) => setTriggerValue("click", event);
  root.append(data.lines ? lines(data, click) : page(data, click));
  parentElement.replaceChildren(style, root);
  const here = root.querySelector(".semascope-page .here"); // in its box alone: the page itself stays where it is
  if (here) here.parentElement.scrollTop = here.offsetTop - (here.parentElement.clientHeight - here.offsetHeight) / 2;
  const wide = root.querySelector(".semascope-lines.wide"), node = wide?.querySelector(".node"); // begin where the hits are
  if (node) wide.scrollLeft = node.offsetLeft + node.offsetWidth / 2 - wide.offsetLeft - wide.clientWidth / 2;
}

function element(name, className, text = "") {
  return Object.assign(document.createElement(name), { className, textContent: text });
}

/* runs: [text, type or -1, tint 0..1 or none, 1 for a hit or 2 for the place looked at] */
function written(parent, runs, click) {
  for (const [text, type, tint = 0, mark = 0] of runs) {
    if (type < 0 && !mark) { parent.append(text); continue; }
    const word = element("span", ["word", "word hit", "word hit here"][mark], text);
    if (tint && !mark) word.style.background = `color-mix(in srgb, var(--st-primary-color) ${Math.round(tint * 55)}%, transparent)`;
    word.addEventListener("click", (event) => { event.stopPropagation(); if (type >= 0) click({ word: type }); });
    parent.append(word);
  }
  return parent;
}

function lines(data, click) {
  const list = element("div", data.wide ? "semascope-lines wide" : "semascope-lines"); // wide: more than fits, to be scrolled
  list.setAttribute("role", "list");
  for (const line of data.lines) {
    const row = element("div", line.id === data.here ? "here" : "");
    row.tabIndex = 0;
    row.setAttribute("role", "listitem");
    const left = element("span", "left");
    left.append(written(element("span", ""), line.left, click));
    row.append(left, element("span", "node", line.node), written(element("span", "right"), line.right, click),
               element("span", "facts", line.facts));
    row.addEventListener("click", () => click({ line: line.id }));
    row.addEventListener("keydown", (press) => press.key === "Enter" && click({ line: line.id }));
    list.append(row);
  }
  return list;
}

function page(data, click) {
  const box = element("div", "semascope-page");
  box.style.height = `${data.height}px`;
  box.lang = data.language;
  box.tabIndex = 0;
  return written(box, data.page, click);
}
