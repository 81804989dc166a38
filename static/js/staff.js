// Staff pages. <x-result data-sound="ok" data-seconds="3" data-then="/staff/handover">: the result of a scan, with a sound; after the
// seconds it makes room for the next scan without loading anything, so that digits already typed are not lost.
// <x-print>: a button that prints; with ?print=1 in the address the page prints itself at once.

const TONES = { ok: [[660, 0, 0.12], [990, 0.12, 0.2]], warn: [[520, 0, 0.2]], error: [[220, 0, 0.18], [220, 0.26, 0.24]] };

function sound(kind) {
  const Context = window.AudioContext;
  if (!Context || !TONES[kind]) return;
  try {
    const audio = new Context();
    for (const [pitch, start, length] of TONES[kind]) {
      const tone = audio.createOscillator();
      const loud = audio.createGain();
      tone.frequency.value = pitch;
      loud.gain.value = 0.2;
      tone.connect(loud).connect(audio.destination);
      tone.start(audio.currentTime + start);
      tone.stop(audio.currentTime + start + length);
    }
    setTimeout(() => audio.close(), 1500);
  } catch { /* The device has no sound: shape, word and colour say it. */ }
}

class Result extends HTMLElement {
  connectedCallback() {
    sound(this.dataset.sound);
    // Going back or reloading must not show an old result as if it were new.
    if (this.dataset.then) window.history.replaceState(null, "", this.dataset.then);
    const seconds = Number(this.dataset.seconds ?? 0);
    if (seconds > 0) this.leaving = setTimeout(() => this.remove(), seconds * 1000);
  }

  disconnectedCallback() {
    clearTimeout(this.leaving);
  }
}

class Print extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => { if (event.target.closest("button")) window.print(); });
    if (new URLSearchParams(window.location.search).get("print") === "1") setTimeout(() => window.print(), 200);
  }
}

customElements.define("x-result", Result);
customElements.define("x-print", Print);
