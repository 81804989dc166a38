// <x-queue> around the window: thirty people stand in a queue, so the page never goes away. Every form in it is sent in the
// background, one after the other in the order of the taps; the answer takes the place of the last one, and the card field is
// empty and has the focus from the moment a card was read. What was read while an answer was on its way waits its turn.
//
// A tap carries a key: sent twice, because the answer got lost, it sells once and is told the same answer again. While the
// line is down taps are kept (also over a reload) and told; after a minute they are not sold behind anybody's back, staff say.
// The strip [data-strip] shows the last ones; a question nobody has answered can be opened again from there.
// A link with data-here asks its question in the same place (data-here="close": takes the question away again).
// Without scripts, or on an answer that is no answer of the window, forms and links work as ordinary ones.

const SHOWN = 5;
const SLOW_MS = 300;
const STILL_MS = 8_000;
const GIVE_UP_MS = 10_000;
const AGAIN_MS = [1_000, 2_000, 4_000];
const SAME_MS = 3_000;
const OLD_MS = 60_000;
const LEFT_MS = 600_000;
const STORE = "window-taps";
const MARKS = { ok: "✓", warn: "!", asks: "?", error: "✗", wait: "…", sent: "…", kept: "‖" };
const OPEN = ["wait", "sent", "kept"];

