// Enlarging, moving and turning pictures; two side by side move together.
"use strict";

(() => {
  const MOST = 12;
  const percent = new Intl.NumberFormat(document.documentElement.dataset.locale, { style: "percent" });

  class View {
    constructor(figure) {
      this.figure = figure;
      this.stage = figure.querySelector("[data-stage]");
      this.sheet = figure.querySelector("[data-sheet]");
      this.scaleShown = figure.querySelector("[data-scale]");
      this.linked = [this];
      // Where the middle of the stage is: x and y in widths and heights of the stage, so that views of any size agree.
      this.state = { scale: 1, x: 0, y: 0, turn: 0 };
      figure.dataset.on = "";
      figure.querySelector("[data-tools]").hidden = false;
      for (const button of figure.querySelectorAll("[data-do]")) {
        button.addEventListener("click", () => this.act(button.dataset.do));
      }
      this.stage.addEventListener("wheel", (event) => {
        if (!event.ctrlKey && this.state.scale === 1 && event.deltaY > 0) return;
        event.preventDefault();
        this.zoom(Math.exp(-event.deltaY / 400), this.at(event));
      }, { passive: false });
      this.stage.addEventListener("pointerdown", (event) => this.grab(event));
      this.stage.addEventListener("keydown", (event) => this.arrow(event));
      this.stage.addEventListener("dblclick", (event) => this.zoom(2, this.at(event)));
    }

    at(event) {
      const box = this.stage.getBoundingClientRect();
      return [(event.clientX - box.left) / box.width - .5, (event.clientY - box.top) / box.height - .5];
    }

    act(what) {
      if (what === "larger") this.zoom(1.5, [0, 0]);
      if (what === "smaller") this.zoom(1 / 1.5, [0, 0]);
      if (what === "whole") this.all({ scale: 1, x: 0, y: 0 });
      if (what === "turn") this.show({ turn: (this.state.turn + 90) % 360 });
    }

    zoom(by, [x, y]) {
      const scale = Math.min(Math.max(this.state.scale * by, 1), MOST);
      const change = scale / this.state.scale;
      const moved = scale === 1 ? [0, 0] : [x - (x - this.state.x) * change, y - (y - this.state.y) * change];
      this.all({ scale, x: moved[0], y: moved[1] });
    }

    arrow(event) {
      const steps = { ArrowLeft: [.1, 0], ArrowRight: [-.1, 0], ArrowUp: [0, .1], ArrowDown: [0, -.1] };
      const step = steps[event.key];
      if (!step || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      this.all({ x: this.state.x + step[0], y: this.state.y + step[1] });
    }

    grab(event) {
      if (event.button !== 0) return;
      const from = this.at(event);
      const { x, y } = this.state;
      this.stage.setPointerCapture(event.pointerId);
      const drag = (moved) => {
        const to = this.at(moved);
        this.all({ x: x + to[0] - from[0], y: y + to[1] - from[1] });
      };
      const end = () => this.stage.removeEventListener("pointermove", drag);
      this.stage.addEventListener("pointermove", drag);
      this.stage.addEventListener("pointerup", end, { once: true });
      this.stage.addEventListener("pointercancel", end, { once: true });
    }

    // Scale and place are shared by linked views; each is turned on its own.
    all(change) {
      for (const view of this.linked) view.show(change);
    }

    show(change) {
      const state = Object.assign(this.state, change);
      const reach = Math.max(0, (state.scale - 1) / 2 + .25);
      state.x = state.scale === 1 ? 0 : Math.min(Math.max(state.x, -reach), reach);
      state.y = state.scale === 1 ? 0 : Math.min(Math.max(state.y, -reach), reach);
      const box = this.stage.getBoundingClientRect();
      const lying = state.turn % 180 !== 0;
      const fit = lying ? Math.min(1, box.height / this.sheet.offsetWidth, box.width / this.sheet.offsetHeight) : 1;
      this.sheet.style.transform =
        `translate(${state.x * box.width}px, ${state.y * box.height}px) rotate(${state.turn}deg) scale(${state.scale * fit})`;
      this.scaleShown.textContent = percent.format(state.scale);
    }
  }

  const views = [...document.querySelectorAll("[data-viewer]")].map((figure) => new View(figure));
  for (const group of document.querySelectorAll("[data-linked]")) {
    const inside = views.filter((view) => group.contains(view.figure));
    for (const view of inside) view.linked = inside;
  }

  // A time of a video that was selected: the player jumps there.
  const film = document.querySelector("[data-film]");
  for (const link of film ? document.querySelectorAll('.film a[href*="#t="]') : []) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      film.currentTime = Number(link.hash.replace("#t=", "").split(",")[0]);
      film.focus();
    });
  }

  const keys = { "+": "larger", "=": "larger", "-": "smaller", "0": "whole", "r": "turn" };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, dialog")) return;
    let off = false;
    try { off = localStorage.getItem("evidence-keys-off") === "1"; } catch { /* on, then */ }
    const what = keys[event.key];
    if (!what || off || !views.length) return;
    event.preventDefault();
    const here = views.find((view) => view.figure.contains(document.activeElement)) || views[0];
    here.act(what);
  });
})();
