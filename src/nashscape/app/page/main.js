// The page: from what is on screen to what is asked, and back.

import { asked, fromAddress, toAddress, usual } from "./scene.js";
import { Link } from "./link.js";
import { called, Maps, made, percent } from "./maps.js";
import { Words } from "./words.js";
import { boxes, ENDS, payoffTable, slider } from "./controls.js";
import { exportsOf } from "./exports.js";

const by = (id) => document.getElementById(id);
const opened = fromAddress(location.hash);
let scene = opened.scene;
let choices = null;
let game = null;  // what the server says of it: players, actions, payoffs
const sliders = {};
const found = {};  // marks by slider, and by where they come from

const words = new Words(by("words"));
const maps = new Maps(by("maps"), (x, y) => {
  const { low, high } = maps.told ?? { low: 0.05, high: 0.95 };
  if (!maps.told || maps.told.shape !== "square") return;
  const at = (share) => Number((low + share * (high - low)).toFixed(3));
  change({ start: [at(x), at(y), ...(game?.players.length === 3 ? [scene.third] : [])] });
});

// What went wrong: with the link, the connection, or the scene; a scene that is computed settles the last alone.
let noticed = "";
function notice(text, about = "scene") {
  if (!text && noticed !== about) return;
  noticed = text ? about : "";
  by("notice").textContent = text;
  by("notice").hidden = !text;
}


const link = new Link({ told: hear, state: (text) => notice(text, "link") });

const named = () => choices?.games.find((own) => own.name === scene.game);

let frame = 0;
let kept = 0;  // when an entry of the browser's history was made last
function change(own) {
  if (own.payoffs && JSON.stringify(own.payoffs) === JSON.stringify(named()?.payoffs)) own.payoffs = null;
  scene = { ...scene, ...own };
  notice("", "address");
  if (!frame) frame = requestAnimationFrame(ask);
}

function ask() {
  frame = 0;
  const address = location.pathname + toAddress(scene);
  if (address !== location.pathname + location.hash) {
    history[performance.now() - kept > 1500 ? "pushState" : "replaceState"](null, "", address);
    kept = performance.now();
  }
  by("taken").textContent = "";
  by("state").textContent = "Computing …";
  document.body.classList.add("waiting");
  maps.arrange(scene.rules);
  show();
  document.body.dataset.asked = String(link.ask(asked(scene)));
}

function hear(header, labels) {
  if (header.refused) { notice(header.refused); by("state").textContent = "Not computed: what is seen below is another scene."; return; }
  if (header.done === "later") { by("state").textContent = `${summary} All is computed.`; return; }
  if (!header.part) return;
  if (header.none) { quiet(header.part, header.none); return; }
  HEARD[header.part](header.told, labels);
}

const HEARD = {
  map(told, labels) {
    notice("");
    fresh(told);
    maps.forget();
    document.body.classList.remove("waiting");
    for (const name of Object.keys(sliders)) { found[name] = {}; sliders[name].mark([]); }
    by("layers").hidden = told.shape !== "square" || told.third !== undefined;
    maps.show(told, labels);
    words.clear("audit", "certified", "programs", "steered", "reasons");
    by("state").textContent = `${said(told)} After ${scene.steps} updates; where runs go from there is being computed.`;
    document.body.dataset.shown = document.body.dataset.asked;
    document.body.dataset.at = String(performance.now());
  },
  followed(told, labels) { maps.show(told, labels); words.audit(told); summary = said(told); by("state").textContent = `${summary} The rest is being computed.`; },
  run(told) { words.run(told); maps.over("run", told.runs); },
  reasons(told) { words.reasons(told); },
  field(told) { maps.over("flow", Object.fromEntries(Object.entries(told.fields).map(([rule, field]) => [rule, { axis: told.axis, field }]))); },
  borders(told) { maps.over("border", told.borders); },
  equilibria(told) {
    words.equilibria(told);
    const flat = game?.players.length === 2 && game.actions.every((own) => own.length === 2) && !told.coupled;
    const place = (own) => own.strategies.map((one) => one[0]);
    if (flat) maps.over("rest", Object.fromEntries(scene.rules.map((rule) => [rule, told.equilibria.map((own) => ({ place: place(own), stable: own.stability[rule] === "attracting" }))])));
  },
  closed(told) { mark("coupling", "closed", told.coupling.map(({ name, value, text }) => ({ value, text, word: { cooperation: "κ_C", defection: "κ_D", half: "κ_½", global_threshold: "all" }[name] }))); },
  index(told) { mark("coupling", "index", told.coupling.map(({ value, text }) => ({ value, text, word: "index" }))); },
  steered(told) {
    words.steered(told);
    for (const [name, own] of Object.entries(told.marks)) {
      mark(name, "steered", ["half", "all"].filter((word) => own[word].value !== null).map((word) => ({ value: own[word].value, word, text: `${word} of the starts reach ${own[word].target} under ${own.rule}` })));
    }
  },
  programs(told) { words.programs(told); },
  certified(told) { words.certified(told); maps.over("proof", Object.fromEntries(Object.entries(told.proofs).map(([rule, own]) => [rule, own.cells ?? null]))); },
};

let summary = "";
function said(told) {
  const own = told.maps.map((one) => `${one.rule}: ${one.shares.map(({ outcome, value }) => `${called(outcome, told.followed)} ${percent(value)}`).join(", ")}`);
  return `${own.join("; ")}.`;
}

