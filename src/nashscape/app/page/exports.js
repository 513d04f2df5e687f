// Figures, study files and code of what is on screen.

const NAMES = { svg: "nashscape.svg", png: "nashscape.png", toml: "study.toml", py: "explore.py" };

export function exportsOf(place, status, scene) {
  for (const button of place.querySelectorAll("button")) button.addEventListener("click", () => take(button.dataset.kind, status, scene(), place.querySelectorAll("button")));
}

async function take(kind, status, scene, buttons) {
  if (kind === "link") {
    try {
      await navigator.clipboard.writeText(location.href);
      status.textContent = "The link is copied.";
    } catch {
      status.textContent = `The link is in the address: ${location.href}`;
    }
    return;
  }
  status.textContent = `${NAMES[kind]} is being made …`;
  for (const button of buttons) button.disabled = true;
  try {
    const answer = await fetch(`export/${kind}`, { method: "POST", body: JSON.stringify(scene), headers: { "content-type": "application/json" } });
    if (!answer.ok || answer.headers.has("x-refused")) { status.textContent = await answer.text(); return; }
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await answer.blob());
    link.download = NAMES[kind];
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    status.textContent = `${NAMES[kind]} is made.`;
  } catch {
    status.textContent = "The server is away; try again when it is back.";
  } finally {
    for (const button of buttons) button.disabled = false;
  }
}
