/**
 * Small comforts; every page works without this file.
 * - counts the characters left in a text area with `data-longest`, when there are few;
 * - keeps a draft of a text area with `data-draft` on this device, until the forum has it or somebody signs out;
 * - sends a form only once;
 * - lets a page of ours say that there is no connection;
 * - tells the forum which new posts were on the screen for a moment.
 */

const DRAFT = "draft:";
const SENT = "sent-draft";
const TAKEN = "main > .notice-good[role=status]";
const COUNT_PAUSE_MS = 600;
const NEAR_LIMIT = 500;
const TRY_AGAIN_AFTER_MS = 10_000;
const LOOK_EVERY_MS = 1_500;
const WORKER = "/service-worker.js";

/** Count as the server does: an emoji is one character. */
function showRoom(field, line) {
  const left = Number(field.dataset.longest) - [...field.value].length;
  const { roomOne, roomMany, overOne, overMany } = line.dataset;
  const said = (one, many, count) => (count === 1 ? one : many.replace("{count}", count.toLocaleString(document.documentElement.lang)));
  const room = left > NEAR_LIMIT ? "" : said(roomOne, roomMany, left);
  line.textContent = left < 0 ? said(overOne, overMany, -left) : room;
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

/** Others may use this computer: each member has their own drafts. */
function draftKey(field) {
  return `${DRAFT}${document.body.dataset.member}-${field.dataset.draft}`;
}

/** A browser may refuse storage (private window, full disk); then there are no drafts. */
function withStorage(work) {
  try {
    return work(localStorage, sessionStorage);
  } catch {
    return null;
  }
}

/** What is in the field now comes after what somebody wrote before, unless it is there. */
function withDraft(draft, text) {
  return draft.includes(text.trim()) ? draft : `${draft.trimEnd()}\n\n${text}`;
}

function keepDraft(field) {
  const key = draftKey(field);
  const line = document.createElement("p");
  line.className = "hint";
  line.setAttribute("role", "status");
  const count = document.getElementById(`${field.id}-count`);
  const { draftKept, draftBack } = count.dataset;
  count.before(line);

  const remember = () => {
    const isKept = withStorage((storage) => {
      if (field.value) storage.setItem(key, field.value);
      else storage.removeItem(key);
      return true;
    });
    const sentence = isKept && field.value ? draftKept : "";
    if (line.textContent !== sentence) line.textContent = sentence;
  };

  // Somebody may type before a slow line brought this script
  const isTyped = field.value !== field.defaultValue;
  const draft = withStorage((storage) => storage.getItem(key));
  if (draft && draft !== field.value && (!field.value || isTyped || "quoting" in field.dataset)) {
    field.value = withDraft(draft, field.value);
    field.dispatchEvent(new Event("input"));
    line.textContent = draftBack;
  }
  if (isTyped) remember();
  field.addEventListener("input", remember);
}

/** Sending may fail, so the draft stays; this tab remembers which one is on its way, if any. */
function noteSent(event) {
  const field = event.target.querySelector("textarea[data-draft]");
  withStorage((_, tab) => tab.setItem(SENT, field ? draftKey(field) : ""));
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

/**
 * A post was read when its end was on the screen at two looks; in a tab that nobody looks at nothing was.
 * Who is here for the first time has no new posts: only that they came is told. What cannot be sent stays new.
 */
function noteRead(form) {
  const numbers = form.elements.shown.value.split(",").filter(Boolean);
  const onScreen = new Map();
  const observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) onScreen.set(target, false);
      else onScreen.delete(target);
    }
  });
  const ends = new Map(numbers.map((number) => [document.getElementById(`bericht-${number}`)?.lastElementChild, number]));
  ends.delete(undefined);
  for (const end of ends.keys()) observer.observe(end);

  const looks = setInterval(() => {
    if (document.visibilityState !== "visible") return;
    const read = [...onScreen.keys()].filter((end) => onScreen.get(end));
    for (const end of onScreen.keys()) onScreen.set(end, true);
    if (read.length || !numbers.length) sendRead(form, read.map((end) => ends.get(end)));
    for (const end of read) {
      observer.unobserve(end);
      onScreen.delete(end);
      ends.delete(end);
    }
    if (!ends.size) clearInterval(looks);
  }, LOOK_EVERY_MS);
}

function sendRead(form, numbers) {
  const body = new URLSearchParams(new FormData(form));
  body.set("shown", numbers.join(","));
  fetch(form.action, { method: "POST", body, keepalive: true }).catch(() => {});
}

/** It keeps that page and its style, nothing of a member. Refused in some private windows; then the browser says it. */
function sayWhenOffline() {
  const policy = window.trustedTypes?.createPolicy("forum-worker", { createScriptURL: () => WORKER });
  navigator.serviceWorker?.register(policy ? policy.createScriptURL("") : WORKER).catch(() => {});
}

document.querySelectorAll("textarea[data-longest]").forEach(countCharacters);
dropSentDraft();
document.querySelectorAll("textarea[data-draft]").forEach(keepDraft);
document.querySelectorAll("form[data-sign-out]").forEach((form) => form.addEventListener("submit", dropAllDrafts));
document.querySelectorAll("form[data-read]").forEach(noteRead);
document.addEventListener("submit", noteSent);
document.addEventListener("submit", sendOnce);
window.addEventListener("pageshow", enableButtons);
sayWhenOffline();
