// Press feedback for every form: the pressed button says what goes on, a second press is ignored,
// and after eight seconds the page says it is still at it. Marks the page as one with scripts.

const SLOW_MS = 8000;
const word = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? "";
document.documentElement.classList.add("js");

function showWorking(button) {
  const label = button.querySelector("span") ?? button;
  button.dataset.label = label.textContent;
  button.setAttribute("aria-busy", "true");
  button.classList.add("is-pressed");
  label.textContent = word("working-text");
  button.dataset.slow = String(setTimeout(() => { label.textContent = word("still-working-text"); }, SLOW_MS));
}

export function release(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll('[aria-busy="true"]')) {
    clearTimeout(Number(button.dataset.slow));
    button.removeAttribute("aria-busy");
    button.classList.remove("is-pressed");
    (button.querySelector("span") ?? button).textContent = button.dataset.label ?? "";
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  if (form.method === "get") return;
  form.dataset.sent = "1";
  const button = event.submitter ?? form.querySelector("button:not([type=button])");
  // After the browser has read the pressed button's name and value, and only when it takes longer than a blink.
  if (button && !button.classList.contains("tile") && !button.classList.contains("touch-tile")) {
    setTimeout(() => { if (form.dataset.sent) showWorking(button); }, 300);
  }
});

// Coming back with the browser's own Back must not find a button that is still "working".
window.addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(release);
});

// A finger leaves :active late on cheap panels; show the press at once.
document.addEventListener("pointerdown", (event) => {
  const pressed = event.target.closest?.(".button, .tile, .touch-tile");
  if (!pressed) return;
  pressed.classList.add("is-pressed");
  const lift = () => { if (!pressed.hasAttribute("aria-busy")) pressed.classList.remove("is-pressed"); };
  window.addEventListener("pointerup", lift, { once: true });
  window.addEventListener("pointercancel", lift, { once: true });
});

document.querySelector("[data-focus]")?.focus();
