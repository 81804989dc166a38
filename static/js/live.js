// <x-live data-events="/live/…" data-fragment="/…" data-every="15" data-as-of="11:08">: an event only says "something changed";
// the part of the page is then fetched again, whole. When events fail it polls and says so; when that fails too it says since when
// the page is old; once, at the first live part, however many there are. The pill is any [data-live-pill] on the page; the time
// of the data is the header X-As-Of of the answer, or data-as-of on any element in it: the canteen's clock, which in a demo is
// not the device's.

const WORST = ["off", "poll", "on"];

class Live extends HTMLElement {
  static states = new Map();
  static notice = undefined;

  connectedCallback() {
    this.pill = document.querySelector("[data-live-pill]");
    this.asOf = this.dataset.asOf ?? "";
    this.version = null;
    this.every = Number(this.dataset.every ?? 15) * 1000;
    this.open();
  }

  disconnectedCallback() {
    Live.states.delete(this);
    this.source?.close();
    clearInterval(this.polling);
  }

  open() {
    if (!window.EventSource || !this.dataset.events) return this.poll();
    this.source = new EventSource(this.dataset.events);
    this.source.onopen = () => {
      clearInterval(this.polling);
      this.polling = undefined;
      // What happened while nobody listened is fetched once more.
      if (this.wasDown) this.refresh();
      this.wasDown = false;
      this.show("on");
    };
    const changed = (event) => {
      if (event.data && event.data === this.version) return;
      const first = this.version === null;
      this.version = event.data;
      if (!first || !("quietFirst" in this.dataset)) this.refresh();
    };
    this.source.onmessage = changed;
    this.source.addEventListener("version", changed);
    this.source.onerror = () => {
      this.wasDown = true;
      this.poll();
      // The browser gives up on some answers (404, 500); then it is ours to try again.
      if (this.source.readyState === EventSource.CLOSED) setTimeout(() => this.open(), this.every);
    };
  }

  poll() {
    if (this.polling) return;
    this.show("poll");
    this.refresh();
    this.polling = setInterval(() => this.refresh(), this.every);
  }

  async refresh() {
    if (this.busy) {
      this.again = true;
      return;
    }
    this.busy = true;
    try {
      const answer = await fetch(this.dataset.fragment, { headers: { "X-Fragment": "1" }, cache: "no-store", credentials: "same-origin" });
      if (answer.redirected) window.location.reload();
      if (!answer.ok) throw new Error(String(answer.status));
      this.replace(await answer.text());
      this.asOf = answer.headers.get("X-As-Of") ?? this.freshAsOf ?? new Date().toTimeString().slice(0, 5);
      this.show(this.polling ? "poll" : "on");
    } catch {
      this.show("off");
      this.polling ??= setInterval(() => this.refresh(), this.every);
    } finally {
      this.busy = false;
      if (this.again) {
        this.again = false;
        this.refresh();
      }
    }
  }

  replace(markup) {
    const focused = this.contains(document.activeElement) ? document.activeElement.id : "";
    const page = new DOMParser().parseFromString(markup, "text/html");
    // A whole page is as good an answer as a fragment: take the part that is us.
    const parts = [...page.querySelectorAll("x-live")];
    const inside = parts.find((part) => part.dataset.fragment === this.dataset.fragment) ?? parts[0] ?? page.body;
    this.freshAsOf = page.querySelector("[data-as-of]")?.dataset.asOf;
    const notice = this.contains(Live.notice) ? Live.notice : undefined;
    this.replaceChildren(...inside.childNodes);
    if (notice) this.prepend(notice);
    if (focused) document.getElementById(focused)?.focus();
    this.dispatchEvent(new CustomEvent("fresh", { bubbles: true }));
  }

  show(own) {
    Live.states.set(this, own);
    const states = new Set(Live.states.values());
    const state = WORST.find((one) => states.has(one));
    if (this.pill) {
      this.pill.dataset.state = { on: "on", poll: "polling", off: "off" }[state];
      const label = this.pill.querySelector("[data-word]");
      if (label) label.textContent = this.pill.dataset[state] ?? "";
      const time = this.pill.querySelector("[data-time]");
      if (time) time.textContent = this.asOf;
    }
    const sentence = { on: "", poll: this.dataset.polling ?? "", off: this.dataset.offline ?? "" }[state];
    if (!sentence) {
      Live.notice?.remove();
      Live.notice = undefined;
      return;
    }
    if (!Live.notice) {
      Live.notice = document.createElement("div");
      Live.notice.setAttribute("role", "status");
      Live.notice.append(document.createElement("div"));
    }
    Live.notice.className = `banner banner-${state === "off" ? "error" : "warn"}`;
    if (Live.notice.firstChild.textContent !== sentence) Live.notice.firstChild.textContent = sentence;
    const first = document.querySelector("x-live") ?? this;
    if (first.firstChild !== Live.notice) first.prepend(Live.notice);
  }
}

customElements.define("x-live", Live);
