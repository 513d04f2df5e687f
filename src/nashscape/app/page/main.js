// The page: from what is on screen to what is asked, and back.

import { apart, fromAddress, toAddress } from "./scene.js";
import { exportsOf } from "./exports.js";
import { Form } from "./form.js";
import { Link } from "./link.js";
import { called, Maps, percent } from "./maps.js";
import { Marks } from "./marks.js";
import { Words } from "./words.js";

const by = (id) => document.getElementById(id);
const opened = fromAddress(location.hash);
let scene = opened.scene;

const form = new Form(() => scene, change);
const marks = new Marks(form.sliders);
const words = new Words(by("words"));
const maps = new Maps(by("maps"), (x, y) => {
  if (maps.told?.shape !== "square") return;
  const { low, high } = maps.told;
  const at = (share) => Number((low + share * (high - low)).toFixed(3));
  change({ start: [at(x), at(y), ...(form.game?.players.length === 3 ? [scene.third] : [])] });
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

let frame = 0;
let kept = -Infinity;  // when an entry of the browser's history was made last
function change(own) {
  const usual = form.named()?.payoffs;
  if (own.payoffs && !Object.keys(scene.numbers).length && JSON.stringify(own.payoffs) === JSON.stringify(usual)) own.payoffs = null;
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
  form.show();
  document.body.dataset.asked = String(link.ask(apart(scene)));
}

let summary = "";
let cleared = 0;  // the scene of which something was heard first
function hear(header, labels) {
  if (header.part && header.key !== cleared) {
    cleared = header.key;
    marks.clear();
    maps.forget();
    words.clear("audit", "certified", "programs", "steered", "reasons");
  }
  if (header.refused) {
    notice(header.refused);
    by("state").textContent = "Not computed: what is seen below is another scene.";
  } else if (header.done === "later") {
    by("state").textContent = `${summary} All is computed.`;
  } else if (header.none) {
    without(header.part, header.none);
  } else if (header.part) {
    HEARD[header.part](header.told, labels);
  }
}

const HEARD = {
  map(told, labels) {
    notice("");
    form.fresh(told.game);
    document.body.classList.remove("waiting");
    by("layers").hidden = told.shape !== "square" || told.third !== undefined;
    by("rests").textContent = told.rests;
    maps.show(told, labels);
    summary = `${said(told)} After ${scene.steps} updates;`;
    by("state").textContent = `${summary} where runs go from there is being computed.`;
    document.body.dataset.shown = document.body.dataset.asked;
  },
  followed(told, labels) {
    maps.show(told, labels);
    words.audit(told);
    summary = said(told);
    by("state").textContent = `${summary} The rest is being computed.`;
  },
  run(told) { words.run(told); maps.over("run", told.runs); },
  reasons(told) { words.reasons(told); },
  field({ axis, fields }) { maps.over("flow", Object.fromEntries(Object.entries(fields).map(([rule, field]) => [rule, { axis, field }]))); },
  borders(told) { maps.over("border", told.borders); by("border-steps").textContent = `after ${told.steps} updates`; },
  equilibria(told) {
    words.equilibria(told);
    if (!form.flat() || told.coupled) return;
    const place = (own) => own.strategies.map((one) => one[0]);
    maps.over("rest", Object.fromEntries(scene.rules.map((rule) => [rule, told.equilibria.map((own) => ({ place: place(own), verdict: own.stability[rule] }))])));
  },
  closed(told) { marks.closed(told); },
  index(told) { marks.index(told); },
  steered(told) { words.steered(told); marks.steered(told); },
  programs(told) { words.programs(told); },
  certified(told) { words.certified(told); maps.over("proof", Object.fromEntries(Object.entries(told.proofs).map(([rule, own]) => [rule, own.cells ?? null]))); },
};

function said(told) {
  const where = told.third === undefined ? "" : `Of the slice at ${told.third.toFixed(2)}: `;
  const own = told.maps.map((one) => `${one.rule}: ${one.shares.map(({ outcome, value }) => `${called(outcome, told.followed)} ${percent(value)}`).join(", ")}`);
  return `${where}${own.join("; ")}.`;
}

// A part that this scene has not.
function without(part, why) {
  if (part === "map") {
    notice(why);
    document.body.classList.remove("waiting");
    summary = "No maps.";
    maps.empty();
    words.clear();
    by("rests").textContent = "";
    return;
  }
  words.none(part, why);
  const layer = { field: "flow", borders: "border", certified: "proof" }[part];
  if (layer) maps.over(layer, {});
}

for (const box of document.querySelectorAll("[data-layer]")) box.addEventListener("change", () => maps.layer(box.dataset.layer, box.checked));
exportsOf(by("exports"), by("taken"), () => apart(scene));
addEventListener("hashchange", () => {
  const next = fromAddress(location.hash);
  scene = next.scene;
  notice(next.why, "address");
  form.again();
  ask();
});
notice(opened.why, "address");
ask();
fetch("choices").then((answer) => answer.json()).then((choices) => {
  maps.titles = (rule) => {
    const { title, coefficients } = choices.rules.find((own) => own.name === rule);
    const letters = { peer: "λ", own: "μ", lookahead: "ν" };
    return `${title} (${[rule, ...coefficients.map((own) => `${letters[own]} ${scene[own]}`)].join(", ")})`;
  };
  form.build(choices);
}).catch(() => notice("The list of games could not be had; reload the page."));