function quiet(part, why) {
  if (part === "map") { notice(why); document.body.classList.remove("waiting"); summary = "No maps."; maps.place.replaceChildren(); maps.panels.clear(); return; }
  words.none(part, why);
  const layer = { field: "flow", borders: "border", certified: "proof" }[part];
  if (layer) maps.over(layer, {});
}

function mark(name, source, own) {
  found[name] = { ...found[name], [source]: own };
  sliders[name]?.mark(apart(Object.values(found[name]).flat(), ENDS[name]));
}

// Marks at nearly the same place are one, that says all of them.
function apart(all, [low, high]) {
  const made_ = [];
  for (const own of all.toSorted((a, b) => a.value - b.value)) {
    const last = made_.at(-1);
    if (last && own.value - last.value < (high - low) / 14) {
      if (!last.word.split(" ").includes(own.word)) last.word += ` ${own.word}`;
      last.text += `; at ${own.value.toPrecision(4)}: ${own.text}`;
    } else made_.push({ ...own });
  }
  return made_;
}

// What the server says of the game, where it is another one than before.
function fresh(told) {
  const now = JSON.stringify([scene.game, told.game.actions, scene.payoffs === null]);
  if (now === fresh.before) return;
  fresh.before = now;
  game = told.game;
  show();
  payoffTable(by("payoffs"), game, told.game.payoffs, (payoffs) => change({ payoffs }));
  starts();
}

function starts() {
  const fields = (game?.players ?? []).slice(0, game?.players.length === 3 ? 3 : 2).map((player, k) => {
    const label = made("label", {}, `${player} `);
    const field = made("input", { type: "number", min: "0.001", max: "0.999", step: "any" });
    field.value = scene.start?.[k] ?? "";
    field.addEventListener("input", () => {
      const all = [...by("start-row").querySelectorAll("input")];
      const fits = (one) => Number(one.value) > 0 && Number(one.value) < 1;
      for (const one of all) one.setAttribute("aria-invalid", String(one.value !== "" && !fits(one)));
      by("start-said").textContent = all.every(fits) ? "" : "A run begins when every player has a probability above 0 and below 1.";
      if (all.every(fits)) change({ start: all.map((one) => Number(one.value)) });
    });
    label.append(field);
    return label;
  });
  by("start-row").replaceChildren(...fields);
}

function show() {
  const used = new Set(choices?.rules.filter((own) => scene.rules.includes(own.name)).flatMap((own) => own.coefficients) ?? []);
  for (const [name, own] of Object.entries(sliders)) {
    own.set(scene[name]);
    if (["peer", "own", "lookahead"].includes(name)) own.row.hidden = !used.has(name);
  }
  by("schedule").closest("p").hidden = !used.has("peer");
  if (sliders.until) sliders.until.row.hidden = scene.schedule !== "handoff" || !used.has("peer");
  if (choices) {
    by("game").value = scene.game;
    by("schedule").value = scene.schedule;
    by("batch").value = String(scene.batch);
    ticked();
    const flat = game === null || (game.players.length === 2 && game.actions.every((own) => own.length === 2));
    sliders.coupling.row.hidden = !flat && !scene.coupling;
  }
  const fields = [...by("start-row").querySelectorAll("input")];
  fields.forEach((field, k) => { if (document.activeElement !== field) field.value = scene.start?.[k] ?? ""; });
}

let ticked = () => {};
function build() {
  const group = (label, own) => { const made_ = made("optgroup", { label }); made_.append(...own.map(({ name, title }) => made("option", { value: name }, title))); return made_; };
  by("game").append(group("Named games", choices.games), group("All strict ordinal 2×2 games", choices.ordinal));
  by("game").value = scene.game;
  by("game").addEventListener("change", () => { change({ game: by("game").value, payoffs: null, start: null, subsidy: 0, coupling: 0 }); });
  const texts = { constant: "stays as it is", handoff: "ends after some updates", decay: "falls as λ/(t + 1)^0.6" };
  by("schedule").append(...choices.schedules.map((name) => made("option", { value: name }, texts[name])));
  by("schedule").value = scene.schedule;
  by("schedule").addEventListener("change", () => change({ schedule: by("schedule").value }));
  by("batch").value = String(scene.batch);
  by("batch").addEventListener("change", () => change({ batch: Number(by("batch").value) }));
  ticked = boxes(by("rules"), choices.rules, () => scene.rules, (rules) => change({ rules }));
  maps.titles = Object.fromEntries(choices.rules.map(({ name, title }) => [name, `${title} (${name})`]));
  for (const [name, place] of Object.entries({ subsidy: "subsidy-row", peer: "coefficients", own: "coefficients", lookahead: "coefficients", until: "until-row", coupling: "coupling-row", steps: "steps-row" })) {
    const whole = ["until", "steps"].includes(name);
    sliders[name] = slider(name, scene[name], (value) => change({ [name]: value }), { limits: choices.bounds[name], whole });
    by(place).append(sliders[name].row);
    if (found[name]) mark(name, "again", []);
  }
  by("clear").addEventListener("click", () => change({ start: null }));
  show();
  starts();
}

for (const box of document.querySelectorAll("[data-layer]")) box.addEventListener("change", () => maps.layer(box.dataset.layer, box.checked));
exportsOf(by("exports"), by("taken"), () => asked(scene));
addEventListener("hashchange", () => { const next = fromAddress(location.hash); scene = next.scene; notice(next.why, "address"); fresh.before = ""; ask(); });
notice(opened.why, "address");
ask();
fetch("choices").then((answer) => answer.json()).then((data) => { choices = data; build(); })
  .catch(() => notice("The list of games could not be had; reload the page."));
export { usual };
