// What the page does beyond links and forms: it keeps what is shown up to date,
// says when the program cannot be reached, counts down, keeps what was typed,
// and takes a file that is dropped on it. Without it everything works by hand.
(() => {
  "use strict";
  const body = document.body;
  const by = (id) => document.getElementById(id);

  // What was typed is kept in this tab until it has arrived.
  const place = (form) => "typed:" + location.pathname + "#" + form.id;
  const fields = (form) => [...form.elements].filter((e) => e.name && (e.matches("textarea") || e.matches("input:not([type=hidden]):not([type=file]):not([type=checkbox]):not([type=radio])")));
  const kept = () => [...document.querySelectorAll("form[data-keep]")];
  const remember = (form) => {
    const typed = {};
    for (const e of fields(form)) if (e.value !== e.defaultValue) typed[e.name] = { is: e.value, was: e.defaultValue };
    if (Object.keys(typed).length) sessionStorage.setItem(place(form), JSON.stringify(typed));
    else sessionStorage.removeItem(place(form));
  };
  const bringBack = (form) => {
    const typed = JSON.parse(sessionStorage.getItem(place(form)) || "{}");
    let back = false;
    for (const e of fields(form)) {
      const t = typed[e.name];
      if (!t || e.value === t.is) continue;
      if (e.value === e.defaultValue) { e.value = t.is; back = true; }
    }
    if (back) {
      const says = document.createElement("p");
      says.className = "banner note";
      says.setAttribute("role", "status");
      says.textContent = "What you had typed here before is back. It is not saved yet.";
      form.prepend(says);
    }
  };
  const cleared = body.dataset.clears;
  if (cleared) for (const key of Object.keys(sessionStorage)) if (key.startsWith("typed:") && key.endsWith("#" + cleared)) sessionStorage.removeItem(key);
  for (const form of kept()) {
    bringBack(form);
    form.addEventListener("input", () => remember(form));
  }

  // The line to the program.
  let lost = false;
  const setLost = (is) => {
    lost = is;
    by("lost").hidden = !is;
    if (is) { const says = by("lost"); says.textContent = says.textContent; }
  };
  const connect = () => {
    const live = new EventSource(body.dataset.live);
    live.addEventListener("hello", () => setLost(false));
    live.addEventListener("changed", changed);
    live.addEventListener("error", () => {
      setLost(true);
      if (live.readyState === EventSource.CLOSED) setTimeout(connect, 3000);
    });
    addEventListener("pagehide", () => live.close());
  };
  const changed = () => {
    const main = by("main");
    if (main.hasAttribute("data-edits")) by("news").hidden = false;
    else htmx.trigger(main, "changed");
  };
  if (body.dataset.live) connect();
  document.addEventListener("submit", (e) => {
    if (!lost) return;
    e.preventDefault();
    by("lost").scrollIntoView({ block: "center" });
  }, true);

  // Countdowns, by the program's clock.
  const ahead = Date.parse(body.dataset.now) - Date.now();
  const span = (ms) => {
    const min = Math.floor(ms / 60000), h = Math.floor(min / 60), d = Math.floor(h / 24);
    if (d >= 14) return Math.floor(d / 7) + " weeks";
    if (d >= 3 || (d > 0 && h % 24 === 0)) return d + (d === 1 ? " day" : " days");
    if (d > 0) return d + (d === 1 ? " day " : " days ") + (h % 24) + " h";
    if (h > 0) return h + " h" + (min % 60 ? " " + (min % 60) + " min" : "");
    return min + " min";
  };
  const count = () => {
    for (const t of document.querySelectorAll("time.countdown")) {
      const left = Date.parse(t.dateTime) - Date.now() - ahead;
      const text = left < 0 ? span(-left) + " ago" : left < 60000 ? "now" : "in " + span(left);
      if (t.textContent !== text) t.textContent = text;
    }
  };
  if (!Number.isNaN(ahead)) setInterval(count, 15000);

  // A file dropped anywhere on a page that takes one.
  const taker = document.querySelector("input[type=file][data-drop]");
  if (taker) {
    const zone = taker.closest("form");
    addEventListener("dragover", (e) => { e.preventDefault(); zone.classList.add("over"); });
    addEventListener("dragleave", (e) => { if (!e.relatedTarget) zone.classList.remove("over"); });
    addEventListener("drop", (e) => {
      e.preventDefault();
      zone.classList.remove("over");
      if (!e.dataTransfer.files.length) return;
      taker.files = e.dataTransfer.files;
      zone.requestSubmit();
    });
    taker.addEventListener("change", () => taker.files.length && zone.requestSubmit());
  }
})();
