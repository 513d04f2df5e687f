// What is played: the numbers of a game, its payoffs, and the square of all strict ordinal 2×2 games.

import { slider } from "./controls.js";
import { made } from "./maps.js";

// A slider for each number of its own that a game has.
export function familySliders(place, game, numbers, changed) {
  const now = { ...numbers };
  place.replaceChildren(...(game?.numbers ?? []).map(({ name, usual, low, high, whole }) => slider(name, now[name] ?? usual, (value) => {
    now[name] = value;
    changed(Object.fromEntries(Object.entries(now).filter(([own, of]) => of !== game.numbers.find((one) => one.name === own).usual)));
  }, { ends: [low, high], limits: [low, high], step: whole ? 1 : 0.05, whole, label: `${game.title}: ${name}` }).row));
}

// The payoffs: four sliders of a symmetric game of two actions, else a field for every number.
export function payoffTable(place, { players, actions, payoffs }, changed) {
  const two = players.length === 2 && actions.every((own) => own.length === 2);
  if (two && [0, 1].every((a) => [0, 1].every((b) => payoffs[0][a][b] === payoffs[1][b][a]))) place.replaceChildren(...four(actions[0], payoffs, changed));
  else if (players.length === 2) { const wide = made("div", { class: "wide" }); wide.append(...bimatrix(players, actions, payoffs, changed)); place.replaceChildren(wide); }
  else place.replaceChildren(made("p", { class: "told" }, `Payoffs of ${players.length} players are those of the game and its numbers.`));
}

function four([C, D], [[[R, S], [T, P]]], changed) {
  const said = { R: `R: both ${C}`, S: `S: ${C} against ${D}`, T: `T: ${D} against ${C}`, P: `P: both ${D}` };
  const now = { R, S, T, P };
  return Object.keys(now).map((name) => slider(name, now[name], (value) => {
    now[name] = value;
    changed([[[now.R, now.S], [now.T, now.P]], [[now.R, now.T], [now.S, now.P]]]);
  }, { ends: [Math.min(-2, now[name]), Math.max(10, now[name])], step: 0.05, label: said[name] }).row);
}

function bimatrix(players, actions, payoffs, changed) {
  const now = structuredClone(payoffs);
  const fault = made("p", { class: "told" });
  const field = (i, a, b) => {
    const own = made("input", { type: "number", step: "any", "aria-label": `${players[i]} where ${actions[0][a]} meets ${actions[1][b]}` });
    own.value = now[i][a][b];
    own.addEventListener("input", () => {
      const fits = own.value !== "" && Math.abs(Number(own.value)) <= 1e6;
      own.setAttribute("aria-invalid", String(!fits));
      fault.textContent = fits ? "" : `A payoff is a number between -1000000 and 1000000; what is shown is still that of ${now[i][a][b]}.`;
      if (!fits) return;
      now[i][a][b] = Number(own.value);
      changed(structuredClone(now));
    });
    return own;
  };
  const table = made("table", { class: "payoffs" });
  table.append(made("caption", {}, `Payoffs: ${players[0]} chooses a row and is paid the upper number, ${players[1]} a column and the lower`));
  const head = made("tr");
  head.append(made("td"), ...actions[1].map((own) => made("th", { scope: "col" }, own)));
  table.append(head, ...actions[0].map((own, a) => {
    const row = made("tr");
    row.append(made("th", { scope: "row" }, own), ...actions[1].map((_, b) => { const cell = made("td"); cell.append(field(0, a, b), field(1, a, b)); return cell; }));
    return row;
  }));
  return [table, fault];
}

// All strict ordinal 2×2 games as a square over which a pointer is dragged: four layers, six rows and columns in each.
// The list of games has the same for the keyboard.
export class Topology {
  constructor(canvas, said, changed) {
    this.canvas = canvas;
    this.games = new Map();
    const at = (event) => {
      const box = canvas.getBoundingClientRect();
      const cell = (share) => Math.min(11, Math.max(0, Math.floor(12 * share)));
      const x = cell((event.clientX - box.left) / box.width), y = cell((event.clientY - box.top) / box.height);
      return `ordinal:${1 + Math.floor(x / 6) + 2 * Math.floor(y / 6)}${1 + (y % 6)}${1 + (x % 6)}`;
    };
    const to = (event) => { const name = at(event); if (name !== this.game) { this.show(name); changed(name); } };
    canvas.addEventListener("pointerdown", (event) => { canvas.setPointerCapture(event.pointerId); to(event); });
    canvas.addEventListener("pointermove", (event) => { said.textContent = this.games.get(at(event))?.title ?? ""; if (event.buttons) to(event); });
  }

  of(games) { this.games = new Map(games.map((own) => [own.name, own])); this.show(this.game); }

  // Coloured by how many equilibria in pure strategies a game has; the one that is played has a frame.
  show(game) {
    this.game = game;
    const context = this.canvas.getContext("2d");
    context.clearRect(0, 0, 240, 240);
    for (const [name, { equilibria }] of this.games) {
      const [layer, row, column] = [...name.slice(8)].map((own) => Number(own) - 1);
      const x = 20 * (6 * (layer % 2) + column), y = 20 * (6 * Math.floor(layer / 2) + row);
      context.fillStyle = ["#D55E00", "#9ecae9", "#0072B2"][equilibria];
      context.fillRect(x + 1, y + 1, 18, 18);
      if (name === game) { context.lineWidth = 3; context.strokeStyle = "#111111"; context.strokeRect(x + 2, y + 2, 16, 16); context.strokeStyle = "#ffffff"; context.lineWidth = 1; context.strokeRect(x + 4, y + 4, 12, 12); }
    }
  }
}
