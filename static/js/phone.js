// Phones, written for old browsers too (no modules, nothing newer than 2015): keeps the pick-up page for times without a line,
// says when there is none, and lists what was kept on the page that then stands in for the others.
(function () {
  "use strict";
  var root = document.documentElement;
  var KEPT = "nuancan-orders-1";
  var kept = root.hasAttribute("data-kept");

  function offline(is) {
    if (is) root.setAttribute("data-offline", "");
    else root.removeAttribute("data-offline");
  }

  if (navigator.onLine === false) offline(true);
  window.addEventListener("offline", function () { offline(true); });
  window.addEventListener("online", function () {
    if (kept) renew();
    else offline(false);
  });

  // A page out of the phone's own store is old. It is fetched again once the server answers (phones say "online" before they
  // are, and a server may be down while the line is up), but never while another page is on its way: that one was asked for.
  var leaving = false;
  window.addEventListener("beforeunload", function () { leaving = true; });
  window.addEventListener("pagehide", function () { leaving = true; });
  function renew() {
    fetch("/m/offline", { cache: "no-store", credentials: "omit" }).then(function (answer) {
      if (answer.ok && !leaving) window.location.reload();
      leaving = false;
    })["catch"](function () { /* Still none: the next round tries again. */ });
  }
  if (kept) setInterval(function () { if (!document.hidden) renew(); }, 10000);

  var list = document.querySelector("[data-kept-orders]");
  if (list && window.caches) {
    window.caches.open(KEPT).then(function (cache) {
      return cache.keys().then(function (requests) {
        requests.forEach(function (request) {
          cache.match(request).then(function (answer) {
            var link = document.createElement("a");
            var number = answer ? answer.headers.get("X-Number") : "";
            link.className = "button button-primary button-wide";
            link.href = new URL(request.url).pathname;
            link.textContent = list.getAttribute("data-word") + (number ? " " + decodeURIComponent(number) : "");
            list.appendChild(link);
            list.removeAttribute("hidden");
          });
        });
      });
    });
  }

  if (!("serviceWorker" in navigator)) return;
  navigator.serviceWorker.register("/m/sw.js", { scope: "/m/" }).then(function () {
    return navigator.serviceWorker.ready;
  }).then(function (registration) {
    var keep = document.querySelector('meta[name="keep-offline"]');
    if (!keep || kept || !registration.active) return;
    // The first page of a visit came before the worker: it is told what to keep.
    var parts = [];
    document.querySelectorAll('link[rel="stylesheet"], script[src]').forEach(function (part) { parts.push(part.href || part.src); });
    registration.active.postMessage({ keep: keep.content === "1", page: window.location.pathname, parts: parts });
  })["catch"](function () { /* Refused (private window, no TLS): the pages work with a line. */ });
})();
