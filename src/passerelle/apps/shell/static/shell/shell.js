// What the shell does by itself: shortcuts, menus that close, copying, choosing many rows.
// Everything it does can be done without it.

const page = document;
const KEYS_OFF = "passerelle.keys";

const fields = "input, textarea, select, [contenteditable]";
const one = (selector) => page.querySelector(selector);

function keysAreOff() {
  try { return localStorage.getItem(KEYS_OFF) === "off"; } catch { return false; }
}

// Single keys: "/" seeks, "g" and a letter goes, "?" helps, "j" and "k" walk through a table.
let going = false;
page.addEventListener("keydown", (event) => {
  if (event.key === "Escape") return close(event);
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(fields)) return;
  if (keysAreOff()) return;
  if (going) {
    going = false;
    const link = one(`[data-go="${CSS.escape(event.key)}"]`);
    if (link) { event.preventDefault(); link.click(); }
    return;
  }
  const act = { "/": seek, "?": help, g: () => { going = true; setTimeout(() => { going = false; }, 1200); },
    j: () => walk(1), k: () => walk(-1), x: tick }[event.key];
  if (act) { if (act() !== false) event.preventDefault(); }
});

function seek() { const field = one("[data-seek]"); field?.focus(); field?.select(); }
function help() { one("#keys")?.showModal(); }

function walk(step) {
  const links = [...page.querySelectorAll("table[data-walk] tbody .who")];
  if (!links.length) return false;
  const here = links.indexOf(page.activeElement);
  const place = here < 0 ? 0 : Math.min(links.length - 1, Math.max(0, here + step));
  links[place].focus();
  links[place].scrollIntoView({ block: "nearest" });
}

function tick() {
  const box = page.activeElement?.closest("tr")?.querySelector("input[type=checkbox]");
  if (!box) return false;
  box.click();
}

function close(event) {
  const menu = page.querySelector("details.menu[open]");
  if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  const found = one(".found");
  if (found?.innerHTML.trim()) { found.replaceChildren(); event.target.closest(".seek")?.querySelector("input").focus(); }
}

// Menus close when one looks elsewhere; quick results likewise.
page.addEventListener("click", (event) => {
  for (const menu of page.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  if (!event.target.closest(".seek")) one(".found")?.replaceChildren();
  const opener = event.target.closest("[data-open]");
  if (opener) one(opener.dataset.open)?.showModal();
  if (event.target.matches("dialog")) event.target.close();
  if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
  const copier = event.target.closest("[data-copy]");
  if (copier) copy(copier);
});

// Arrows walk through what was found.
page.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const field = event.target.closest(".seek");
  if (!field) return;
  const stops = [field.querySelector("input"), ...field.querySelectorAll(".found a")];
  const next = stops[stops.indexOf(page.activeElement) + (event.key === "ArrowDown" ? 1 : -1)];
  if (next) { event.preventDefault(); next.focus(); }
});

async function copy(button) {
  const text = one(button.dataset.copy)?.textContent ?? "";
  try { await navigator.clipboard.writeText(text.trim()); } catch { return; }
  const said = button.textContent;
  button.textContent = button.dataset.copied ?? said;
  setTimeout(() => { button.textContent = said; }, 1600);
}

// A box that ticks all rows of its table; how many are chosen is told beside it.
page.addEventListener("change", (event) => {
  const all = event.target.closest("[data-tick-all]");
  if (all) for (const box of rows(all)) box.checked = all.checked;
  const keys = event.target.closest("[data-keys]");
  if (keys) { try { localStorage.setItem(KEYS_OFF, keys.checked ? "on" : "off"); } catch { /* private mode */ } }
  const sent = event.target.closest("[data-submit]");
  if (sent) sent.form.requestSubmit();
  const form = event.target.closest("form");
  if (form) count(form);
});

const rows = (box) => box.closest("form").querySelectorAll("tbody input[type=checkbox]");
function count(form) {
  const told = form.querySelector("[data-chosen]");
  if (!told) return;
  const n = form.querySelectorAll("tbody input[type=checkbox]:checked").length;
  told.textContent = n ? told.dataset[n === 1 ? "one" : "other"].replace("0", n) : "";
}

function begin() {
  const keys = one("[data-keys]");
  if (keys) keys.checked = !keysAreOff();
  reveal();
}

// What only a script can do is hidden until there is one; parts that htmx brings come hidden, too.
function reveal() { for (const shown of page.querySelectorAll("[data-script]")) shown.hidden = false; }

begin();
page.addEventListener("htmx:afterSettle", reveal);
