/**
 * The list of who is at a meeting goes on without a line: ticks are kept on this device with the moment they
 * were made, and sent when the line is back. Sent twice they are the same. Without this file the list is a form.
 */

const AGAIN_MS = 15_000;

const form = document.querySelector("form[data-ticks]");
const boxes = form ? [...form.querySelectorAll("input[data-member]")] : [];
const isOpen = boxes.some((box) => !box.disabled);
const key = form && `ticks:${document.body.dataset.member}:${form.dataset.ticks}`;
const line = form?.querySelector("[data-ticks-status]");
let ticks = read();
let isSending = false;

/** A browser may refuse storage; then ticks live as long as the page does. */
function read() {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? {};
  } catch {
    return {};
  }
}

function keep() {
  try {
    if (Object.keys(ticks).length) localStorage.setItem(key, JSON.stringify(ticks));
    else localStorage.removeItem(key);
  } catch {
    // as above
  }
}

function show(problem = "") {
  const count = Object.keys(ticks).length;
  const { allSent, notSent } = line.dataset;
  const sentence = count ? `${notSent.replace("{count}", count)} ${problem}`.trim() : allSent;
  if (line.textContent !== sentence) line.textContent = sentence;
}

/** What a list that is shut never took stands on this device alone: whoever opens the list reads it. */
function showRefused() {
  const { here, absent, shut } = line.dataset;
  const people = boxes
    .filter((box) => ticks[box.dataset.member])
    .map((box) => {
      const words = ticks[box.dataset.member].startsWith("1") ? here : absent;
      return words.replace("{name}", () => box.nextElementSibling.firstChild.textContent.trim());
    });
  if (people.length) line.textContent = shut.replace("{people}", () => people.join(", "));
}

function body() {
  const fields = new URLSearchParams({ csrf_token: form.elements.csrf_token.value });
  for (const [member, tick] of Object.entries(ticks)) fields.append("tick", `${member}:${tick}`);
  return fields;
}

/** A tick that was made while the others were on their way stays until it is sent itself, right after them. */
async function send() {
  if (isSending || !Object.keys(ticks).length) return;
  isSending = true;
  let isTaken = false;
  const sent = { ...ticks };
  let problem = line.dataset.noLine;
  try {
    const answer = await fetch(form.dataset.ticks, { method: "POST", body: body(), redirect: "manual" });
    isTaken = answer.status === 204;
    if (isTaken) {
      for (const member of Object.keys(sent)) if (ticks[member] === sent[member]) delete ticks[member];
      keep();
    } else {
      problem = line.dataset.refused;
    }
  } catch {
    // no line: tried again later
  }
  isSending = false;
  show(isTaken ? "" : problem);
  if (isTaken) send();
}

function onTick(event) {
  ticks[event.target.dataset.member] = `${event.target.checked ? 1 : 0}:${new Date().toISOString()}`;
  keep();
  show();
  send();
}

/** Leaving the page without a line would lose the list; each tick is on its way already. */
function onSubmit(event) {
  event.preventDefault();
  send();
}

if (isOpen) {
  for (const box of boxes) {
    const tick = ticks[box.dataset.member];
    if (tick) box.checked = tick.startsWith("1");
    box.addEventListener("change", onTick);
  }
  form.addEventListener("submit", onSubmit);
  window.addEventListener("online", send);
  setInterval(send, AGAIN_MS);
  show();
  send();
} else if (form) {
  showRefused();
}
