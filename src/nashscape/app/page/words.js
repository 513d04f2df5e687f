// What is said below the maps: why runs end where they do, equilibria, programs, what is proved.

import { made } from "./maps.js";

// Four digits of a number, and no more zeros than it has.
export const short = (value) => String(Number(Number(value).toPrecision(4)));

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
    this.parts.reasons.replaceChildren(...Object.entries(reasons).flatMap(([rule, text]) => [made("h3", {}, exact ? `Why ${rule} ends there` : `${rule} without noise, from the same start`), made("p", {}, text)]));
  }

  steered({ marks, target, steps }) {
    const rows = Object.entries(marks).flatMap(([name, own]) => ["half", "all"].map((word) => {
      const found = own[word];
      const least = found.value === null ? "none was found" : found.low === found.value ? `${short(found.value)}, the least that was tried, is enough` : `${short(found.value)}; ${short(found.low)} is too little`;
      return [`${name}, ${own.rule}`, word === "half" ? "half of the starts" : "all starts", least, found.why];
    }));
    const about = `The least that was found, from 0 to 10 (coupling from 0 to 2), with which starts come to ${target}, all else as it is, within ${steps} updates; who still moves or passes through is not there`;
    this.parts.steered.replaceChildren(table(about, ["what is turned", "for", "least value", "what was looked at"], rows));
  }

  equilibria({ equilibria, complete, coupled, first }) {
    const rules = Object.keys(equilibria[0]?.stability ?? {});
    const rows = equilibria.map((own) => [own.name, own.strategies.map((one) => one.map(short).join(" ")).join(" | "), own.payoffs.map(short).join(", "), own.labels.join(", "), ...rules.map((rule) => own.stability[rule])]);
    const about = `Nash equilibria of the game${coupled ? " (of players who read nobody)" : ""}${complete === "complete" ? "; these are all" : ""}`;
    const what = `${about}. Stability is that of ${first ? "the first update of " : ""}the rule without bounds on parameters`;
    this.parts.equilibria.replaceChildren(table(rules.length ? what : about, ["profile", "strategies", "payoffs", "what it is", ...rules.map((rule) => `under ${rule}`)], rows));
  }

  programs({ bound, epsilon, profiles, more }) {
    const gains = ({ verdict, gain: [low, high] }) => {
      if (verdict === "yes") return "nobody gains";
      if (verdict === "within ε") return `nobody gains more than ${short(high)}`;
      if (verdict === "no") return `a deviation gains ${short(low)} or more`;
      return `a deviation gains between ${short(Math.max(0, low))} and ${short(high)}`;
    };
    const rows = profiles.map((own) => [own.name, own.verdict, gains(own), own.payoffs.map(short).join(", ")]);
    if (more) rows.push([`and ${more} more`, "", "", ""]);
    this.parts.programs.replaceChildren(table(`Program equilibria of players with this coupling, parameters up to ±${bound}; ε is ${short(epsilon)}`, ["profile", "is one", "best deviation", "payoffs"], rows));
  }

  certified({ proofs }) {
    const percent = (share) => `${(100 * share).toFixed(1)} %`;
    const why = { time: "time was over", steps: "still on the way after the last step", resolution: "near a border" };
    const said = (own) => [...Object.entries(own.shares).map(([name, share]) => `${name} ${percent(share)}`), ...Object.entries(own.undecided).map(([name, share]) => `undecided ${percent(share)} (${why[name] ?? name})`)].join(", ");
    const rows = Object.entries(proofs).map(([rule, own]) => [rule, own.none ?? said(own)]);
    this.parts.certified.replaceChildren(table("Proved, with intervals that hold every start of a cell: the share of the square; with more time more may be", ["rule", "proved"], rows));
  }

  audit(told) {
    const rows = told.maps.filter((one) => one.audit).flatMap((one) => Object.entries(one.audit).map(([name, [changed, looked, open]]) => [one.rule, name, `${changed} of ${looked}`, open]));
    const about = `Labels audited: runs${told.third === undefined ? "" : " of the whole cube"} that were continued far beyond, and left the place of their label`;
    this.parts.audit.replaceChildren(...(rows.length ? [table(about, ["rule", "label", "left", "not finished"], rows)] : []));
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
