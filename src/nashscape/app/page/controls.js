// The controls: sliders with their marks, rules, starts. Everything is an ordinary element of a form.

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
        const share = (value - low) / (high - low);
        button.style.left = `${100 * share}%`;
        button.className = share < 0.2 ? "from" : share > 0.8 ? "to" : "";
        button.addEventListener("click", () => { this.set(Number(value.toFixed(4))); changed(Number(value.toFixed(4))); });
        return button;
      }));
    },
  };
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

// A field for every player's probability of its first action; asked for when all of them are there.
export function startFields(place, said, players, start, changed) {
  const fits = (one) => Number(one.value) > 0 && Number(one.value) < 1;
  const rows = players.map((player, k) => {
    const label = made("label", {}, `${player} `);
    const field = made("input", { type: "number", min: "0.001", max: "0.999", step: "any" });
    field.value = start?.[k] ?? "";
    field.addEventListener("input", () => {
      const all = [...place.querySelectorAll("input")];
      for (const one of all) one.setAttribute("aria-invalid", String(one.value !== "" && !fits(one)));
      said.textContent = all.every(fits) ? "" : "A run begins when every player has a probability above 0 and below 1.";
      if (all.every(fits)) changed(all.map((one) => Number(one.value)));
    });
    label.append(field);
    return label;
  });
  place.replaceChildren(...rows);
}
