// Looks at the page as it stands and says in words what a finger or an eye would stumble over.
// Called with {text, target, gap, picture, still}: least sizes in CSS px; still = the whole page must fit the window.
(least) => {
  const found = [];
  const root = document.querySelector("dialog[open]") ?? document.body;
  const name = (e) => {
    const word = (e.getAttribute("aria-label") || e.innerText || e.value || "").trim().replace(/\s+/g, " ").slice(0, 24);
    const kind = e.classList.length ? `.${e.classList[0]}` : "";
    return `<${e.tagName.toLowerCase()}${kind}> "${word}"`;
  };
  const isHidden = (e) => {
    for (let at = e; at; at = at.parentElement) {
      if (at.classList.contains("visually-hidden") || at.classList.contains("skip") || at.hidden) return true;
      if (at instanceof SVGElement) continue;
      const style = getComputedStyle(at);
      if (style.visibility === "hidden" || style.display === "none") return true;
    }
    return false;
  };
  const shown = (e) => e.getClientRects().length > 0 && !isHidden(e);
  const round = (n) => Math.round(n * 10) / 10;

  // What a text may fill: every ancestor that cuts, and on one-screen pages the window itself.
  const frame = (e) => {
    const box = { left: -1e9, top: -1e9, right: 1e9, bottom: 1e9 };
    const cut = (rect, x, y) => {
      if (x) { box.left = Math.max(box.left, rect.left); box.right = Math.min(box.right, rect.right); }
      if (y) { box.top = Math.max(box.top, rect.top); box.bottom = Math.min(box.bottom, rect.bottom); }
    };
    for (let at = e; at && at !== document.documentElement; at = at.parentElement) {
      const style = getComputedStyle(at);
      const cuts = (value) => value === "hidden" || value === "clip" || (least.still && value !== "visible");
      cut(at.getBoundingClientRect(), cuts(style.overflowX), cuts(style.overflowY));
    }
    if (least.still) cut({ left: 0, top: 0, right: innerWidth, bottom: innerHeight }, true, true);
    return box;
  };

  // The nearest box with a ground or a frame of its own: text that leaves it lies on something else.
  const ground = (e) => {
    for (let at = e; at && at !== document.body; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (style.display === "inline" || style.display === "contents") continue;
      const framed = ["Top", "Right", "Bottom", "Left"].every((side) => parseFloat(style[`border${side}Width`]) > 0);
      if (framed || !/^(transparent|rgba\(0, 0, 0, 0\))$/.test(style.backgroundColor)) return at.getBoundingClientRect();
    }
    return null;
  };

  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const seen = new Set();
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const owner = node.parentElement;
    if (!node.data.trim() || !owner || !shown(owner) || owner.closest("svg, script, style, [data-off-screen]")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = frame(owner);
    const under = ground(owner);
    for (const rect of range.getClientRects()) {
      const spill = rect.height * 0.2;
      if (under && rect.width && (rect.left < under.left - 1 || rect.right > under.right + 1 || rect.top < under.top - spill || rect.bottom > under.bottom + spill)) {
        found.push(`spilled text: ${name(owner)}`);
        break;
      }
      // Chinese glyphs fill the middle of their line box: a fifth of its height may be cut without harm.
      const slack = rect.height * 0.2;
      if (rect.width && (rect.left < box.left - 1 || rect.right > box.right + 1 || rect.top < box.top - slack || rect.bottom > box.bottom + slack)) {
        found.push(`clipped text: ${name(owner)}`);
        break;
      }
    }
    if (seen.has(owner)) continue;
    seen.add(owner);
    const size = parseFloat(getComputedStyle(owner).fontSize);
    if (size < least.text - 0.5) found.push(`small text: ${name(owner)} is ${round(size)} px, least ${least.text}`);
  }

  const targets = [];
  for (const e of root.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")) {
    if (!shown(e) || e.disabled) continue;
    const inText = e.tagName === "A" && getComputedStyle(e).display === "inline";
    if (inText) continue; // links inside a sentence are read, not aimed at: WCAG 2.5.8 exempts them
    const label = e.matches("input[type=radio], input[type=checkbox]") ? e.closest("label") : null;
    if (!targets.includes(label ?? e)) targets.push(label ?? e);
  }
  for (const e of targets) {
    const rect = e.getBoundingClientRect();
    if (rect.height < least.target - 0.5 || rect.width < least.target - 0.5)
      found.push(`small target: ${name(e)} is ${round(rect.width)}×${round(rect.height)} px, least ${least.target}`);
    if (!least.still) e.scrollIntoView({ block: "center", inline: "nearest" });
    const now = e.getBoundingClientRect();
    const inside = 4;
    for (const [x, y] of [[(now.left + now.right) / 2, (now.top + now.bottom) / 2], [now.left + inside, (now.top + now.bottom) / 2], [now.right - inside, (now.top + now.bottom) / 2]]) {
      const top = document.elementFromPoint(x, y);
      if (!top || !(e.contains(top) || top.contains(e) && top.tagName === "LABEL")) {
        found.push(`covered control: ${name(e)} by ${top ? name(top) : "the edge of the window"}`);
        break;
      }
    }
  }
  if (!least.still) scrollTo(0, 0);
  // A bar that sticks to the edge lies over what scrolls under it; that nothing is under it for good was looked at above.
  const floats = (e) => {
    for (let at = e; at && at !== document.body; at = at.parentElement) if (/sticky|fixed/.test(getComputedStyle(at).position)) return at;
    return null;
  };
  const boxes = targets.map((e) => [e, e.getBoundingClientRect()]);
  for (let i = 0; i < boxes.length; i += 1) {
    for (let j = i + 1; j < boxes.length; j += 1) {
      const [[one, a], [other, b]] = [boxes[i], boxes[j]];
      if (one.contains(other) || other.contains(one) || floats(one) !== floats(other)) continue;
      const dx = Math.max(a.left, b.left) - Math.min(a.right, b.right);
      const dy = Math.max(a.top, b.top) - Math.min(a.bottom, b.bottom);
      const gap = Math.max(dx, dy);
      if (gap < least.gap - 0.5 && Math.min(dx, dy) < 0)
        found.push(`close targets: ${name(one)} and ${name(other)}, ${round(gap)} px apart, least ${least.gap}`);
    }
  }

  for (const e of root.querySelectorAll("svg.dish, .dish-frame img, [data-picture]")) {
    if (!shown(e)) continue;
    const rect = e.getBoundingClientRect();
    if (rect.height < least.picture || rect.width < least.picture)
      found.push(`squeezed picture: ${name(e.closest("li, .meal, form") ?? e)} ${round(rect.width)}×${round(rect.height)} px`);
  }

  const page = document.documentElement;
  if (page.scrollWidth > innerWidth + 1) found.push(`sideways scroll: ${page.scrollWidth} px in ${innerWidth}`);
  if (least.still) {
    for (const e of [page, ...root.querySelectorAll("*")]) {
      const scrolls = /auto|scroll/.test(getComputedStyle(e).overflowY) || e === page;
      if (scrolls && shown(e) && e.scrollHeight > e.clientHeight + 1) found.push(`scrolls: ${name(e)} ${e.scrollHeight} px in ${e.clientHeight}`);
    }
  }
  return [...new Set(found)];
}
