// What is drawn over a map: ticks, names, where updates push, borders, equilibria, what is proved, a run.

const SVG = "http://www.w3.org/2000/svg";

export function drawn(name, attributes, text = "") {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text) element.textContent = text;
  return element;
}

// Probabilities along the lower and the left edge.
export function ticks(low, high) {
  return [0.25, 0.5, 0.75].flatMap((p) => {
    const at = (1000 * (p - low)) / (high - low);
    const word = (x, y, anchor) => drawn("text", { x, y, class: "tick", "text-anchor": anchor }, String(p));
    return [drawn("path", { d: `M${at} 1000v-14M0 ${1000 - at}h14`, class: "ticks" }), word(at, 976, "middle"), word(20, 1009 - at, "start")];
  });
}

export function named(word, [x, y]) {
  return drawn("text", { x, y, class: "name", "text-anchor": "middle", "dominant-baseline": "central" }, word);
}

// The corners of the triangle: mixtures that are one action alone.
export function corners([first, second, third]) {
  return [[500, 60, first], [955, 960, second], [45, 960, third]].map(([x, y, word]) => named(word, [x, y]));
}

// Where the name of a target stands: the cell of its region that is farthest from any other.
export function middles(told, labels) {
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
  return points.map(({ place, verdict }) => {
    const [x, y] = at(place).map((own) => Math.min(988, Math.max(12, own)));
    const fill = verdict === "attracting" ? "#111111" : verdict === "not determined" ? "#9a9a9a" : "#ffffff";
    return drawn("circle", { cx: x, cy: y, r: 11, fill, stroke: verdict === "attracting" ? "#ffffff" : "#111111", "stroke-width": 4 });
  });
}

export function run({ path }, at) {
  const points = path.map(([p, q]) => [p, q]);
  const [x, y] = at(points[0]);
  return [...twice(line(points, at), 2.5, { "stroke-dasharray": "6 3" }), drawn("circle", { cx: x, cy: y, r: 13, fill: "#D55E00", stroke: "#ffffff", "stroke-width": 4 })];
}

// The push at a place, between the places of a grid at which it is known.
function pushed({ axis, field }, [p, q]) {
  const spot = (own) => Math.min(axis.length - 1.001, Math.max(0, own * axis.length - 0.5));
  const i = Math.floor(spot(p)), j = Math.floor(spot(q)), u = spot(p) - i, v = spot(q) - j;
  return [0, 1].map((k) => (1 - u) * ((1 - v) * field[i][j][k] + v * field[i][j + 1][k]) + u * ((1 - v) * field[i + 1][j][k] + v * field[i + 1][j + 1][k]));
}

// Short lines along which updates push, from a grid of places, with a head where they lead.
function flow(pushes, at) {
  const made = [];
  for (let i = 0; i < 9; i += 1) for (let j = 0; j < 9; j += 1) {
    let point = [(i + 0.5) / 9, (j + 0.5) / 9];
    const points = [point];
    for (let step = 0; step < 12; step += 1) {
      const [a, b] = pushed(pushes, point), length = Math.hypot(a, b);
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

// Layers in the order in which they are drawn.
export const LAYERS = { proof: proofs, flow, border: borders, rest: rests };
