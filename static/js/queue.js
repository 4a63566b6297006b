/**
 * Keys for a moderator who goes through the list of flagged posts; the list works without this file.
 * They work only while the focus is on a post, and never in a field: nobody decides by accident.
 */

const BY_KEY = "queue-by-key";
const PRESSES = {
  l: "button[name=keep]",
  v: "button[name=hide]",
  x: "input[name=chosen]",
  o: "a[data-open]",
};
const STEPS = { j: 1, k: -1 };

const entries = [...document.querySelectorAll("[data-entry]")];

function onKey(event) {
  const entry = event.target.closest("[data-entry]");
  const inField = event.target.matches("select, textarea, input:not([type=checkbox])");
  if (!entry || inField || event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  if (event.key in STEPS) {
    entries[entries.indexOf(entry) + STEPS[event.key]]?.focus();
  } else if (event.key in PRESSES) {
    if (event.key === "l" || event.key === "v") remember();
    entry.querySelector(PRESSES[event.key])?.click();
  }
}

/** The page that comes after a decision by key begins at its first post, for the next key. */
function remember() {
  try {
    sessionStorage.setItem(BY_KEY, "yes");
  } catch {
    // a private window may refuse storage; then one tabs to the list
  }
}

function goOn() {
  try {
    if (sessionStorage.getItem(BY_KEY)) entries[0]?.focus();
    sessionStorage.removeItem(BY_KEY);
  } catch {
    // as above
  }
}

for (const line of document.querySelectorAll("[data-keys]")) line.hidden = false;
document.addEventListener("keydown", onKey);
goOn();
