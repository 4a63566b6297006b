/**
 * Says that there is no connection, instead of the browser. Keeps that page and what it needs to look right;
 * never a page of the forum: others may use this device.
 */
const KEPT = "forum-{{ version }}";
const OFFLINE = {{ offline|tojson }};
const FILES = {{ files|tojson }};

self.addEventListener("install", (event) => {
  const offline = new Request(OFFLINE, { credentials: "omit", cache: "reload" });
  event.waitUntil(caches.open(KEPT).then((cache) => cache.addAll([offline, ...FILES])).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (names) => names.filter((name) => name !== KEPT);
  event.waitUntil(caches.keys().then((names) => Promise.all(old(names).map((name) => caches.delete(name)))));
});

self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const path = url.slice(self.location.origin.length);
  if (method === "GET" && mode === "navigate") {
    event.respondWith(fetch(event.request).catch(() => caches.match(OFFLINE)));
  } else if (FILES.includes(path)) {
    event.respondWith(caches.match(path).then((kept) => kept || fetch(event.request)));
  }
});
