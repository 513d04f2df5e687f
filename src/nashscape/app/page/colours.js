// The colours of outcomes, the same as in all figures of nashscape: those of Okabe and Ito, and greys.

export const TARGETS = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00"];
const OTHERS = {
  out_of_budget: "#F2F2F2", diverged: "#111111", cycling: "#B8B8B8", stationary_unknown: "#7A7A7A",
  other_equilibrium: "#F0E442", slow: "#DDDDDD", noisy: "#EAEAEA", fragile: "#D0D0D0",
};

// Greys that are nearly alike are woven: cells of a second grey, in lines or as dots.
const DARKER = "#8C8C8C";
const WEAVES = {
  slow: (i, j) => Number(j % 3 === 0), noisy: (i, j) => Number(i % 3 === 0 && j % 3 === 0), fragile: (i) => Number(i % 3 === 0),
  cycling: (i, j) => Number((i + j) % 4 === 0),
};

// The two colours of a label: cells take them in turn where it is not sure that a run stays.
export function looks(code, followed) {
  if (code.number === undefined) return [OTHERS[code.kind], WEAVES[code.kind] ? DARKER : OTHERS[code.kind]];
  const own = TARGETS[code.number % TARGETS.length];
  const open = followed && code.kind !== "target";
  return [own, open ? "#FFFFFF" : own];
}

// Which of the two a cell takes.
export const woven = (code) => WEAVES[code.kind] ?? ((i, j) => (i + j) % 2);

export function rgb(colour) {
  const number = parseInt(colour.slice(1), 16);
  return [number >> 16, (number >> 8) & 255, number & 255];
}
