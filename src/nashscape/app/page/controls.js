// The controls: sliders with their marks, payoffs, rules. Everything is an ordinary element of a form.

import { made } from "./maps.js";

const STEPS = { subsidy: 0.01, coupling: 0.01, peer: 0.01, own: 0.01, lookahead: 0.01, until: 1, steps: 1, third: 0.01 };
export const ENDS = { subsidy: [0, 4], coupling: [0, 2], peer: [0, 10], own: [0, 5], lookahead: [0, 5], until: [1, 140], steps: [10, 1000], third: [0.05, 0.95] };
export const NAMES = {
  subsidy: "Subsidy that every player gets for its first action", coupling: "Coupling κ: how much players read each other", peer: "Peer coefficient λ",
  own: "Own-learning coefficient μ", lookahead: "Look-ahead coefficient ν", until: "λ ends after so many updates",
  steps: "Updates of a run", third: "Third player starts with its first action",
};

// A slider, the same number as text beside it, and a place for marks.
export function slider(name, value, changed, given = {}) {
  const [low, high] = given.ends ?? ENDS[name];
  const limits = given.limits ?? [-1e6, 1e6];
  const row = made("div", { class: "slider" });
  const id = `slide-${name}`;
  const label = made("label", { for: id }, given.label ?? NAMES[name]);
  const how = { min: low, max: high, step: given.step ?? STEPS[name] };
  const range = made("input", { type: "range", id, ...how });
  const number = made("input", { type: "number", "aria-label": `${given.label ?? NAMES[name]}, as a number`, step: "any" });
  const pair = made("div", { class: "pair" });
  const marks = made("div", { class: "marks" });
  const told = made("p", { class: "told" });
  range.value = range.dataset.now = number.value = value;
  range.addEventListener("input", () => { number.value = range.dataset.now = range.value; changed(Number(range.value)); });
  const fault = (text) => { told.textContent = text; number.setAttribute("aria-invalid", String(Boolean(text))); };
  range.addEventListener("input", () => fault(""));
  number.addEventListener("input", () => {
    const now = Number(number.value);
    const fits = number.value !== "" && Number.isFinite(now) && now >= limits[0] && now <= limits[1] && (!given.whole || Number.isInteger(now));
    fault(fits ? "" : `A ${given.whole ? "whole " : ""}number between ${limits[0]} and ${limits[1]}; what is shown is still that of ${range.dataset.now}.`);
    if (!fits) return;
    range.value = range.dataset.now = number.value;
    changed(now);
  });
  pair.append(range, number);
  row.append(label, pair, marks, told);
  return {
    row, set(own) {
      if (document.activeElement !== number) { number.value = own; fault(""); }
      range.value = range.dataset.now = own;
    },
    mark(found) {
      marks.replaceChildren(...found.filter(({ value }) => value >= low && value <= high).map(({ value, word, text }) => {
        const button = made("button", { type: "button", title: text, "aria-label": `${text}: set to ${value.toPrecision(4)}` }, word);
        button.style.left = `${Math.min(96, Math.max(5, (100 * (value - low)) / (high - low)))}%`;
        button.addEventListener("click", () => { this.set(Number(value.toFixed(4))); changed(Number(value.toFixed(4))); });
        return button;
      }));
    },
  };
}

// The payoffs: four sliders of a symmetric game of two actions, else a field for every number.
export function payoffTable(place, game, payoffs, changed) {
  const { players, actions } = game;
  const symmetric = players.length === 2 && actions[0].length === 2 && actions[1].length === 2
    && [0, 1].every((a) => [0, 1].every((b) => payoffs[0][a][b] === payoffs[1][b][a]));
  if (symmetric) {
    const [[R, S], [T, P]] = payoffs[0];
    const [C, D] = actions[0];
    const said = { R: `R: both ${C}`, S: `S: ${C} against ${D}`, T: `T: ${D} against ${C}`, P: `P: both ${D}` };
    const now = { R, S, T, P };
    const rows = Object.keys(now).map((name) => slider(name, now[name], (value) => {
      now[name] = value;
      const own = [[now.R, now.S], [now.T, now.P]];
      changed([own, [[now.R, now.T], [now.S, now.P]]]);
    }, { ends: [Math.min(-2, now[name]), Math.max(10, now[name])], step: 0.05, label: said[name] }).row);
    place.replaceChildren(...rows);
    return;
  }
  place.replaceChildren(made("div", { class: "wide" }));
  place.firstChild.append(bimatrix(game, payoffs, changed));
}

function bimatrix({ players, actions }, payoffs, changed) {
  const now = structuredClone(payoffs);
  if (players.length !== 2) return made("p", { class: "told" }, `Payoffs of ${players.length} players are those of the game.`);
  const table = made("table", { class: "payoffs" });
  table.append(made("caption", {}, `Payoffs: ${players[0]} chooses a row and is paid the upper number, ${players[1]} a column and the lower`));
  const head = made("tr");
  head.append(made("td"), ...actions[1].map((own) => made("th", { scope: "col" }, own)));
  table.append(head);
  actions[0].forEach((own, a) => {
    const row = made("tr");
    row.append(made("th", { scope: "row" }, own));
    actions[1].forEach((other, b) => {
      const cell = made("td");
      players.forEach((player, i) => {
        const field = made("input", { type: "number", step: "any", "aria-label": `${player} where ${own} meets ${other}` });
        field.value = now[i][a][b];
        field.addEventListener("input", () => {
          if (field.value === "" || !Number.isFinite(Number(field.value))) return;
          now[i][a][b] = Number(field.value);
          changed(structuredClone(now));
        });
        cell.append(field);
      });
      row.append(cell);
    });
    table.append(row);
  });
  return table;
}

// A box for every rule; with four chosen no other can be, and the last one stays.
export function boxes(place, choices, chosen, changed) {
  const all = choices.map(({ name, title, formula }) => {
    const label = made("label", { title: `${title}: ${formula}` });
    const box = made("input", { type: "checkbox", value: name });
    box.addEventListener("change", () => changed(box.checked ? [...chosen(), name] : chosen().filter((own) => own !== name)));
    label.append(box, ` ${title}`);
    return { box, label };
  });
  place.replaceChildren(place.querySelector("legend"), ...all.map(({ label }) => label));
  return () => {
    const now = chosen();
    for (const { box } of all) {
      box.checked = now.includes(box.value);
      box.disabled = box.checked ? now.length === 1 : now.length >= 4;
    }
  };
}
