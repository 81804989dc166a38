// <x-pictures> around radios `form` and `colour`: the drawings to choose a colour from take the chosen form, and the other way round.

class Pictures extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", () => this.draw());
  }

  draw() {
    const chosen = (name) => this.querySelector(`input[name="${name}"]:checked`)?.value;
    const [form, colour] = [chosen("form"), chosen("colour")];
    for (const label of this.querySelectorAll(".picture")) {
      const input = label.querySelector("input");
      const drawing = label.querySelector("svg");
      if (input.name === "form" && colour) {
        drawing.setAttribute("class", `dish c-${colour}`);
      } else if (input.name === "colour" && form) {
        const use = drawing.querySelector("use");
        use.setAttribute("href", `${use.getAttribute("href").split("#")[0]}#${form}`);
      }
    }
  }
}

customElements.define("x-pictures", Pictures);
