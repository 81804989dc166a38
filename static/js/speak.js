// <x-speak data-text="请看屏幕，A 23"> speaks once with the device's own Chinese voice when data-auto is present and speech is
// switched on here, and on the press of a button inside it. Where the device has no Chinese voice it hides itself.
// Never give it a name or a price: other people stand by.

const SWITCH = "nuancan.speak";
const synth = window.speechSynthesis;
const chineseVoice = () => synth?.getVoices().find((voice) => /^zh/i.test(voice.lang));
const isOn = () => { try { return sessionStorage.getItem(SWITCH) === "1"; } catch { return false; } };
const setOn = (on) => { try { sessionStorage.setItem(SWITCH, on ? "1" : "0"); } catch { /* Storage is refused: speech stays off. */ } };

class Speak extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button");
    const ready = () => {
      const voice = chineseVoice();
      this.hidden = !voice;
      if (!voice) return;
      if ("auto" in this.dataset && isOn() && !this.said) {
        this.said = true;
        this.say(voice);
      }
    };
    button?.setAttribute("aria-pressed", String(isOn()));
    button?.addEventListener("click", () => {
      const voice = chineseVoice();
      setOn(!isOn());
      button.setAttribute("aria-pressed", String(isOn()));
      synth?.cancel();
      if (voice && isOn()) this.say(voice);
    });
    this.hidden = true;
    ready();
    synth?.addEventListener?.("voiceschanged", ready);
  }

  say(voice) {
    const spoken = new SpeechSynthesisUtterance(this.dataset.text ?? "");
    spoken.voice = voice;
    spoken.lang = voice.lang;
    spoken.rate = 0.85;
    synth.speak(spoken);
  }
}

customElements.define("x-speak", Speak);
