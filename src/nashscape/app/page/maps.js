// The maps: a canvas for labels, lines over it, a legend with shares.

import { looks, rgb } from "./colours.js";

const SVG = "http://www.w3.org/2000/svg";
export const percent = (share) => (share > 0 && share < 0.0005 ? "<0.1 %" : share < 1 && share >= 0.9995 ? ">99.9 %" : `${(100 * share).toFixed(1)} %`);

export function made(name, attributes = {}, text = "") {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text) element.textContent = text;
  return element;
}

function drawn(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

// What an outcome is called: before runs are followed a run is in a region, whether it stays or not.
export const called = (outcome, followed) => (followed ? outcome : outcome.replace(/^passing (.*)/, "in the region of $1"));

export class Maps {
  constructor(place, clicked) {
    this.place = place;
    this.titles = {};
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
    const when = told.followed ? "where runs go" : "where runs are after the last update";
    const third = told.third === undefined ? "" : `, third player at ${told.third.toFixed(2)}`;
    panel.caption.replaceChildren(made("strong", {}, this.titles[one.rule] ?? one.rule), `: ${when}${third}`, key(told, one));
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
    for (const [name, draw] of [["proof", proofs], ["flow", flow], ["border", borders], ["rest", rests]]) {
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
    const [first, second] = looks(code(own.outcome), told.followed);
    const sample = drawn("svg", { viewBox: "0 0 2 2", "aria-hidden": "true" });
    sample.append(drawn("path", { d: "M0 0h2v2H0z", fill: first }), drawn("path", { d: "M1 0h1v1H1zM0 1h1v1H0z", fill: second }));
    const item = made("li", { title: code(own.outcome).meaning ?? "" });
    const inside = own.low === own.high ? "" : ` [${percent(own.low)}, ${percent(own.high)}]`;
    const advice = code(own.outcome).advice;
    item.append(sample, made("span", {}, `${called(own.outcome, told.followed)} ${percent(own.value)}${inside}${advice && own.value > 0.05 ? ` — ${advice}` : ""}`));
    list.append(item);
  }
  return list;
}

function square(canvas, told, labels) {
  const side = told.side;
  canvas.width = canvas.height = side;
  const context = canvas.getContext("2d");
  const image = context.createImageData(side, side);
  const colours = Object.fromEntries(Object.entries(told.codes).map(([code, own]) => [code, looks(own, told.followed).map(rgb)]));
  for (let i = 0; i < side; i += 1) for (let j = 0; j < side; j += 1) {
    const [red, green, blue] = colours[labels[i * side + j]][(i + j) % 2];
    image.data.set([red, green, blue, 255], 4 * ((side - 1 - j) * side + i));
  }
  context.putImageData(image, 0, 0);
}

function triangle(canvas, told, labels) {
  const side = told.side, wide = 606;
  canvas.width = canvas.height = wide;
  const context = canvas.getContext("2d");
  const step = wide / side;
  let k = 0;
  for (let i = 0; i < side; i += 1) for (let j = 0; j < side - i; j += 1) {
    const first = (i + 1 / 3) / side, second = (j + 1 / 3) / side;
    context.fillStyle = looks(told.codes[labels[k]], told.followed)[0];
    context.beginPath();
    context.arc(30 + (second + first / 2) * (wide - 60), wide - 50 - first * (wide - 60) * 0.866, step * 0.53, 0, 7);
    context.fill();
    k += 1;
  }
}

// Probabilities along the lower and the left edge.
function ticks(low, high) {
  return [0.25, 0.5, 0.75].flatMap((p) => {
    const at = (1000 * (p - low)) / (high - low);
    const word = (x, y, anchor) => { const text = drawn("text", { x, y, class: "tick", "text-anchor": anchor }); text.textContent = String(p); return text; };
    return [drawn("path", { d: `M${at} 1000v-14M0 ${1000 - at}h14`, class: "ticks" }), word(at, 976, "middle"), word(20, 1009 - at, "start")];
  });
}

// The corners of the triangle: mixtures that are one action alone.
function corners([first, second, third]) {
  return [[500, 60, first], [955, 960, second], [45, 960, third]].map(([x, y, word]) => named(word, [x, y]));
}

// Where the name of a target stands: the cell of its region that is farthest from any other.
function middles(told, labels) {
  const side = told.side, found = [];
  const number = (i, j) => told.codes[labels[i * side + j]].number;
  told.targets.forEach((word, target) => {
    let best = [4, 0, 0];
    for (let i = 3; i < side; i += 4) for (let j = 3; j < side; j += 4) {
      if (number(i, j) !== target) continue;
      let reach = Math.min(i, j, side - 1 - i, side - 1 - j) + 4;
      for (let a = 0; a < side; a += 4) for (let b = 0; b < side; b += 4) if (number(a, b) !== target) reach = Math.min(reach, Math.hypot(a - i, b - j));
      if (reach > best[0]) best = [reach, i, j];
    }
    if (best[0] > 4) found.push({ word, place: [best[1], best[2]].map((k) => told.low + ((k + 0.5) / side) * (told.high - told.low)) });
  });
  return found;
}

function named(word, [x, y]) {
  const text = drawn("text", { x, y, class: "name", "text-anchor": "middle", "dominant-baseline": "central" });
  text.textContent = word;
  return text;
}

const line = (points, at) => points.map((point, k) => `${k ? "L" : "M"}${at(point).map((own) => own.toFixed(1)).join(" ")}`).join("");
const stroke = (d, colour, width, more = {}) => drawn("path", { d, fill: "none", stroke: colour, "stroke-width": width, "vector-effect": "non-scaling-stroke", ...more });
const twice = (d, width, more = {}) => [stroke(d, "#ffffff", width + 2, { "stroke-opacity": 0.85, ...more }), stroke(d, "#111111", width, more)];

function borders(lines, at) { return lines.flatMap((points) => twice(line(points, at), 2)); }

function proofs(cells, at) {
  return cells.map(([a, b, c, d]) => {
    const [x, bottom] = at([a, b]), [right, y] = at([c, d]);
    return drawn("path", { d: `M${x} ${y}H${right}V${bottom}H${x}z`, fill: "#ffffff", "fill-opacity": 0.35 });
  });
}

function rests(points, at) {
  return points.map(({ place, stable }) => {
    const [x, y] = at(place).map((own) => Math.min(988, Math.max(12, own)));
    return drawn("circle", { cx: x, cy: y, r: 11, fill: stable ? "#111111" : "#ffffff", stroke: stable ? "#ffffff" : "#111111", "stroke-width": 4 });
  });
}

function run({ path }, at) {
  const points = path.map(([p, q]) => [p, q]);
  const [x, y] = at(points[0]);
  return [...twice(line(points, at), 2.5, { "stroke-dasharray": "6 3" }), drawn("circle", { cx: x, cy: y, r: 13, fill: "#D55E00", stroke: "#ffffff", "stroke-width": 4 })];
}

// Short lines along which updates push, from a grid of places.
function flow({ axis, field }, at) {
  const spot = (p) => Math.min(axis.length - 1.001, Math.max(0, p * axis.length - 0.5));
  const push = (p, q) => {
    const i = Math.floor(spot(p)), j = Math.floor(spot(q)), u = spot(p) - i, v = spot(q) - j;
    return [0, 1].map((k) => (1 - u) * ((1 - v) * field[i][j][k] + v * field[i][j + 1][k]) + u * ((1 - v) * field[i + 1][j][k] + v * field[i + 1][j + 1][k]));
  };
  const made = [];
  for (let i = 0; i < 9; i += 1) for (let j = 0; j < 9; j += 1) {
    let point = [(i + 0.5) / 9, (j + 0.5) / 9];
    const points = [point];
    for (let step = 0; step < 12; step += 1) {
      const [a, b] = push(...point), length = Math.hypot(a, b);
      if (length < 1e-7) break;
      point = [point[0] + (0.006 * a) / length, point[1] + (0.006 * b) / length];
      points.push(point);
    }
    if (points.length < 3) continue;
    const [tip, before] = [at(points.at(-1)), at(points.at(-3))];
    const angle = Math.atan2(tip[1] - before[1], tip[0] - before[0]);
    const barb = (turn) => [tip[0] - 14 * Math.cos(angle + turn), tip[1] - 14 * Math.sin(angle + turn)].map((own) => own.toFixed(1)).join(" ");
    const head = `M${barb(0.5)}L${tip.map((own) => own.toFixed(1)).join(" ")}L${barb(-0.5)}`;
    made.push(stroke(line(points, at) + head, "#111111", 1, { "stroke-opacity": 0.65 }));
  }
  return made;
}
