// The service worker of phones, for addresses under /m/. Keeps the pages of orders that wait to be collected and what they need
// to be shown, nothing else; all of it goes when somebody signs out. Pages come from the line whenever there is one.
"use strict";

var KEPT = "nuancan-orders-1";
var PARTS = "nuancan-parts-1";
var STAND_IN = "/m/offline";
var MOST = 4;
var PATIENCE_MS = 6000;

function isOrder(path) { return /^\/m\/[^/]+\/orders\/[^/]+$/.test(path); }

self.addEventListener("install", function (event) {
  event.waitUntil(
    caches.open(PARTS).then(function (cache) {
      return fetch(STAND_IN, { credentials: "omit" }).then(function (answer) {
        return answer.text().then(function (page) {
          var parts = (page.match(/\/static\/[^"#\s]+/g) || []);
          return Promise.all([
            cache.put(STAND_IN, new Response(page, { headers: headersOf(answer) })),
            Promise.all(parts.map(function (part) { return fetch(part).then(function (found) { if (found.ok) return cache.put(part, found); }); })),
          ]);
        });
      });
    }).then(function () { return self.skipWaiting(); })
  );
});

self.addEventListener("activate", function (event) {
  event.waitUntil(
    caches.keys().then(function (names) {
      return Promise.all(names.map(function (name) {
        if (name.indexOf("nuancan-") === 0 && name !== KEPT && name !== PARTS) return caches.delete(name);
      }));
    }).then(function () { return self.clients.claim(); })
  );
});

function headersOf(answer) {
  var headers = new Headers();
  ["Content-Type", "Content-Security-Policy", "X-As-Of", "X-Number"].forEach(function (name) {
    if (answer.headers.get(name)) headers.set(name, answer.headers.get(name));
  });
  return headers;
}

// Kept by its path alone; the newest few stay.
function keepPage(path, answer) {
  var copy = answer.clone();
  return copy.text().then(function (page) {
    if (page.indexOf('name="keep-offline" content="1"') < 0) return forgetPage(path);
    return caches.open(KEPT).then(function (cache) {
      return cache["delete"](path).then(function () {
        return cache.put(path, new Response(page, { headers: headersOf(answer) }));
      }).then(function () { return cache.keys(); }).then(function (keys) {
        return Promise.all(keys.slice(0, Math.max(0, keys.length - MOST)).map(function (old) { return cache["delete"](old); }));
      });
    });
  });
}

function forgetPage(path) {
  return caches.open(KEPT).then(function (cache) { return cache["delete"](path); });
}

// The page itself knows what to say without a line: it is only told that there is none.
function asKept(found) {
  return found.text().then(function (page) {
    return new Response(page.replace("<html ", "<html data-offline data-kept "), { headers: headersOf(found) });
  });
}

function keptOrder(path) {
  return caches.open(KEPT).then(function (cache) { return cache.match(path); }).then(function (kept) { return kept && asKept(kept); });
}

function standIn() {
  return caches.match(STAND_IN).then(function (found) { return found ? asKept(found) : Response.error(); });
}

// What is kept comes when the line is down, when it has not answered for a while, and when all that answers is a door before a
// server that is down. Only an answer about the order ends what is kept: a redirect (signed out) or 404 (not theirs any more).
function orderOf(event, path) {
  var answered = fetch(event.request).then(function (answer) {
    if (answer.status >= 500 || answer.status === 429) return keptOrder(path).then(function (kept) { return kept || answer; });
    event.waitUntil(answer.ok && answer.type === "basic" ? keepPage(path, answer.clone()) : forgetPage(path));
    return answer;
  }, function () { return keptOrder(path).then(function (kept) { return kept || standIn(); }); });
  var waited = new Promise(function (resolve) {
    setTimeout(function () { keptOrder(path).then(function (kept) { if (kept) resolve(kept); }); }, PATIENCE_MS);
  });
  return Promise.race([answered, waited]);
}

function partOf(event) {
  var versioned = event.request.url.indexOf("?v=") > 0;
  return caches.open(PARTS).then(function (cache) {
    return cache.match(event.request.url.split("#")[0]).then(function (kept) {
      if (kept && versioned) return kept;
      return fetch(event.request).then(function (answer) {
        if (answer.ok) event.waitUntil(cache.put(event.request.url.split("#")[0], answer.clone()));
        return answer;
      }, function () { return kept || Response.error(); });
    });
  });
}

self.addEventListener("fetch", function (event) {
  var url = new URL(event.request.url);
  if (url.origin !== self.location.origin) return;
  if (event.request.method === "POST" && /\/signout$/.test(url.pathname)) {
    event.waitUntil(caches["delete"](KEPT));
    return;
  }
  if (event.request.method !== "GET") return;
  if (url.pathname.indexOf("/static/") === 0) event.respondWith(partOf(event));
  else if (event.request.mode !== "navigate" || url.pathname.indexOf("/m/") !== 0) return;
  else if (isOrder(url.pathname)) event.respondWith(orderOf(event, url.pathname));
  else event.respondWith(fetch(event.request)["catch"](standIn));
});

self.addEventListener("message", function (event) {
  var asked = event.data || {};
  if (typeof asked.page !== "string" || !isOrder(asked.page)) return;
  if (!asked.keep) {
    event.waitUntil(forgetPage(asked.page));
    return;
  }
  event.waitUntil(
    Promise.all([
      fetch(asked.page, { credentials: "same-origin" }).then(function (answer) { if (answer.ok && !answer.redirected) return keepPage(asked.page, answer); }),
      caches.open(PARTS).then(function (cache) {
        return Promise.all((asked.parts || []).map(function (part) {
          if (new URL(part, self.location.origin).origin !== self.location.origin) return undefined;
          return fetch(part).then(function (answer) { if (answer.ok) return cache.put(part, answer); });
        }));
      }),
    ])
  );
});
