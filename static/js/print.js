// <x-print>: its button prints the page; data-tells="id" then shows that element, for paper that does not come out.
// With ?print=1 in the address the page prints itself at once.

class Print extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => {
      if (!event.target.closest("button")) return;
      const told = document.getElementById(this.dataset.tells ?? "");
      if (told) told.hidden = false;
      window.print();
    });
    if (new URLSearchParams(window.location.search).get("print") === "1") setTimeout(() => window.print(), 200);
  }
}

customElements.define("x-print", Print);
