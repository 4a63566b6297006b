/**
 * Small comforts; every page works without this file.
 * - counts the characters left in a text area with `data-longest`;
 * - keeps a draft of a text area with `data-draft` on this device, until the forum has it or somebody signs out;
 * - sends a form only once.
 */

const DRAFT = "draft:";
const SENT = "sent-draft";
const TAKEN = "main > .notice-good[role=status]";
const COUNT_PAUSE_MS = 600;
const TRY_AGAIN_AFTER_MS = 10_000;

/** Count as the server does: an emoji is one character. */
function showRoom(field, line) {
  const left = Number(field.dataset.longest) - [...field.value].length;
  const marks = (count) => `${count.toLocaleString("nl")} ${count === 1 ? "teken" : "tekens"}`;
  line.textContent = left < 0 ? `Uw tekst is ${marks(-left)} te lang.` : `U kunt nog ${marks(left)} typen.`;
  line.classList.toggle("error", left < 0);
}

function countCharacters(field) {
  const line = document.getElementById(`${field.id}-count`);
  if (!line) return;
  let pause;
  line.setAttribute("aria-live", "polite");
  showRoom(field, line);
  field.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(() => showRoom(field, line), COUNT_PAUSE_MS);
  });
}

/** A browser may refuse storage (private window, full disk); then there are no drafts. */
function withStorage(work) {
  try {
    return work(localStorage, sessionStorage);
  } catch {
    return null;
  }
}

function keepDraft(field) {
  const key = DRAFT + field.dataset.draft;
  const line = document.createElement("p");
  line.className = "hint";
  line.setAttribute("role", "status");
  field.after(line);

  const draft = withStorage((storage) => storage.getItem(key));
  if (draft && !field.value) {
    field.value = draft;
    field.dispatchEvent(new Event("input"));
    line.textContent = "Wij hebben uw concept teruggezet.";
  }
  field.addEventListener("input", () => {
    const isKept = withStorage((storage) => {
      if (field.value) storage.setItem(key, field.value);
      else storage.removeItem(key);
      return true;
    });
    const sentence = isKept && field.value ? "Uw concept is bewaard op dit apparaat." : "";
    if (line.textContent !== sentence) line.textContent = sentence;
  });
}

/** Sending may fail, so the draft stays; this tab remembers which one is on its way, if any. */
function noteSent(event) {
  const field = event.target.querySelector("textarea[data-draft]");
  withStorage((_, tab) => tab.setItem(SENT, field ? DRAFT + field.dataset.draft : ""));
}

/** A page that starts with a confirmation says that the forum has what was sent. */
function dropSentDraft() {
  withStorage((storage, tab) => {
    if (document.querySelector(TAKEN)) storage.removeItem(tab.getItem(SENT));
    tab.removeItem(SENT);
  });
}

function dropAllDrafts() {
  withStorage((storage) => {
    for (const key of Object.keys(storage)) if (key.startsWith(DRAFT)) storage.removeItem(key);
  });
}

/** The button goes off after the browser gathered the fields, else its own value would not be sent. */
function sendOnce(event) {
  const button = event.submitter;
  if (event.defaultPrevented || !button || event.target.method === "get") return;
  setTimeout(() => {
    button.disabled = true;
    button.dataset.sent = "";
  });
  setTimeout(enableButtons, TRY_AGAIN_AFTER_MS);
}

/** After "back", or when the answer was a download or no answer at all. */
function enableButtons() {
  for (const button of document.querySelectorAll("button[data-sent]")) {
    button.disabled = false;
    delete button.dataset.sent;
  }
}

document.querySelectorAll("textarea[data-longest]").forEach(countCharacters);
dropSentDraft();
document.querySelectorAll("textarea[data-draft]").forEach(keepDraft);
document.querySelectorAll("form[data-sign-out]").forEach((form) => form.addEventListener("submit", dropAllDrafts));
document.addEventListener("submit", noteSent);
document.addEventListener("submit", sendOnce);
window.addEventListener("pageshow", enableButtons);
