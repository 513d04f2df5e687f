// The form: what is played and how it is learned, and what of it has a meaning in a scene.

import { boxes, slider, startFields } from "./controls.js";
import { made } from "./maps.js";
import { familySliders, payoffTable, Topology } from "./payoffs.js";

const by = (id) => document.getElementById(id);
const SCHEDULES = { constant: "stays as it is", handoff: "ends after some updates", decay: "falls as λ/(t + 1)^0.6" };
const ROWS = {
  subsidy: "subsidy-row", peer: "coefficients", own: "coefficients", lookahead: "coefficients", until: "until-row",
  coupling: "coupling-row", steps: "steps-row", third: "third-row",
};
const WHOLE = ["until", "steps"];

export class Form {
  // `scene()` is what is on screen; `changed` takes what of it is another.
  constructor(scene, changed) {
    this.scene = scene;
    this.changed = changed;
    this.choices = null;
    this.game = null;  // what the server says of it: players, actions, payoffs
    this.sliders = {};
    this.topology = new Topology(by("topology"), by("topology-said"), (game) => this.played(game));
    by("clear").addEventListener("click", () => changed({ start: null }));
  }

  named() { return this.choices?.games.find((own) => own.name === this.scene().game); }
  played(game) { this.changed({ game, numbers: {}, payoffs: null, start: null, subsidy: 0, coupling: 0 }); }

  // What can be chosen, when it has come.
  build(choices) {
    this.choices = choices;
    const group = (label, own) => { const all = made("optgroup", { label }); all.append(...own.map(({ name, title }) => made("option", { value: name }, title))); return all; };
    by("game").append(group("Named games", choices.games), group("All strict ordinal 2×2 games", choices.ordinal));
    by("game").addEventListener("change", () => this.played(by("game").value));
    by("schedule").append(...choices.schedules.map((name) => made("option", { value: name }, SCHEDULES[name])));
    by("schedule").addEventListener("change", () => this.changed({ schedule: by("schedule").value }));
    by("batch").addEventListener("change", () => this.changed({ batch: Number(by("batch").value) }));
    this.ticked = boxes(by("rules"), choices.rules, () => this.scene().rules, (rules) => this.changed({ rules }));
    for (const [name, place] of Object.entries(ROWS)) {
      this.sliders[name] = slider(name, this.scene()[name], (value) => this.changed({ [name]: value }), { limits: choices.bounds[name], whole: WHOLE.includes(name) });
      by(place).append(this.sliders[name].row);
    }
    this.topology.of(choices.ordinal);
    this.before = "";
    if (this.game) this.fresh(this.game);
    this.show();
  }

  // What the server says of the game, where it is another one than before.
  fresh(game) {
    const { game: name, numbers, payoffs } = this.scene();
    const now = JSON.stringify([name, game.actions, payoffs === null, payoffs === null && numbers]);
    this.game = game;
    if (now === this.before) return;
    const families = JSON.stringify([name, Boolean(this.choices)]);
    if (families !== this.families) familySliders(by("numbers"), this.named(), numbers, (own) => this.changed({ numbers: own, payoffs: null }));
    this.families = families;
    this.before = now;
    payoffTable(by("payoffs"), game, (own) => this.changed({ payoffs: own }));
    startFields(by("start-row"), by("start-said"), game.players, this.scene().start, (start) => this.changed({ start }));
    this.show();
  }

  again() { this.before = this.families = ""; }

  flat() { return this.game === null || (this.game.players.length === 2 && this.game.actions.every((own) => own.length === 2)); }

  show() {
    const scene = this.scene();
    this.topology.show(scene.game);
    const fields = [...by("start-row").querySelectorAll("input")];
    fields.forEach((field, k) => { if (document.activeElement !== field) field.value = scene.start?.[k] ?? ""; });
    if (!this.choices) return;
    const used = new Set(this.choices.rules.filter((own) => scene.rules.includes(own.name)).flatMap((own) => own.coefficients));
    const seen = {
      peer: used.has("peer"), own: used.has("own"), lookahead: used.has("lookahead"), until: scene.schedule === "handoff" && used.has("peer"),
      coupling: this.flat() || scene.coupling !== 0, third: this.game?.players.length === 3,
    };
    for (const [name, own] of Object.entries(this.sliders)) {
      own.set(scene[name]);
      own.row.hidden = seen[name] === false;
    }
    by("schedule").closest("p").hidden = !used.has("peer");
    by("game").value = scene.game;
    by("schedule").value = scene.schedule;
    by("batch").value = String(scene.batch);
    this.ticked();
  }
}
