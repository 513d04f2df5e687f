// Marks on sliders: closed forms of couplings, and the least values that were found; those at nearly one place are one.

import { ENDS } from "./controls.js";

const WORDS = { cooperation: "κ_C", defection: "κ_D", half: "κ_½", global_threshold: "κ_g" };

export class Marks {
  constructor(sliders) {
    this.sliders = sliders;
    this.found = {};
  }

  clear() {
    this.found = {};
    for (const slider of Object.values(this.sliders)) slider.mark([]);
  }

  closed({ coupling }) { this.put("coupling", "closed", coupling.map(({ name, value, text }) => ({ value, text, word: WORDS[name] }))); }
  index({ coupling }) { this.put("coupling", "index", coupling.map(({ value, text }) => ({ value, text, word: "index" }))); }

  steered({ marks, target }) {
    for (const [name, own] of Object.entries(marks)) {
      const there = ["half", "all"].filter((word) => own[word].value !== null);
      this.put(name, "steered", there.map((word) => ({ value: own[word].value, word, text: `${word} of the starts reach ${target} under ${own.rule}` })));
    }
  }

  put(name, source, own) {
    this.found[name] = { ...this.found[name], [source]: own };
    this.sliders[name]?.mark(joined(Object.values(this.found[name]).flat(), ENDS[name]));
  }
}

function joined(all, [low, high]) {
  const made = [];
  for (const own of all.toSorted((a, b) => a.value - b.value)) {
    const last = made.at(-1);
    // as far apart as their words are long
    if (last && (own.value - last.value) / (high - low) < 0.022 * (last.word.length + own.word.length)) {
      if (!last.word.split(" ").includes(own.word)) last.word += ` ${own.word}`;
      last.text += `; at ${own.value.toPrecision(4)}: ${own.text}`;
    } else made.push({ ...own });
  }
  return made;
}
