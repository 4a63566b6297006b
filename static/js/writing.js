/**
 * Comforts of a text area with `data-write`, the address of its thread; every form works without this file.
 * - a toolbar for bold, italic, a list, a quote and a link;
 * - the button "Bekijk voorbeeld" shows the text as the forum will show it, and keeps it up to date;
 * - names of those who take part, after `@`;
 * - quoting only the selected words of a post.
 */

const TEXTS = JSON.parse(document.getElementById("writing-texts").textContent);
const QUOTE_LONGEST = 600;
const NAME_LONGEST = 60;
const ASK_AFTER_MS = 200;
const SHOW_AFTER_MS = 700;

/* The one place where HTML from elsewhere enters the page: the answer of our own server, which let it through
   the same allowlist as every post. The security policy knows this policy by name and lets no other be made. */
const trusted = window.trustedTypes?.createPolicy("forum-preview", { createHTML: (html) => html });

function parsed(html) {
  const page = new DOMParser().parseFromString(trusted ? trusted.createHTML(html) : html, "text/html");
  return [...page.body.childNodes];
}

function made(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Replace part of a text so that the browser can undo it, and select part of what came. */
function replace(field, start, end, text, from = text.length, to = from) {
  field.focus();
  field.setSelectionRange(start, end);
  if (!document.execCommand("insertText", false, text)) {
    field.setRangeText(text, start, end);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  field.setSelectionRange(start + from, start + to);
}

/* Toolbar */

function wrap(field, mark) {
  let { value, selectionStart: start, selectionEnd: end } = field;
  while (start < end && /\s/.test(value[start])) start++;
  while (start < end && /\s/.test(value[end - 1])) end--;
  const words = value.slice(start, end);
  const size = mark.length;
  if (value.slice(start - size, start) === mark && value.slice(end, end + size) === mark) {
    replace(field, start - size, end + size, words, 0, words.length);
  } else {
    replace(field, start, end, mark + words + mark, size, size + words.length);
  }
}

function startLines(field, mark) {
  const { value } = field;
  const start = value.lastIndexOf("\n", field.selectionStart - 1) + 1;
  const next = value.indexOf("\n", field.selectionEnd);
  const end = next < 0 ? value.length : next;
  const lines = value.slice(start, end).split("\n");
  const isOn = lines.every((line) => line.startsWith(mark));
  const text = lines.map((line) => (isOn ? line.slice(mark.length) : mark + line)).join("\n");
  const before = !isOn && /[^\n]\n$/.test(value.slice(0, start)) ? "\n" : "";
  const after = !isOn && /^\n[^\n]/.test(value.slice(end)) ? "\n" : "";
  replace(field, start, end, before + text + after, before.length + text.length);
}

function link(field) {
  const { value, selectionStart: start, selectionEnd: end } = field;
  const words = value.slice(start, end).trim();
  const shown = words || TEXTS.linked;
  if (/^https?:\/\//i.test(words)) replace(field, start, end, `[${TEXTS.linked}](${words})`, 1, TEXTS.linked.length + 1);
  else replace(field, start, end, `[${shown}](https://)`, shown.length + 3, shown.length + 11);
}

const TOOLS = [
  [TEXTS.bold, "tool-bold", (field) => wrap(field, "**")],
  [TEXTS.italic, "tool-italic", (field) => wrap(field, "_")],
  [TEXTS.list, "", (field) => startLines(field, "- ")],
  [TEXTS.quote, "", (field) => startLines(field, "> ")],
  [TEXTS.link, "tool-link", link],
];

/** One stop for the Tab key; arrows go from button to button. */
function moveFocus(event) {
  const buttons = [...event.currentTarget.children];
  const here = buttons.indexOf(event.target);
  const place = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: buttons.length - 1 }[event.key];
  if (place === undefined) return;
  event.preventDefault();
  const there = buttons[(place + buttons.length) % buttons.length];
  for (const button of buttons) button.tabIndex = button === there ? 0 : -1;
  there.focus();
}

function addToolbar(field) {
  const buttons = TOOLS.map(([name, look, use], place) => {
    const button = made("button", { type: "button", class: `tool ${look}`, tabindex: place ? -1 : 0 }, name);
    button.addEventListener("click", () => use(field));
    return button;
  });
  const toolbar = made("div", { role: "toolbar", class: "toolbar", "aria-label": TEXTS.tools, "aria-controls": field.id }, ...buttons);
  toolbar.addEventListener("keydown", moveFocus);
  field.before(toolbar);
}

/* Preview */

function addPreview(field) {
  const button = field.form.querySelector("button[name=preview]");
  const id = `${field.id}-preview`;
  const page = made("div", { class: "prose" });
  const line = made("p", { class: "hint", role: "status" });
  const panel = made("section", { id, class: "box preview", "aria-label": TEXTS.preview, hidden: "" }, made("h3", {}, TEXTS.looks), line, page);
  let pause, asked;

  async function show() {
    asked?.abort();
    asked = new AbortController();
    const token = field.form.elements.csrf_token.value;
    try {
      const answer = await fetch(`${field.dataset.write}/voorbeeld`, {
        method: "POST",
        body: new URLSearchParams({ text: field.value, csrf_token: token }),
        signal: asked.signal,
      });
      if (!answer.ok) throw new Error(answer.status);
      const { html } = await answer.json();
      page.replaceChildren(...parsed(html));
      line.textContent = html ? "" : TEXTS.nothing;
    } catch (error) {
      if (error.name !== "AbortError") line.textContent = TEXTS.failed;
    }
  }

  button.setAttribute("aria-expanded", "false");
  button.setAttribute("aria-controls", id);
  button.addEventListener("click", (event) => {
    event.preventDefault();
    panel.hidden = !panel.hidden;
    button.setAttribute("aria-expanded", String(!panel.hidden));
    if (!panel.hidden) show();
  });
  field.addEventListener("input", () => {
    clearTimeout(pause);
    if (!panel.hidden) pause = setTimeout(show, SHOW_AFTER_MS);
  });
  field.closest(".field").after(panel);
}

/* Mentions */

function addPeople(field) {
  const id = `${field.id}-people`;
  const list = made("ul", { id, role: "listbox", class: "people", "aria-label": TEXTS.people, hidden: "" });
  const line = made("p", { class: "vh", role: "status" });
  let pause, asked = 0, active = -1, nobody = null;

  /** The name that is being typed: from the last `@` to where the writer is. */
  function typed() {
    const before = field.value.slice(0, field.selectionStart);
    return before.match(/(?:^|[^\p{L}\p{N}_@])@(\p{L}[^\n@]*)$/u)?.[1].slice(0, NAME_LONGEST);
  }
  /** Names that were asked for before this stay away, also when they come later. */
  function close() {
    clearTimeout(pause);
    asked++;
    list.hidden = true;
    active = -1;
    line.textContent = "";
    field.removeAttribute("aria-activedescendant");
  }
  function activate(place) {
    const options = [...list.children];
    active = (place + options.length) % options.length;
    options.forEach((option, other) => option.setAttribute("aria-selected", String(other === active)));
    field.setAttribute("aria-activedescendant", options[active].id);
    options[active].scrollIntoView({ block: "nearest" });
  }
  function choose(name) {
    const words = typed();
    if (words === undefined) return close();
    const start = field.selectionStart - words.length;
    nobody = `${name} `;
    replace(field, start, field.selectionStart, `${name} `);
    close();
  }
  async function ask() {
    const words = typed();
    if (!words || (nobody !== null && words.startsWith(nobody))) return close();
    const mine = ++asked;
    const answer = await fetch(`${field.dataset.write}/deelnemers?${new URLSearchParams({ q: words })}`).catch(() => null);
    const names = answer?.ok ? (await answer.json()).names : [];
    if (mine !== asked || words !== typed()) return;
    nobody = names.length ? null : words;
    if (!names.length) return close();
    list.replaceChildren(
      ...names.map((name, place) => {
        const option = made("li", { id: `${id}-${place}`, role: "option", "aria-selected": "false" }, name);
        option.addEventListener("pointerdown", (event) => event.preventDefault());
        option.addEventListener("click", () => choose(name));
        return option;
      }),
    );
    active = -1;
    list.hidden = false;
    line.textContent = names.length === 1 ? TEXTS.one : TEXTS.many.replace("{count}", () => names.length);
  }

  for (const [name, value] of [["aria-autocomplete", "list"], ["aria-haspopup", "listbox"], ["aria-controls", id]]) field.setAttribute(name, value);
  field.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(ask, ASK_AFTER_MS);
  });
  field.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown") activate(active + 1);
    else if (event.key === "ArrowUp") activate(active < 0 ? -1 : active - 1);
    else if (event.key === "Enter" && active >= 0) choose(list.children[active].textContent);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  field.addEventListener("blur", close);
  field.after(list, line);
}

