// Keys, times in the reader's zone, and copying. Every key presses a link or button that is there without it.
"use strict";

(() => {
  const STOPS = "[data-stop]";
  const dialog = document.getElementById("keys");
  const off = "evidence-keys-off";

  function keysAreOff() {
    try { return localStorage.getItem(off) === "1"; } catch { return false; }
  }

  // A place that j and k go to: a finding, an item to review, a line of the queue.
  function stops() {
    return [...document.querySelectorAll(STOPS)].filter((one) => one.getClientRects().length > 0);
  }

  function here() {
    const focused = document.activeElement;
    return focused && focused.closest ? focused.closest(STOPS) : null;
  }

  function goTo(one) {
    if (!one) return;
    if (!one.hasAttribute("tabindex")) one.setAttribute("tabindex", "-1");
    one.focus();
    one.scrollIntoView({ block: "nearest" });
  }

  function move(by) {
    const all = stops();
    const at = all.indexOf(here());
    goTo(all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)]);
  }

  // A disclosure hides the stops inside it: whoever goes there wants to see them.
  function reveal(place) {
    for (let one = place.closest("details"); one; one = one.parentElement.closest("details")) one.open = true;
  }

  function nextWaiting() {
    const all = stops().filter((one) => one.querySelector("[data-undecided]"));
    const place = here();
    const after = place && all.find((one) => place.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING);
    goTo(after || all[0]);
  }

  // Of a line in the list of items to review, the link to what it is about.
  function linkOf(place) {
    return place && place.matches(".need > li") ? place.querySelector("a[data-card]") : null;
  }

  // The current item: its card, that of the item to review, or all of the item's own page.
  function item() {
    const focused = document.activeElement;
    const card = focused && focused.closest ? focused.closest("article") : null;
    if (card) return card;
    const link = linkOf(here());
    const target = link && link.getAttribute("href").startsWith("#") && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    return target ? target.closest("article") : document.querySelector("main.item");
  }

  // Keys for an item act on the current item, never on another; where its card is on another page, they lead there.
  function act(selector) {
    const place = here();
    const around = item();
    const found = (place && place.querySelector(selector)) || (around && around.querySelector(selector));
    const link = linkOf(place);
    if (found) found.click();
    else if (link && !link.getAttribute("href").startsWith("#")) link.click();
  }

  // Keys for the whole page.
  function press(selector) {
    const found = document.querySelector(selector);
    if (found) found.click();
  }

  function open() {
    const place = here();
    const around = item();
    const found = linkOf(place) || (place && place.querySelector("[data-open], a")) || (around && around.querySelector("h3 a"));
    if (found) found.click();
  }

  // Keys for a finding act on the current finding, never on another.
  // A card can hold several findings: first those that nobody has decided.
  function ofFinding(selector) {
    const place = here();
    return place && (place.querySelector(`[data-undecided] ${selector}`) || place.querySelector(selector));
  }

  function decide(selector) {
    const found = ofFinding(selector);
    if (found) found.click();
  }

  function disagree() {
    const why = ofFinding(".why");
    if (!why) return;
    why.open = true;
    why.querySelector("input[name=note]").focus();
  }

  const actions = {
    "?": () => dialog && (dialog.open ? dialog.close() : dialog.showModal()),
    "u": () => press(document.querySelector("[data-up]") ? "[data-up]" : "[data-home]"),
    "j": () => move(1),
    "k": () => move(-1),
    "n": nextWaiting,
    "g": () => press("[data-next-case]"),
    "o": open,
    "/": () => { const box = document.querySelector("[data-search]"); if (box) box.focus(); },
    "a": () => decide("button[value=agree]"),
    "s": () => decide("button[value=seen]"),
    "d": disagree,
    "w": () => act("[data-accept]"),
    "e": () => act("[data-ask]"),
    "c": () => act("[data-compare]"),
    "x": () => press("[data-swap]"),
    "[": () => press("[data-before]"),
    "]": () => press("[data-after]"),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const typing = event.target.closest("input:not([type=checkbox], [type=radio], [type=range]), textarea, select");
    if (typing || (keysAreOff() && event.key !== "?") || (dialog && dialog.open && event.key !== "?")) return;
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });

  const link = document.querySelector("[data-keys]");
  if (link && dialog) {
    link.addEventListener("click", (event) => { event.preventDefault(); dialog.showModal(); });
  }
  for (const box of document.querySelectorAll("[data-keys-on]")) {
    box.checked = !keysAreOff();
    box.addEventListener("change", () => {
      try { localStorage.setItem(off, box.checked ? "0" : "1"); } catch { /* kept for this page alone */ }
    });
  }

  // Dates in the reader's zone, the original beside them; nothing to do where the reader's zone is UTC at that time.
  const locale = document.documentElement.dataset.locale;
  const days = { day: "numeric", month: "short", year: "numeric" };
  const hours = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const local = new Intl.DateTimeFormat(locale, { ...days, ...hours });
  const day = new Intl.DateTimeFormat(locale, days);
  const utcDay = new Intl.DateTimeFormat(locale, { ...days, timeZone: "UTC" });
  const utcHour = new Intl.DateTimeFormat(locale, { ...hours, timeZone: "UTC" });
  for (const time of document.querySelectorAll("time[datetime]")) {
    const at = new Date(time.dateTime);
    if (Number.isNaN(at.getTime()) || at.getTimezoneOffset() === 0) continue;
    const original = document.createElement("span");
    original.className = "utc";
    const utc = day.format(at) === utcDay.format(at) ? `${utcHour.format(at)} UTC` : time.textContent;
    original.textContent = ` (${utc})`;
    time.replaceChildren(local.format(at), original);
  }

  const copy = document.querySelector("[data-copy]");
  const text = document.querySelector("[data-copy-from]");
  if (copy && text) {
    copy.hidden = false;
    copy.addEventListener("click", async () => {
      const status = document.querySelector("[data-copied]");
      try {
        await navigator.clipboard.writeText(text.value);
        status.textContent = status.dataset.copied;
      } catch {
        text.select();
        status.textContent = status.dataset.byKey;
      }
    });
  }

  // After a decision the page comes back at the finding, and links lead to cards: the keys go on from there.
  function followHash() {
    const name = decodeURIComponent(location.hash.slice(1));
    const target = name && document.getElementById(name);
    if (!target) {
      if (name.startsWith("review-")) nextWaiting(); // what was reviewed is decided and gone
      return;
    }
    const stop = target.matches(STOPS) ? target : target.querySelector(STOPS) || target;
    reveal(stop);
    goTo(stop);
  }

  const bar = document.querySelector("[data-next-waiting]");
  if (bar) bar.addEventListener("click", (event) => { event.preventDefault(); nextWaiting(); });

  // Two aligned pictures of a card, side by side or one over the other with an edge that slides.
  for (const figure of document.querySelectorAll("[data-pair]")) {
    const [button, edge, other] = ["[data-overlay]", "[data-edge]", "[data-other]"].map((one) => figure.querySelector(one));
    const show = () => {
      const over = button.getAttribute("aria-pressed") === "true";
      figure.classList.toggle("over", over);
      edge.parentElement.hidden = !over;
      other.style.clipPath = over ? `inset(0 0 0 ${edge.value}%)` : "";
    };
    figure.querySelector("[data-tools]").hidden = false;
    button.addEventListener("click", () => {
      button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
      show();
    });
    edge.addEventListener("input", show);
  }

  addEventListener("hashchange", followHash);
  followHash();
})();
