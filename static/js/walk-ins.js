/**
 * Who comes and is not on the list of a meeting: without a line their names are kept on this device, and sent when
 * the line is back. Whom the forum cannot tell by name is left to a person. Without this file it is a form.
 */

const AGAIN_MS = 15_000;
const UNCLEAR = [200, 422];

const form = document.querySelector("form[data-walk-ins]");
const line = form?.querySelector("[data-walk-ins-status]");
const key = form && `walk-ins:${document.body.dataset.member}:${form.getAttribute("action")}`;
const unclear = new Set();
let names = read();
let isSending = false;

/** A browser may refuse storage; then names live as long as the page does. */
function read() {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? [];
  } catch {
    return [];
  }
}

function keep() {
  try {
    if (names.length) localStorage.setItem(key, JSON.stringify(names));
    else localStorage.removeItem(key);
  } catch {
    // as above
  }
  const words = names.every((name) => unclear.has(name)) ? line.dataset.unclear : line.dataset.kept;
  line.textContent = names.length ? words.replace("{names}", () => names.join(", ")) : "";
}

/** An answer that leads back to the list says that the person is on it; one with a page asks who it is. */
async function post(name) {
  const body = new URLSearchParams({ csrf_token: form.elements.csrf_token.value, who: name });
  const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" });
  return answer.type === "opaqueredirect" ? "added" : UNCLEAR.includes(answer.status) ? "unclear" : "refused";
}

async function send() {
  if (isSending) return;
  isSending = true;
  let isAdded = false;
  for (const name of names.filter((name) => !unclear.has(name))) {
    try {
      const outcome = await post(name);
      if (outcome === "added") {
        isAdded = true;
        names = names.filter((other) => other !== name);
      } else if (outcome === "unclear") {
        unclear.add(name);
        form.elements.who.value ||= name;
      }
    } catch {
      break; // no line: tried again later
    }
  }
  isSending = false;
  keep();
  if (isAdded) location.reload();
}

async function onSubmit(event) {
  event.preventDefault();
  const name = form.elements.who.value.trim();
  try {
    const outcome = name ? await post(name) : "unclear";
    names = names.filter((other) => other !== name);
    keep();
    if (outcome === "added") location.reload();
    else form.submit();
  } catch {
    if (!names.includes(name)) names.push(name);
    form.elements.who.value = "";
    keep();
  }
}

if (form) {
  form.addEventListener("submit", onSubmit);
  window.addEventListener("online", send);
  setInterval(send, AGAIN_MS);
  if (names.length) {
    keep();
    send();
  }
}
