// <x-idle data-after="60" data-count="30"> holds a <dialog> and a form: nobody has touched the kiosk for a minute,
// so ask, count down, then send the form, which wipes what was on the screen. Any touch or key means "I am here".

class Idle extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.left = this.querySelector("[data-left]");
    this.hidden = false;
    this.touched = () => this.stay();
    for (const kind of ["pointerdown", "keydown", "wheel"]) window.addEventListener(kind, this.touched, { passive: true });
    this.stay();
  }

  disconnectedCallback() {
    this.stop();
    for (const kind of ["pointerdown", "keydown", "wheel"]) window.removeEventListener(kind, this.touched);
  }

  stop() {
    clearTimeout(this.waiting);
    clearInterval(this.counting);
  }

  stay() {
    this.stop();
    if (this.dialog?.open) this.dialog.close();
    this.waiting = setTimeout(() => this.ask(), Number(this.dataset.after ?? 60) * 1000);
  }

  ask() {
    let seconds = Number(this.dataset.count ?? 30);
    const show = () => { if (this.left) this.left.textContent = String(seconds); };
    show();
    this.dialog?.showModal?.();
    this.counting = setInterval(() => {
      seconds -= 1;
      show();
      if (seconds <= 0) this.leave();
    }, 1000);
  }

  leave() {
    this.stop();
    const form = this.querySelector("form[data-exit]");
    if (form) form.requestSubmit();
    else if (this.dataset.exit) window.location.replace(this.dataset.exit);
  }
}

// <x-later data-after="60" hidden>: what is only true after a while.
class Later extends HTMLElement {
  connectedCallback() {
    setTimeout(() => { this.hidden = false; }, Number(this.dataset.after) * 1000);
  }
}

customElements.define("x-idle", Idle);
customElements.define("x-later", Later);
