// <x-pad data-for="id">: on-screen digits for an input. The input keeps working with a keyboard and without scripts.
// <x-pad data-within="id of a form">: for whichever of its number fields was pressed last; data-half adds half a portion,
// data-next goes on to the next field, data-tells names an element that shows which field it is.

class Pad extends HTMLElement {
  connectedCallback() {
    const form = document.getElementById(this.dataset.within ?? "");
    form?.addEventListener("focusin", (event) => {
      if (event.target.matches("input:not([type=hidden])")) this.aim(event.target, form);
    });
    this.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      const field = form ? this.field : document.getElementById(this.dataset.for ?? "");
      if (button && "next" in button.dataset && form) return this.next(form);
      if (!button || !field) return;
      const longest = field.maxLength > 0 ? field.maxLength : Infinity;
      if (button.dataset.digit !== undefined && this.fresh) field.value = "";
      if (button.dataset.digit !== undefined && field.value.length < longest) field.value += button.dataset.digit;
      if (button.dataset.half !== undefined && !field.value.includes(".") && field.value.length < longest - 1) field.value += button.dataset.half;
      if ("back" in button.dataset) field.value = field.value.endsWith(".5") ? field.value.slice(0, -2) : field.value.slice(0, -1);
      if ("clear" in button.dataset) field.value = "";
      this.fresh = false;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }

  // The first digit after a field was chosen writes over what stands there: it is a correction, not more digits.
  aim(field, form) {
    form.querySelector(".is-target")?.classList.remove("is-target");
    field.classList.add("is-target");
    this.field = field;
    this.fresh = true;
    const told = document.querySelector(this.dataset.tells || null);
    if (told) told.textContent = field.getAttribute("aria-label") ?? "";
  }

  next(form) {
    const fields = [...form.querySelectorAll("input:not([type=hidden])")];
    const next = fields[(fields.indexOf(this.field) + 1) % fields.length];
    this.aim(next, form);
    next.scrollIntoView({ block: "center" });
  }
}

customElements.define("x-pad", Pad);
