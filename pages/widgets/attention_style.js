/* How the views of attention look; colours and fonts are the page's. */

export const STYLE = `
.semascope-attention { font: .93rem/1.45 var(--st-font); color: var(--st-text-color); position: relative; }
.semascope-attention .bar { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1.1rem; margin-bottom: .5rem; min-height: 2.1rem; }
.semascope-attention .tabs { display: inline-flex; border: 1px solid var(--st-border-color); border-radius: 6px; overflow: hidden; }
.semascope-attention .tabs button { border: 0; border-right: 1px solid var(--st-border-color); border-radius: 0; padding: .3rem .8rem; }
.semascope-attention .tabs button:last-child { border-right: 0; }
.semascope-attention button { font: inherit; color: inherit; background: none; border: 1px solid var(--st-border-color); border-radius: 6px;
  padding: .2rem .6rem; cursor: pointer; }
.semascope-attention button:hover { color: var(--st-primary-color); }
.semascope-attention button[aria-pressed=true] { color: var(--st-primary-color); background: color-mix(in srgb, var(--st-primary-color) 13%, transparent); font-weight: 600; }
.semascope-attention button:focus-visible, .semascope-attention input:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 1px; }
.semascope-attention label { display: inline-flex; align-items: center; gap: .5rem; white-space: nowrap; }
.semascope-attention input[type=range] { width: 8.5rem; accent-color: var(--st-primary-color); }
.semascope-attention .when { display: flex; align-items: center; gap: .7rem; margin-bottom: .6rem; }
.semascope-attention .when input { flex: 1; max-width: 32rem; }
.semascope-attention output { font-variant-numeric: tabular-nums; min-width: 3.2rem; }
.semascope-attention .end { margin-left: auto; display: inline-flex; gap: .4rem; }
.semascope-attention .strip { line-height: 1.9; max-height: 7.6rem; overflow-y: auto; margin-bottom: .3rem; overflow-wrap: anywhere; }
.semascope-attention .strip span { padding: .1rem .22rem; border-radius: 4px; cursor: pointer; white-space: pre-wrap; }
.semascope-attention .strip .special { opacity: .62; }
.semascope-attention .strip .looks { outline: 2px solid var(--st-primary-color); font-weight: 600; }
.semascope-attention .strip .seen { outline: 2px solid var(--hot); font-weight: 600; }
.semascope-attention .told { min-height: 1.5rem; font-variant-numeric: tabular-nums; margin-bottom: .35rem; }
.semascope-attention .told b { font-weight: 600; }
.semascope-attention .body { display: flex; gap: 1.4rem; align-items: flex-start; }
.semascope-attention .side { flex: none; }
.semascope-attention .side .pair { display: flex; gap: .4rem; margin-bottom: .4rem; }
.semascope-attention .panels { flex: 1; min-width: 0; display: flex; gap: 1.2rem; flex-wrap: wrap; align-items: flex-start; }
.semascope-attention .panel { min-width: 0; overflow-x: auto; }
.semascope-attention .panel > .name { font-weight: 600; margin-bottom: .2rem; overflow-wrap: anywhere; }
.semascope-attention .chips { display: flex; flex-wrap: wrap; gap: .3rem; margin-bottom: .3rem; }
.semascope-attention .chips button { padding: .05rem .5rem; border-width: 2px; }
.semascope-attention .note { color: var(--quiet); font-size: .86rem; margin-top: .4rem; max-width: 62rem; }
.semascope-attention .legend { display: inline-block; width: 110px; height: 9px; border-radius: 2px; vertical-align: middle; margin: 0 .35rem; }
@media (max-width: 800px) { .semascope-attention .body { flex-direction: column; } }`;
