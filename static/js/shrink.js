// <x-shrink> around file inputs: a photo of more than a megabyte is made smaller before it is sent; where that fails the server does it.

const LONGEST = 2000;
const ENOUGH = 1_000_000;

async function smaller(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
  return new File([blob], "photo.jpg", { type: "image/jpeg" });
}

class Shrink extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", (event) => this.shrink(event.target));
  }

  async shrink(input) {
    const file = input.files?.[0];
    if (!file || file.size < ENOUGH) return;
    try {
      const kept = new DataTransfer();
      kept.items.add(await smaller(file));
      input.files = kept.files;
    } catch {
      // sent as it is
    }
  }
}

customElements.define("x-shrink", Shrink);
