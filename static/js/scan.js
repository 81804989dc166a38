// <x-scan data-for="card"> around a form: a keyboard-wedge reader types digits, keys at most 60 ms apart, Enter at the end.
// Keys are read from event.code, because a Chinese input method swallows letters and may rewrite digits. It listens on the
// whole page, so it does not matter where the focus is; slow typing by a person is left alone.
// data-for: id of the field that receives the number; data-min: fewest digits that count as a scan (default 6).

const KEY_GAP_MS = 60;
const NEW_READ_MS = 1000;
const digitOf = (code) => /^(?:Digit|Numpad)([0-9])$/.exec(code)?.[1];

class Scan extends HTMLElement {
  connectedCallback() {
    this.digits = "";
    this.last = 0;
    this.torn = false;
    this.onKey = (event) => this.key(event);
    window.addEventListener("keydown", this.onKey, true);
  }

  disconnectedCallback() {
    window.removeEventListener("keydown", this.onKey, true);
  }

  key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const now = event.timeStamp;
    const quick = now - this.last <= KEY_GAP_MS;
    const digit = digitOf(event.code);
    if (digit !== undefined) {
      // A pause in the middle of a read (a busy machine): what follows is the tail of a number, perhaps somebody else's.
      // It is not sent; the card is tapped again.
      if (!quick) this.torn = this.digits !== "" && now - this.last < NEW_READ_MS;
      this.digits = quick ? this.digits + digit : digit;
      this.last = now;
      return;
    }
    const ended = event.code === "Enter" || event.code === "NumpadEnter";
    if (ended && quick && !this.torn && this.digits.length >= Number(this.dataset.min ?? 6)) {
      event.preventDefault();
      event.stopPropagation();
      this.send(this.digits, event.target);
    }
    this.digits = "";
  }

  send(number, typedInto) {
    const form = this.querySelector("form");
    const field = document.getElementById(this.dataset.for ?? "") ?? form?.querySelector("input:not([type=hidden])");
    if (!form || !field || form.dataset.sent) return;
    // The reader's digits also landed in whatever had the focus: take them out of there again.
    if (typedInto !== field && typeof typedInto?.value === "string" && typedInto.value.endsWith(number)) {
      typedInto.value = typedInto.value.slice(0, -number.length);
    }
    field.value = number;
    form.requestSubmit();
  }
}

customElements.define("x-scan", Scan);
