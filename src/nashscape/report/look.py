"""The style sheet of report pages. It names no font, image or script from elsewhere."""

STYLE = """
:root { color-scheme: light dark; --ink: #1c1c1c; --paper: #ffffff; --faint: #5d5d5d; --line: #d8d8d8; --band: #f5f6f7;
  --link: #00558a; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e8e8; --paper: #16181a; --faint: #a9adb1; --line: #3a3e42;
  --band: #1f2225; --link: #7cc4f2; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 1.5rem 1rem 3rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 0 0 1rem; }
h2 { font-size: 1.25rem; margin: 2.4rem 0 0.6rem; }
p { max-width: 46rem; }
a { color: var(--link); }
code { font-family: ui-monospace, "Cascadia Mono", Menlo, monospace; font-size: 0.9em; background: var(--band);
  padding: 0.05em 0.3em; border-radius: 3px; }
nav ul { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: 0.3rem 1.2rem; }
figure { margin: 1.4rem 0; }
figure img { max-width: 100%; height: auto; background: #ffffff; border: 1px solid var(--line); border-radius: 6px;
  padding: 0.4rem; }
figure input { position: absolute; opacity: 0; }
figure img { cursor: zoom-in; }
figure input:focus-visible + img { outline: 3px solid var(--link); }
figure input:checked + img { position: fixed; inset: 0; z-index: 9; width: 100vw; height: 100vh; max-width: none;
  object-fit: contain; cursor: zoom-out; border: 0; border-radius: 0; }
pre { background: var(--band); padding: 0.8rem; border-radius: 6px; overflow-x: auto; font-size: 0.85rem; }
details { margin: 0.8rem 0; } summary { cursor: pointer; color: var(--link); }
table.mosaic { border-collapse: separate; border-spacing: 2px; }
table.mosaic td, table.mosaic th { padding: 0; font-size: 0.72rem; text-align: center; border: 0; min-width: 3.1rem;
  vertical-align: middle; }
table.mosaic thead td { white-space: normal; min-width: 5.2rem; text-align: left; }
table.mosaic td { height: 2.1rem; border-radius: 3px; }
table.mosaic td a { display: block; padding: 0.5rem 0; text-decoration: none; }
table.mosaic td span { background: rgba(255, 255, 255, 0.82); color: #111; padding: 0 0.2rem; border-radius: 2px; }
ul.key { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: 0.2rem 1rem; font-size: 0.9rem; }
span.patch { display: inline-block; width: 1rem; height: 0.8rem; margin-right: 0.4rem; border: 1px solid var(--line); }
figcaption, caption { color: var(--faint); font-size: 0.92rem; text-align: left; padding: 0.4rem 0; }
caption span { display: block; position: sticky; left: 0; width: fit-content;
  max-width: min(46rem, calc(100vw - 2rem)); }
.scroll { overflow-x: auto; overflow-wrap: normal; max-width: 100%; margin: 1.2rem 0; }
table { border-collapse: collapse; font-size: 0.92rem; font-variant-numeric: tabular-nums; }
th, td { padding: 0.35rem 0.8rem 0.35rem 0; text-align: left; border-bottom: 1px solid var(--line);
  white-space: nowrap; vertical-align: top; }
td.number, th.number { text-align: right; }
td.text { white-space: normal; min-width: 15rem; max-width: 34rem; overflow-wrap: break-word; }
tbody tr:nth-child(even) { background: var(--band); }
footer { margin-top: 3rem; border-top: 2px solid var(--line); color: var(--faint); font-size: 0.9rem; }
@media (max-width: 34rem) { td:not(.number), th { white-space: normal; } td.text { min-width: 11rem; }
  table.mosaic th, table.mosaic td { white-space: nowrap; } }
@media print { nav { display: none; } .scroll { overflow: visible; } }
"""
