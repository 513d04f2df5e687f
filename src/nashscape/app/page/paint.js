// Labels as colours: each cell of a square, each point of a triangle; and the same as samples for the legend.

import { looks, rgb, woven } from "./colours.js";
import { drawn } from "./overlays.js";

export function square(canvas, told, labels) {
  const side = told.side;
  canvas.width = canvas.height = side;
  const context = canvas.getContext("2d");
  const image = context.createImageData(side, side);
  const colours = Object.fromEntries(Object.entries(told.codes).map(([code, own]) => [code, { weave: woven(own), pair: looks(own, told.followed).map(rgb) }]));
  for (let i = 0; i < side; i += 1) for (let j = 0; j < side; j += 1) {
    const { weave, pair } = colours[labels[i * side + j]];
    const [red, green, blue] = pair[weave(i, side - 1 - j)];
    image.data.set([red, green, blue, 255], 4 * ((side - 1 - j) * side + i));
  }
  context.putImageData(image, 0, 0);
}

export function triangle(canvas, told, labels) {
  const side = told.side, wide = 606;
  canvas.width = canvas.height = wide;
  const context = canvas.getContext("2d");
  const step = wide / side;
  let k = 0;
  for (let i = 0; i < side; i += 1) for (let j = 0; j < side - i; j += 1) {
    const first = (i + 1 / 3) / side, second = (j + 1 / 3) / side, code = told.codes[labels[k]];
    context.fillStyle = looks(code, told.followed)[woven(code)(i, j)];
    context.beginPath();
    context.arc(30 + (second + first / 2) * (wide - 60), wide - 50 - first * (wide - 60) * 0.866, step * 0.53, 0, 7);
    context.fill();
    k += 1;
  }
}

// A piece of a label's colours, four cells wide.
export function sample(code, followed) {
  const svg = drawn("svg", { viewBox: "0 0 4 4", "aria-hidden": "true" });
  const pair = looks(code, followed), weave = woven(code);
  svg.append(drawn("path", { d: "M0 0h4v4H0z", fill: pair[0] }));
  for (let i = 0; i < 4; i += 1) for (let j = 0; j < 4; j += 1) if (weave(i, j)) svg.append(drawn("path", { d: `M${i} ${j}h1v1h-1z`, fill: pair[1] }));
  return svg;
}
