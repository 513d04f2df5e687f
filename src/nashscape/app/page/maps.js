// The maps: a canvas for labels, lines over it, a legend with shares.

import { corners, drawn, LAYERS, middles, named, run, ticks } from "./overlays.js";
import { sample, square, triangle } from "./paint.js";

export const percent = (share) => (share > 0 && share < 0.0005 ? "<0.1 %" : share < 1 && share >= 0.9995 ? ">99.9 %" : `${(100 * share).toFixed(1)} %`);

export function made(name, attributes = {}, text = "") {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text) element.textContent = text;
  return element;
}

// What an outcome is called: before runs are followed a run is in a region, whether it stays or not.
export const called = (outcome, followed) => (followed ? outcome : outcome.replace(/^passing (.*)/, "in the region of $1"));

export class Maps {
  constructor(place, clicked) {
    this.place = place;
    this.titles = (rule) => rule;
    this.clicked = clicked;
    this.panels = new Map();
    this.layers = { flow: true, border: true, rest: true, proof: false };
  }

  // A map for every rule, in order; those of other rules go.
  arrange(rules) {
    for (const [name, panel] of this.panels) if (!rules.includes(name)) { panel.figure.remove(); this.panels.delete(name); }
    this.place.dataset.count = String(rules.length);
    for (const name of rules) {
      if (!this.panels.has(name)) this.panels.set(name, this.panel(name));
      this.place.append(this.panels.get(name).figure);
    }
  }

  empty() { this.place.replaceChildren(); this.panels.clear(); }

  panel(name) {
    const figure = made("figure");
    const map = made("div", { class: "map" });
    const canvas = made("canvas", { width: 101, height: 101, role: "img" });
    const svg = drawn("svg", { viewBox: "0 0 1000 1000", preserveAspectRatio: "none", "aria-hidden": "true" });
    const along = made("span", { class: "along" });
    const across = made("p", { class: "across" });
    const caption = made("figcaption");
    map.append(canvas, svg, along);
    figure.append(map, across, caption);
    map.addEventListener("click", (event) => {
      const box = map.getBoundingClientRect();
      this.clicked((event.clientX - box.left) / box.width, 1 - (event.clientY - box.top) / box.height);
    });
    map.addEventListener("mousemove", (event) => {
      const box = map.getBoundingClientRect(), { low, high } = this.told ?? { low: 0, high: 1 };
      const at = (share) => (low + share * (high - low)).toFixed(3);
      map.title = `${at((event.clientX - box.left) / box.width)}, ${at(1 - (event.clientY - box.top) / box.height)}`;
    });
    return { name, figure, map, canvas, svg, along, across, caption, over: {} };
  }

  // Labels that came: of the last update, or of where runs are going.
  show(told, labels) {
    const size = told.shape === "square" ? told.side ** 2 : (told.side * (told.side + 1)) / 2;
    this.told = told;
    told.maps.forEach((one, k) => {
      const panel = this.panels.get(one.rule);
      if (!panel) return;
      (told.shape === "square" ? square : triangle)(panel.canvas, told, labels.subarray(k * size, (k + 1) * size));
      panel.names = told.shape === "square" ? middles(told, labels.subarray(k * size, (k + 1) * size)) : [];
      this.name(panel, told, one);
      this.overlay(panel);
    });
  }

  name(panel, told, one) {
    const [first, second] = told.game.players;
    const action = (k) => told.game.actions[k][0];
    const word = told.own ? "own parameter of" : "starts with";
    const axis = (player, k) => told.own ? `σ(θ) of ${player} (${action(k)})` : `${player} ${word} ${action(k)}`;
    panel.across.textContent = told.shape === "square" ? `${axis(first, 0)}, ${told.low} to ${told.high}` : "both players start with the same mixture";
    panel.along.textContent = told.shape === "square" ? axis(second, 1) : "";
    const said = one.shares.map((own) => `${called(own.outcome, told.followed)} ${percent(own.value)}`).join(", ");
    panel.canvas.setAttribute("aria-label", `${one.rule}: ${said}`);
    const frozen = told.frozen.includes(one.rule) ? ", with λ as it is after the last update" : "";
    const noise = told.exact ? "" : "; one run from each start, chance in every one";
    const when = told.followed ? `where runs go${frozen}${noise}` : `where runs are after the last update${noise}`;
    const third = told.third === undefined ? "" : `; shares of this slice, third player at ${told.third.toFixed(2)}`;
    panel.caption.replaceChildren(made("strong", {}, this.titles(one.rule)), `: ${when}${third}`, key(told, one));
  }

  layer(name, on) { this.layers[name] = on; this.redraw(); }
  redraw() { for (const panel of this.panels.values()) this.overlay(panel); }
  forget() { for (const panel of this.panels.values()) panel.over = {}; }

  // Something to draw over the map of a rule: "flow", "border", "rest", "proof" or "run".
  over(name, by) {
    for (const panel of this.panels.values()) panel.over[name] = by[panel.name] ?? null;
    this.redraw();
  }

  overlay(panel) {
    panel.svg.replaceChildren();
    if (!this.told) return;
    if (this.told.shape !== "square") { panel.svg.append(...corners(this.told.game.actions[0])); return; }
    const { low, high } = this.told;
    const at = ([p, q]) => [(1000 * (p - low)) / (high - low), 1000 - (1000 * (q - low)) / (high - low)];
    panel.svg.append(...ticks(low, high));
    for (const [name, draw] of Object.entries(LAYERS)) {
      if (this.layers[name] && panel.over[name]) panel.svg.append(...draw(panel.over[name], at));
    }
    for (const { word, place } of panel.names ?? []) panel.svg.append(named(word, at(place)));
    if (panel.over.run) panel.svg.append(...run(panel.over.run, at));
  }
}

function key(told, one) {
  const list = made("ul", { class: "key" });
  const code = (name) => Object.values(told.codes).find((own) => own.name === name) ?? { kind: "slow" };
  for (const own of one.shares) {
    const looked = code(own.outcome);
    const item = made("li", { title: looked.meaning ?? "" });
    const inside = own.low === own.high ? "" : ` [${percent(own.low)}, ${percent(own.high)}]`;
    const advice = looked.advice && own.value > 0.05 ? ` — ${looked.advice}` : "";
    item.append(sample(looked, told.followed), made("span", {}, `${called(own.outcome, told.followed)} ${percent(own.value)}${inside}${advice}`));
    list.append(item);
  }
  const bracketed = one.shares.some((own) => own.low !== own.high);
  if (bracketed) list.append(made("li", { class: "told" }, told.exact ? "[ ]: what the cells on borders leave open" : "[ ]: with 95 % for chance, cell by cell"));
  return list;
}
