// What is said below the maps: why runs end where they do, equilibria, programs, what is proved.

import { made } from "./maps.js";

const short = (value) => Number(value).toPrecision(4).replace(/\.?0+$/, "");

export class Words {
  constructor(place) {
    this.parts = Object.fromEntries(["run", "reasons", "steered", "equilibria", "programs", "certified", "audit"].map((name) => {
      const own = made("div", { id: `said-${name}` });
      place.append(own);
      return [name, own];
    }));
  }

  // Those of some names, or all.
  clear(...names) { for (const name of names.length ? names : Object.keys(this.parts)) this.parts[name].replaceChildren(); }
  none(name, why) { if (this.parts[name]) this.parts[name].replaceChildren(made("p", { class: "told" }, why)); }

  run({ runs }) {
    const when = (hit) => (hit === null ? "" : hit === 0 ? ", in whose region it begins" : `, in whose region it is first after ${hit} updates`);
    const lines = Object.entries(runs).map(([rule, one]) => `${rule}: ends as ${one.outcome}${one.meaning ? ` (${one.meaning})` : when(one.hit)}`);
    this.parts.run.replaceChildren(...(lines.length ? [made("h2", {}, "The run"), made("p", {}, lines.join("\n"))] : []));
  }

  reasons({ reasons, exact }) {
    const which = exact ? "ends there" : "would end there without noise";
    this.parts.reasons.replaceChildren(...Object.entries(reasons).flatMap(([rule, text]) => [made("h3", {}, `Why ${rule} ${which}`), made("p", {}, text)]));
  }

  steered({ marks, target, steps }) {
    const rows = Object.entries(marks).flatMap(([name, own]) => ["half", "all"].map((word) => {
      const found = own[word];
      const said = found.value === null ? found.why : `${short(found.value)}; ${short(found.low)} is too little`;
      return [`${name}, ${own.rule}`, word === "half" ? "half of the starts" : "all starts", said];
    }));
    this.parts.steered.replaceChildren(table(`The least with which starts come to ${target} within ${steps} updates, all else as it is; who still moves or passes through is not there`, ["what is turned", "for", "least value"], rows));
  }

  equilibria({ equilibria, complete, coupled }) {
    const rules = Object.keys(equilibria[0]?.stability ?? {});
    const rows = equilibria.map((own) => [own.name, own.strategies.map((one) => one.map(short).join(" ")).join(" | "), own.payoffs.map(short).join(", "), own.labels.join(", "), ...rules.map((rule) => own.stability[rule])]);
    const about = `Nash equilibria of the game${coupled ? " (of players who read nobody)" : ""}${complete === "complete" ? "; these are all" : ""}`;
    this.parts.equilibria.replaceChildren(table(about, ["profile", "strategies", "payoffs", "what it is", ...rules.map((rule) => `under ${rule}`)], rows));
  }

  programs({ bound, equilibria, rejected }) {
    const rows = [...equilibria, ...rejected].map((own) => [own.name, own.verdict, own.gain[1] > 0 ? `a deviation gains ${short(own.gain[1])}` : "no deviation gains", own.payoffs.map(short).join(", ")]);
    this.parts.programs.replaceChildren(table(`Program equilibria of players with this coupling, parameters up to ±${bound}`, ["profile", "is one", "best deviation", "payoffs"], rows));
  }

  certified({ proofs }) {
    const rows = Object.entries(proofs).map(([rule, own]) => [rule, own.none ?? Object.entries(own.shares).map(([name, share]) => `${name} ${(100 * share).toFixed(1)} %`).join(", ")]);
    this.parts.certified.replaceChildren(table("Proved, with intervals that hold every start of a cell: the share of the square", ["rule", "proved"], rows));
  }

  audit(told) {
    const rows = told.maps.filter((one) => one.audit).flatMap((one) => Object.entries(one.audit).map(([name, [changed, looked]]) => [one.rule, name, `${changed} of ${looked}`]));
    this.parts.audit.replaceChildren(...(rows.length ? [table("Labels audited: runs that were continued, and found elsewhere", ["rule", "label", "elsewhere"], rows)] : []));
  }
}

function table(caption, heads, rows) {
  const own = made("table");
  own.append(made("caption", {}, caption));
  const head = made("tr");
  head.append(...heads.map((one) => made("th", { scope: "col" }, one)));
  own.append(head, ...rows.map((row) => { const line = made("tr"); line.append(...row.map((cell) => made("td", {}, String(cell)))); return line; }));
  const wide = made("div", { class: "wide", tabindex: "0", role: "region", "aria-label": caption });
  wide.append(own);
  return wide;
}
