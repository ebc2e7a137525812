// Two aligned pictures on top of each other: an edge that slides between them, the two in turn, or the differences.
"use strict";

(() => {
  const PAUSE = 700; // ms: slower than the three flashes a second that can cause seizures
  const still = matchMedia("(prefers-reduced-motion: reduce)");

  class Laid {
    constructor(figure) {
      this.layers = Object.fromEntries([...figure.querySelectorAll("[data-layer]")].map((one) => [one.dataset.layer, one]));
      this.modes = [...figure.querySelectorAll("[data-mode]")];
      this.line = figure.querySelector("[data-line]");
      this.edge = figure.querySelector("[data-edge]");
      this.shown = figure.querySelector("[data-shown]");
      this.timer = 0;
      for (const button of this.modes) button.addEventListener("click", () => this.show(button.dataset.mode));
      this.edge.addEventListener("input", () => this.cut(this.edge.value));
      this.show("slide");
    }

    // Asking for blinking again, or where motion is not wanted, switches the picture once.
    show(mode) {
      clearInterval(this.timer);
      const again = mode === "blink" && this.mode === "blink";
      this.mode = mode;
      for (const button of this.modes) button.setAttribute("aria-pressed", String(button.dataset.mode === mode));
      this.layers.differences.hidden = mode !== "differences";
      this.layers.other.hidden = mode === "differences"; // cut at its edge, it would lie on top
      this.edge.closest("label").hidden = mode !== "slide";
      this.line.hidden = mode !== "slide";
      this.shown.hidden = mode !== "blink";
      if (mode === "slide") this.cut(this.edge.value);
      if (mode !== "blink") return;
      if (again) this.turn(); else { this.cut(0); this.name(); }
      if (!again && !still.matches) this.timer = setInterval(() => this.turn(), PAUSE);
    }

    cut(percent) {
      this.layers.other.hidden = false;
      this.line.style.left = `${percent}%`;
      this.layers.other.style.clipPath = `inset(0 0 0 ${percent}%)`;
    }

    turn() {
      this.layers.other.hidden = !this.layers.other.hidden;
      this.name();
    }

    name() {
      this.shown.textContent = this.layers.other.hidden ? this.shown.dataset.this : this.shown.dataset.other;
    }
  }

  const laid = [...document.querySelectorAll("[data-laid]")].map((figure) => new Laid(figure));
  const keys = { "1": "slide", "2": "blink", "3": "differences" };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input:not([type=range]), textarea, select, dialog")) return;
    let off = false;
    try { off = localStorage.getItem("evidence-keys-off") === "1"; } catch { /* on, then */ }
    const mode = keys[event.key];
    if (!mode || off || !laid.length) return;
    event.preventDefault();
    laid[0].show(mode);
  });
})();