/* Quoting */

const quoteKey = (path) => `quote:${path}`;

function selectedIn(article) {
  const selection = getSelection();
  const isInside = selection.rangeCount && article?.querySelector(".prose")?.contains(selection.getRangeAt(0).commonAncestorContainer);
  return isInside ? String(selection).trim() : "";
}

/** A press on the link ends the selection, so it is read when the press begins. */
function quoteSelection(link) {
  let words = "";
  link.addEventListener("pointerdown", () => (words = selectedIn(link.closest("article"))));
  link.addEventListener("click", () => {
    words ||= selectedIn(link.closest("article"));
    try {
      sessionStorage.setItem(quoteKey(link.pathname), words.slice(0, QUOTE_LONGEST));
    } catch {} // then the whole post is quoted
  });
}

function useSelection(field) {
  try {
    const words = sessionStorage.getItem(quoteKey(location.pathname));
    sessionStorage.removeItem(quoteKey(location.pathname));
    if (words) field.value = `${words.split("\n").map((line) => `> ${line}`.trimEnd()).join("\n")}\n\n`;
  } catch {} // then the whole post is quoted
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
}

for (const field of document.querySelectorAll("textarea[data-write]")) {
  addToolbar(field);
  addPreview(field);
  addPeople(field);
}
document.querySelectorAll("a[data-quote]").forEach(quoteSelection);
document.querySelectorAll("textarea[data-quoting]").forEach(useSelection);
