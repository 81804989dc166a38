// <x-pad data-for="id">: on-screen digits for an input. The input keeps working with a keyboard and without scripts.

class Pad extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      const field = document.getElementById(this.dataset.for ?? "");
      if (!button || !field) return;
      const longest = field.maxLength > 0 ? field.maxLength : Infinity;
      if (button.dataset.digit !== undefined && field.value.length < longest) field.value += button.dataset.digit;
      if ("back" in button.dataset) field.value = field.value.slice(0, -1);
      if ("clear" in button.dataset) field.value = "";
      field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
}

customElements.define("x-pad", Pad);
