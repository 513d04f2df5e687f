// The connection to the server. The latest scene wins; what is away is tried again.

export class Link {
  constructor({ told, state }) {
    this.told = told;
    this.state = state;
    this.key = 0;
    this.waiting = null;
    this.pause = 250;
    this.connect();
  }

  connect() {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    this.socket = new WebSocket(`${scheme}//${location.host}/socket`);
    this.socket.binaryType = "arraybuffer";
    this.socket.addEventListener("open", () => {
      this.pause = 250;
      this.state("");
      if (this.waiting) this.socket.send(this.waiting);
    });
    this.socket.addEventListener("message", (event) => this.hear(event.data));
    this.socket.addEventListener("close", (event) => {
      const full = event.code === 1013;
      this.state(full ? "Too many pages are open; this one waits for a place."
        : "The server is away. What you see is the last answer; it is asked again until it is back.");
      setTimeout(() => this.connect(), this.pause);
      this.pause = Math.min(2 * this.pause, 5000);
    });
  }

  ask(scene) {
    this.key += 1;
    this.waiting = JSON.stringify({ key: this.key, scene });
    if (this.socket.readyState === WebSocket.OPEN) this.socket.send(this.waiting);
    return this.key;
  }

  hear(data) {
    const length = new DataView(data).getUint32(0);
    const header = JSON.parse(new TextDecoder().decode(new Uint8Array(data, 4, length)));
    if (header.key !== this.key) return;  // of a scene that was left
    this.told(header, new Int8Array(data, 4 + length));
  }
}
