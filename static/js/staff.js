// Staff pages. <x-result data-sound="ok" data-seconds="3" data-then="/staff/handover">: the result of a scan, with a sound; after the
// seconds it makes room for the next scan without loading anything, so that digits already typed are not lost.
// .help-call[data-call]: somebody waits at a kiosk. It rings when it comes up and every minute until somebody goes.
// [data-waited="75" data-words="… {minutes} …"]: how long, counted on from there by this device's own clock.

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

customElements.define("x-result", Result);

const RING_EVERY_MS = 60_000;
const rung = new Map();

function ring() {
  const now = Date.now();
  for (const call of document.querySelectorAll(".help-call[data-call]")) {
    if (now - (rung.get(call.dataset.call) ?? 0) < RING_EVERY_MS) continue;
    rung.set(call.dataset.call, now);
    sound("warn");
  }
}

const since = new Map();

function countOn() {
  for (const place of document.querySelectorAll("[data-waited]")) {
    const call = place.closest("[data-call]").dataset.call;
    if (!since.has(call)) since.set(call, Date.now() - Number(place.dataset.waited) * 1000);
    const minutes = Math.floor((Date.now() - since.get(call)) / 60_000);
    const words = minutes > 0 ? place.dataset.words.replace("{minutes}", String(minutes)) : "";
    if (place.textContent !== words) place.textContent = words;
  }
}

function look() {
  ring();
  countOn();
}

document.addEventListener("fresh", look);
setInterval(look, 5_000);
look();
