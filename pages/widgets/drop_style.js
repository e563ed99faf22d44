/* How a drop looks: the page's own colours and fonts, thin lines, one accent. */

export const STYLE = `
.semascope-drop { display: flex; flex-direction: column; gap: .5rem; font: .9375rem var(--st-font); color: var(--st-text-color);
  --quiet: color-mix(in srgb, var(--st-text-color) 68%, transparent); --wrong: var(--st-red-text-color, var(--st-red-color)); }
.semascope-drop [hidden] { display: none !important; }
.semascope-drop-zone { display: flex; flex-direction: column; align-items: center; gap: .35rem; padding: 1.75rem 1rem 1.5rem;
  text-align: center; background: var(--st-secondary-background-color); border: 1px dashed
  color-mix(in srgb, var(--st-text-color) 28%, transparent); border-radius: 6px; transition: border-color .2s, background .2s; }
.semascope-drop.ready .semascope-drop-zone { border-color: var(--st-primary-color); }
.semascope-drop.over .semascope-drop-zone { border: 1px solid var(--st-primary-color);
  background: color-mix(in srgb, var(--st-primary-color) 10%, var(--st-background-color)); }
.semascope-drop-zone > * { pointer-events: auto; }
.semascope-drop.over .semascope-drop-zone > * { pointer-events: none; }
.semascope-drop-title { margin: 0; font: 600 1.2rem var(--st-heading-font, serif); }
.semascope-drop-help { margin: 0; max-width: 46rem; font-size: .875rem; line-height: 1.45; color: var(--quiet); }
.semascope-drop-ways { display: flex; flex-wrap: wrap; justify-content: center; gap: .5rem; margin-top: .65rem; }
.semascope-drop button { font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; }
.semascope-drop button:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 2px; }
.semascope-drop .semascope-drop-way { padding: .4rem .9rem; background: var(--st-background-color); border-radius: 6px;
  border: 1px solid var(--st-border-color); transition: border-color .2s, color .2s; }
.semascope-drop .semascope-drop-way:hover { border-color: var(--st-primary-color); color: var(--st-primary-color); }
.semascope-drop .semascope-drop-way.first { color: var(--st-background-color); background: var(--st-primary-color);
  border-color: var(--st-primary-color); }
.semascope-drop .semascope-drop-way.first:hover { filter: brightness(1.08); }
.semascope-drop-list { margin: 0; padding: 0; list-style: none; max-height: 19rem; overflow-y: auto; }
.semascope-drop-row { position: relative; display: grid; grid-template-columns: 1rem minmax(0, 1fr) auto 1.75rem 1.75rem;
  align-items: center; column-gap: .5rem; margin: 0; padding: .3rem 0; border-bottom: 1px solid var(--st-border-color);
  font-size: .9375rem; }
.semascope-drop-sign { visibility: hidden; color: var(--st-primary-color); line-height: 0; }
.semascope-drop-row[data-state=done] .semascope-drop-sign { visibility: visible; }
.semascope-drop-name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; unicode-bidi: isolate; }
.semascope-drop-state { font-size: .875rem; color: var(--quiet); font-variant-numeric: tabular-nums; white-space: nowrap; }
.semascope-drop .semascope-drop-icon { display: grid; place-items: center; height: 1.75rem; border-radius: 6px;
  color: var(--quiet); grid-row: 1; grid-column: 5; }
.semascope-drop-icon:nth-of-type(1) { grid-column: 4; }
.semascope-drop .semascope-drop-icon:hover { color: var(--st-text-color); background: var(--st-secondary-background-color); }
.semascope-drop svg { width: 1.1rem; height: 1.1rem; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round;
  stroke-linejoin: round; }
.semascope-drop-bar { position: absolute; inset: auto 0 -1px 0; height: 2px; background: linear-gradient(to right,
  var(--st-primary-color) var(--share, 0%), transparent var(--share, 0%)); }
.semascope-drop-row[data-state=storing] .semascope-drop-bar { opacity: .55; }
.semascope-drop .semascope-drop-error { grid-column: 2 / -1; margin: 0 0 .2rem; font-size: .875rem; color: var(--wrong); }
.semascope-drop .semascope-drop-error[role=alert]:empty { display: none; }
.semascope-drop-foot { display: flex; justify-content: space-between; gap: 1rem; font-size: .875rem; color: var(--quiet); }
.semascope-drop-foot button:hover { color: var(--st-text-color); text-decoration: underline; }
.semascope-drop-note { margin: 0; font-size: .875rem; color: var(--quiet); }
.semascope-drop .semascope-drop-note.wrong { color: var(--wrong); }
@media (max-width: 600px) {
  .semascope-drop-zone { padding: 1.25rem .75rem; }
  .semascope-drop-row { grid-template-columns: 1rem minmax(0, 1fr) 1.75rem 1.75rem; }
  .semascope-drop-row .semascope-drop-state { grid-column: 2; grid-row: 2; }
  .semascope-drop .semascope-drop-icon { grid-column: 4; }
  .semascope-drop-icon:nth-of-type(1) { grid-column: 3; }
}
@media (prefers-reduced-motion: reduce) { .semascope-drop * { transition: none !important; } }`;
