// What is on screen, as plain data: kept in the address, so that a link holds all of it.

export const usual = {
  game: "stag_hunt", numbers: {}, payoffs: null, subsidy: 0, coupling: 0, rules: ["pg", "meta_mapg"], peer: 1.5, own: 0.35,
  lookahead: 1, schedule: "constant", until: 40, batch: 0, steps: 140, grid: 101, start: null, third: 0.5,
};

// From the part of an address after "#"; what cannot be read gives the usual scene, and why.
export function fromAddress(hash) {
  const text = hash.replace(/^#/, "");
  if (!text) return { scene: { ...usual }, why: "" };
  try {
    const given = JSON.parse(decodeURIComponent(text));
    if (given === null || typeof given !== "object" || Array.isArray(given)) throw new Error("no mapping");
    const unknown = Object.keys(given).filter((name) => !(name in usual));
    const known = Object.fromEntries(Object.entries(given).filter(([name, own]) => name in usual && (own !== null || usual[name] === null)));
    return { scene: { ...usual, ...known }, why: unknown.length ? `Parts of the link that are unknown were left out: ${unknown.join(", ")}.` : "" };
  } catch {
    return { scene: { ...usual }, why: "The link could not be read; this is the usual scene." };
  }
}

// What is not as usual: all that a link holds, and all that the server is asked.
export function apart(scene) {
  return Object.fromEntries(Object.entries(scene).filter(([name, own]) => JSON.stringify(own) !== JSON.stringify(usual[name])));
}

export function toAddress(scene) {
  const own = apart(scene);
  return Object.keys(own).length ? "#" + encodeURIComponent(JSON.stringify(own)) : "";
}
