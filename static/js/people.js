// <x-enrol> around the enrolment: Enter leads to the next field that is asked (data-next), so that a reader's Enter never
// sends half a form; and the ID number says at once what it holds, by the same rules as the server.

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK = "10X98765432";
const clean = (text) => text.normalize("NFKC").replace(/[\s-]/g, "").toUpperCase();
const checkDigit = (number) => CHECK[WEIGHTS.reduce((sum, weight, place) => sum + weight * Number(number[place]), 0) % 11];

function read(text) {
  let number = clean(text);
  if (number === "") return { state: "" };
  if (/^[1-9][0-9]{14}$/.test(number)) {
    number = `${number.slice(0, 6)}19${number.slice(6)}`;
    number += checkDigit(number);
  }
  if (!/^[0-9]*X?$/.test(number) || number.length > 18 || (number.length < 18 && number.endsWith("X"))) return { state: "length" };
  if (number.length < 18) return { state: "short", left: 18 - number.length };
  const [year, month, day] = [number.slice(6, 10), number.slice(10, 12), number.slice(12, 14)].map(Number);
  const born = new Date(Date.UTC(year, month - 1, day));
  if (number[0] === "0" || born.getUTCFullYear() !== year || born.getUTCMonth() !== month - 1 || born.getUTCDate() !== day) return { state: "birthday" };
  if (checkDigit(number) !== number[17]) return { state: "digit" };
  return { state: "read", year, month, day, sex: Number(number[16]) % 2 ? "m" : "f" };
}

class Enrol extends HTMLElement {
  connectedCallback() {
    this.id_field = this.querySelector("#national_id");
    this.said = this.querySelector("#id-said");
    this.hint = this.said?.textContent ?? "";
    this.addEventListener("keydown", (event) => this.key(event));
    this.id_field?.addEventListener("input", () => this.say());
    this.id_field?.addEventListener("blur", () => this.say(true));
    this.say();
  }

  say(done = false) {
    const found = read(this.id_field.value);
    const data = this.dataset;
    const [year, month, day] = data.today.split("-").map(Number);
    const age = year - found.year - (month < found.month || (month === found.month && day < found.day) ? 1 : 0);
    const words = { ...found, sex: data[found.sex], age };
    const wrong = ["length", "birthday", "digit"].includes(found.state) || (done && found.state === "short");
    this.said.textContent = found.state === "" ? this.hint : data[found.state].replace(/\{(\w+)\}/g, (_, key) => words[key]);
    this.said.dataset.state = found.state === "read" ? "ok" : wrong ? "wrong" : "";
  }

  key(event) {
    if (event.key !== "Enter" || event.isComposing || event.target.form === null) return;
    const steps = [...this.querySelectorAll("[data-next]")].filter((field) => field.checkVisibility?.() ?? field.offsetParent !== null);
    const place = steps.indexOf(event.target);
    if (place < 0) return;
    const ticked = event.target.type !== "checkbox" || event.target.checked;
    event.preventDefault();
    if (!ticked) event.target.checked = true;
    else if (place + 1 < steps.length) steps[place + 1].focus();
    else event.target.form.requestSubmit(event.target.form.querySelector("button.button-primary"));
  }
}

customElements.define("x-enrol", Enrol);