class Queue extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form.window-scan");
    this.field = this.form?.querySelector("input:not([type=hidden])");
    this.strip = this.querySelector("[data-strip]");
    this.answer = this.querySelector("[data-answer]");
    this.line = this.querySelector("[data-line]");
    if (!this.field || !this.strip || !this.answer || !this.line) return;
    this.people = [];
    this.tries = 0;
    this.addEventListener("submit", (event) => this.take(event));
    this.addEventListener("click", (event) => this.ask(event));
    this.strip.addEventListener("click", (event) => this.reopen(event.target.closest("button")));
    this.line.addEventListener("click", (event) => this.decide(event.target.closest("button")));
    window.addEventListener("online", () => this.next());
    this.restore();
    this.paint();
    this.next();
  }

  // ---- taking

  take(event) {
    const form = event.target;
    // The attribute: a button named "method" hides the property of that name.
    if (form.getAttribute("method") !== "post" || event.defaultPrevented) return;
    event.preventDefault();
    const fields = [...new FormData(form)];
    if (event.submitter?.name) fields.push([event.submitter.name, event.submitter.value]);
    if (form === this.form) {
      const text = this.field.value.trim();
      this.field.value = "";
      this.focusField();
      if (text) this.tap(form, fields, text);
      return;
    }
    const asked = this.answer.contains(form) ? this.people.find((one) => one.key === this.shown) : undefined;
    const guest = fields.some(([name, value]) => name === "choose" && value === "guest");
    if (asked && !guest) {
      asked.text = ""; // A button was pressed: the next read of this card is meant.
      this.send(asked, form, fields);
    } else if (guest) this.send(this.add(this.dataset.wordGuest, ""), form, fields);
    else this.sideways(form, fields);
    this.focusField();
  }

  async ask(event) {
    const link = event.target.closest("a[data-here]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const about = this.answer.contains(link) ? this.people.find((one) => one.key === this.shown) : undefined;
    if (link.dataset.here === "close") {
      this.answer.replaceChildren();
      return this.focusField();
    }
    try {
      const answer = await this.fetch(link.href);
      if (answer.headers.get("X-Window") !== "answer") throw new Error("elsewhere");
      this.show(await answer.text(), about);
      this.focusField();
    } catch {
      window.location.assign(link.href);
    }
  }

  tap(form, fields, text) {
    // The same card read twice in a row is one tap: the second time it was only held too long.
    const [last] = this.people;
    if (last?.text === text && (OPEN.includes(last.state) || Date.now() - last.at < SAME_MS)) return;
    const shown = /^[0-9]{6,}$/.test(text) ? this.dataset.wordCard.replace("{tail}", text.slice(-4)) : text;
    this.send(this.add(shown, text), form, fields);
  }

  add(who, text) {
    const one = { key: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random().toString(36).slice(2)}`, who, text };
    this.people.unshift(one);
    return one;
  }

  send(one, form, fields) {
    const url = form.getAttribute("action");
    const named = new Map(fields);
    if (!named.has("key")) fields.push(["key", one.key]);
    Object.assign(one, { url, fields, state: "wait", word: "", since: Date.now(), at: Date.now() });
    if (url === "/staff/tap" && named.get("text")) one.first = { url, fields };
    one.first ??= { url, fields };
    this.people = [one, ...this.people.filter((other) => other !== one)];
    this.trim();
    this.keep();
    this.paint();
    this.next();
  }

  // Something beside the queue: a dish sold out, a due paid, a hand-over undone.
  async sideways(form, fields) {
    if (form.dataset.sent) return;
    form.dataset.sent = "1";
    try {
      const answer = await this.post(form.getAttribute("action"), fields);
      if (answer.headers.get("X-Window") !== "answer") return form.submit();
      this.show(await answer.text(), undefined);
    } catch {
      form.submit();
    } finally {
      delete form.dataset.sent;
    }
  }

  // ---- sending, one after the other

  async next() {
    const waiting = this.people.filter((one) => one.state === "wait" || (one.state === "kept" && !this.isOld(one)));
    const one = waiting[waiting.length - 1];
    if (!one || this.busy) return;
    clearTimeout(this.again);
    this.busy = true;
    const late = one.state === "kept";
    if (!late) one.state = "sent";
    const slow = setTimeout(() => { one.word = this.dataset.wordSent; this.paint(); }, SLOW_MS);
    const still = setTimeout(() => { one.word = this.dataset.wordSlow; this.paint(); }, STILL_MS);
    try {
      const answer = await this.post(one.url, one.fields);
      const signedOut = answer.status === 401 || answer.status === 403 || (answer.redirected && !new URL(answer.url).pathname.startsWith("/staff"));
      if (signedOut && answer.headers.get("X-Window") !== "answer" && !one.reloaded) {
        Object.assign(one, { reloaded: true, state: "kept" });
        this.keep();
        return window.location.reload();
      }
      if (answer.status >= 500 || answer.status === 429) throw new Error(String(answer.status));
      this.tries = 0;
      if (answer.headers.get("X-Window") === "answer") this.settle(one, await answer.text());
      else this.fail(one);
    } catch {
      this.put(one);
    } finally {
      clearTimeout(slow);
      clearTimeout(still);
      this.busy = false;
    }
    this.keep();
    this.paint();
    if (one.state !== "kept") this.next();
  }

  post(url, fields) {
    return this.fetch(url, { method: "POST", body: new URLSearchParams(fields) });
  }

  async fetch(url, request = {}) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), GIVE_UP_MS);
    try {
      return await fetch(url, { ...request, headers: { "X-Window": "1", Accept: "text/html" }, cache: "no-store", credentials: "same-origin", signal: stop.signal });
    } finally {
      clearTimeout(timer);
    }
  }

  isOld(one) {
    return !one.goOn && Date.now() - one.since > OLD_MS;
  }

  put(one) {
    const kept = this.people.filter((other) => other === one || other.state === "wait");
    for (const each of kept) Object.assign(each, { state: "kept", word: this.dataset.wordKept });
    this.again = setTimeout(() => this.next(), AGAIN_MS[Math.min(this.tries, AGAIN_MS.length - 1)]);
    this.tries += 1;
  }

  fail(one) {
    Object.assign(one, { state: "error", word: this.dataset.wordFailed, at: Date.now() });
  }

  settle(one, markup) {
    const told = this.show(markup, one);
    if (told.code === "orders.key-in-progress") return this.put(one);
    const state = told.outcome in MARKS ? told.outcome : "ok";
    Object.assign(one, { state, who: told.who || one.who, word: told.word ?? "", at: Date.now(), goOn: false });
    this.dispatchEvent(new CustomEvent("told", { bubbles: true, detail: { key: one.key, state } }));
  }

  show(markup, one) {
    const page = new DOMParser().parseFromString(markup, "text/html");
    const told = page.querySelector("[data-outcome]");
    if (!told || told.dataset.outcome === "none") return { outcome: "none" };
    const inside = this.answer.contains(document.activeElement);
    this.answer.replaceChildren(told);
    if (told.getBoundingClientRect().top < 0) told.scrollIntoView();
    this.shown = one?.key;
    if (inside || document.activeElement === document.body || document.activeElement === null) this.focusField();
    return { ...told.dataset };
  }

  // ---- the strip, the line

  reopen(button) {
    const one = this.people.find((other) => other.key === button?.dataset.key);
    if (!one || OPEN.includes(one.state)) return;
    this.send(one, { getAttribute: () => one.first.url }, one.first.fields.filter(([name]) => name !== "key"));
    this.focusField();
  }

  decide(button) {
    const kept = this.people.filter((one) => one.state === "kept");
    if (button && "lineGo" in button.dataset) for (const one of kept) one.goOn = true;
    else if (button && "lineDrop" in button.dataset) for (const one of kept) Object.assign(one, { state: "warn", word: this.dataset.wordDropped });
    else return;
    this.keep();
    this.paint();
    this.next();
    this.focusField();
  }

  trim() {
    // Nothing that is not finished leaves the strip.
    const left = (one) => one.state === "asks" && Date.now() - one.at > LEFT_MS;
    const finished = this.people.filter((one) => ["ok", "warn", "error"].includes(one.state) || left(one));
    for (const one of finished.reverse()) if (this.people.length > SHOWN) this.people.splice(this.people.indexOf(one), 1);
    if (this.people.length > SHOWN * 4) this.people = this.people.filter((one, place) => place < SHOWN * 4 || OPEN.includes(one.state));
  }

  paint() {
    this.strip.hidden = this.people.length === 0;
    this.strip.replaceChildren(...this.people.slice(0, SHOWN).map((one) => this.chip(one)));
    const kept = this.people.filter((one) => one.state === "kept");
    const old = kept.some((one) => this.isOld(one));
    this.line.hidden = kept.length === 0;
    const words = (old ? this.dataset.lineAsk : this.dataset.lineDown).replace("{count}", String(kept.length));
    const place = this.line.querySelector("[data-line-words]");
    if (place.textContent !== words) place.textContent = words;
    this.line.querySelector("[data-line-ask]").hidden = !old;
  }

  chip(one) {
    const item = document.createElement("li");
    item.dataset.state = one.state;
    const inside = document.createElement(one.state === "asks" ? "button" : "span");
    if (one.state === "asks") Object.assign(inside, { type: "button" });
    inside.dataset.key = one.key;
    const part = (kind, text) => {
      const span = document.createElement("span");
      span.className = kind;
      span.textContent = text;
      return span;
    };
    const word = one.word || (one.state === "wait" || one.state === "sent" ? this.dataset.wordWait : "");
    inside.append(part("queue-who", `${MARKS[one.state] ?? "…"} ${one.who}`), part("queue-word", word));
    item.append(inside);
    return item;
  }

  focusField() {
    this.field.focus({ preventScroll: true });
  }

  // ---- over a reload: only what has not been told its answer

  keep() {
    const open = this.people.filter((one) => OPEN.includes(one.state));
    try {
      if (open.length) sessionStorage.setItem(STORE, JSON.stringify(open));
      else sessionStorage.removeItem(STORE);
    } catch { /* No storage: they live as long as the page. */ }
  }

  restore() {
    try {
      const token = this.form.querySelector("[name=_csrf_token]")?.value;
      for (const one of JSON.parse(sessionStorage.getItem(STORE) ?? "[]")) {
        const fresh = one.fields.map(([name, value]) => [name, name === "_csrf_token" && token ? token : value]);
        this.people.push({ ...one, fields: fresh, state: "kept", word: this.dataset.wordKept });
      }
    } catch { /* Nothing that can be read. */ }
  }
}

customElements.define("x-queue", Queue);
