// The shelf: systems, ordinal games, stores of studies; found by words, opened in place.

import { made } from "./maps.js";

const by = (id) => document.getElementById(id);
let shelf = { systems: [], atlas: [], stores: [] };

function holds(text) {
  return by("find").value.toLowerCase().split(/\s+/).every((word) => text.toLowerCase().includes(word));
}

const LISTS = {
  systems() {
    const status = by("status").value;
    return shelf.systems.map((own) => ({ own, claims: own.claims.filter((one) => (!status || one.status === status) && holds(`${own.title} ${own.authors.join(" ")} ${one.text}`)) }))
      .filter(({ claims }) => claims.length).map(({ own, claims }) => {
        const card = made("article");
        card.append(made("h2", {}, own.title), made("p", { class: "told" }, `${own.authors.join(", ")} (${own.year}); ${own.fidelity}; ${Object.entries(own.counts).filter(([, count]) => count).map(([name, count]) => `${count} ${name}`).join(", ")}`));
        const more = made("details");
        more.append(made("summary", {}, `${claims.length} claims`), ...claims.map((one) => { const p = made("p"); p.append(made("strong", {}, `${one.status}: `), one.text, one.why ? ` ${one.why}` : ""); return p; }), made("p", { class: "told" }, `nashscape reproduce ${own.key}`));
        card.append(more);
        return card;
      });
  },
  atlas() {
    return shelf.atlas.filter((own) => holds(`${own.number} ${own.title} ${own.symmetric ? "symmetric" : ""} ${own.equilibria.join(" ")}`)).map((own) => {
      const card = made("article");
      const link = made("a", { href: `./#${encodeURIComponent(JSON.stringify({ game: own.scene }))}` }, `${own.number} ${own.title}`);
      const head = made("h2");
      head.append(link);
      const table = made("table");
      for (const a of [0, 1]) { const row = made("tr"); for (const b of [0, 1]) row.append(made("td", {}, `${own.payoffs[0][a][b]}, ${own.payoffs[1][a][b]}`)); table.append(row); }
      card.append(head, table, made("p", { class: "told" }, `${own.symmetric ? "symmetric; " : ""}${own.equilibria.length ? `equilibria ${own.equilibria.join(", ")}` : "no pure equilibrium"}`));
      return card;
    });
  },
  stores() {
    if (!shelf.stores.length) return [made("p", {}, "No store was given: nashscape app --store FOLDER shows one.")];
    return shelf.stores.map((name, k) => ({ name, k })).filter(({ name }) => holds(name)).map(({ name, k }) => {
      const card = made("article");
      const open = made("button", { type: "button" }, "Open");
      open.addEventListener("click", () => opened(k));
      const report = made("a", { href: `shelf/report/${k}` }, "report");
      card.append(made("h2", {}, name), open, " ", report);
      return card;
    });
  },
};

function list() {
  const found = LISTS[by("which").value]();
  by("list").replaceChildren(...(found.length ? found : [made("p", {}, "Nothing has all of these words; fewer words, or any status, find more.")]));
  by("count").textContent = `${found.length} shown`;
  by("status").disabled = by("which").value !== "systems";
}

async function opened(k) {
  const answer = await fetch(`shelf/store/${k}`);
  if (!answer.ok) { by("notice").textContent = await answer.text(); by("notice").hidden = false; return; }
  const own = await answer.json();
  const head = made("h2", { class: "bar", tabindex: "-1" }, `${own.study}: ${own.rows.length} of ${own.of} rows, ${own.status}`);
  const wide = made("div", { class: "wide bar", tabindex: "0", role: "region", "aria-label": `rows of ${own.study}` });
  const table = made("table");
  const top = made("tr");
  top.append(...own.columns.map((name) => made("th", { scope: "col" }, name)));
  table.append(top, ...own.rows.map((row) => { const line = made("tr"); line.append(...row.map((cell) => made("td", {}, cell === null ? "" : typeof cell === "number" ? String(Number(cell.toPrecision(6))) : String(cell)))); return line; }));
  wide.append(table);
  by("open").replaceChildren(head, made("p", { class: "bar" }, own.about), ...curve(own), wide);
  head.focus();
}

// Where one number varies: the values of a quantity over it, with their intervals.
function curve(own) {
  const at = (name) => own.columns.indexOf(name);
  const varied = own.varied.filter((name) => at(name) >= 0 && own.rows.every((row) => typeof row[at(name)] === "number"));
  if (varied.length !== 1 || own.varied.length !== 1 || at("value") < 0 || at("of") < 0) return [];
  const x = at(varied[0]), lines = new Map();
  for (const row of own.rows) {
    if (at("quantity") >= 0 && row[at("quantity")] !== "share") continue;
    const name = row[at("of")];
    lines.set(name, [...(lines.get(name) ?? []), [row[x], row[at("value")], row[at("low")] ?? row[at("value")], row[at("high")] ?? row[at("value")]]]);
  }
  const all = [...lines.values()].flat().filter(([, value]) => value !== null);
  if (!all.length) return [];
  const low = Math.min(...all.map(([own_]) => own_)), high = Math.max(...all.map(([own_]) => own_));
  const SVG = "http://www.w3.org/2000/svg", svg = document.createElementNS(SVG, "svg");
  const drawn = (name, attributes, text = "") => { const one = document.createElementNS(SVG, name); for (const [key, value] of Object.entries(attributes)) one.setAttribute(key, value); one.textContent = text; svg.append(one); };
  svg.setAttribute("viewBox", "0 0 640 320"); svg.setAttribute("class", "curve"); svg.setAttribute("role", "img"); svg.setAttribute("aria-label", `shares over ${varied[0]}`);
  const place = ([a, b]) => [50 + (560 * (a - low)) / (high - low || 1), 280 - 250 * b];
  drawn("path", { d: "M50 30V280H610", class: "axis" });
  drawn("text", { x: 330, y: 312, class: "word", "text-anchor": "middle" }, varied[0]);
  for (const [text, a, b] of [[String(low), low, 0], [String(high), high, 0]]) { const [px] = place([a, b]); drawn("text", { x: px, y: 297, class: "word", "text-anchor": "middle" }, text); }
  for (const b of [0, 0.5, 1]) drawn("text", { x: 44, y: 284 - 250 * b, class: "word", "text-anchor": "end" }, String(b));
  [...lines].slice(0, 6).forEach(([name, points], k) => {
    const sorted = points.filter(([, value]) => value !== null).toSorted((a, b) => a[0] - b[0]);
    drawn("path", { d: sorted.map((point, n) => `${n ? "L" : "M"}${place(point).join(" ")}`).join(""), class: `line line-${k}` });
    for (const [a, , c, d] of sorted) drawn("path", { d: `M${place([a, c]).join(" ")}L${place([a, d]).join(" ")}`, class: `line line-${k}` });
    const [px, py] = place(sorted.at(-1));
    drawn("text", { x: Math.min(px, 590), y: py - 6, class: "word", "text-anchor": "end" }, name);
  });
  const figure = made("figure", { class: "bar" });
  figure.append(svg);
  return [figure];
}

for (const id of ["find", "which", "status"]) by(id).addEventListener("input", list);
fetch("shelf").then((answer) => answer.json()).then((data) => {
  shelf = data;
  by("status").append(...[...new Set(data.systems.flatMap((own) => Object.keys(own.counts)))].map((name) => made("option", { value: name }, name)));
  if (data.stores.length) by("which").value = "stores";
  list();
}).catch(() => { by("notice").textContent = "The server is away; reload the page when it is back."; by("notice").hidden = false; });
