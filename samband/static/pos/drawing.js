// A receipt drawn for a printer of 576 dots across (80 mm paper): black on white, in whatever script it is written.

const ACROSS = 576;
const MARGIN = 8;
const TEXT = '"Commissioner", sans-serif';

/** An ImageData of the receipt that stands on the page. Its element is read, so that paper and screen say the same. */
export function sheetOf(element) {
  const rows = [...rowsOf(element)];
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  const laid = lay(pen, rows);
  canvas.width = ACROSS;
  canvas.height = laid.height;
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, ACROSS, laid.height);
  pen.fillStyle = "#000";
  for (const { text, x, y, font, align } of laid.texts) {
    pen.font = font;
    pen.textAlign = align;
    pen.fillText(text, x, y);
  }
  for (const y of laid.rules) pen.fillRect(MARGIN, y, ACROSS - 2 * MARGIN, 2);
  return pen.getImageData(0, 0, ACROSS, laid.height);
}

/** Rows as [left, right, size, weight, centred] or "rule". */
function* rowsOf(receipt) {
  for (const child of receipt.querySelector("header").children) {
    yield { left: child.textContent, size: child.tagName === "STRONG" ? 34 : 24, bold: child.tagName === "STRONG", centred: true };
  }
  const [number, when] = receipt.querySelectorAll(".when span");
  yield { left: number.textContent, right: when.textContent, size: 22 };
  yield "rule";
  for (const line of receipt.querySelectorAll("ol > li")) {
    yield { left: line.querySelector("span").textContent, right: line.querySelector("strong").textContent, size: 26 };
    yield { left: line.querySelector("small").textContent, size: 22 };
  }
  for (const list of receipt.querySelectorAll("dl")) {
    yield "rule";
    for (const row of list.children) {
      const whole = row.classList.contains("whole");
      yield { left: row.children[0].textContent, right: row.children[1].textContent, size: whole ? 36 : 24, bold: whole };
    }
  }
  yield "rule";
  for (const said of receipt.querySelectorAll(".part, footer p")) yield { left: said.textContent, size: 24, centred: true };
}

function lay(pen, rows) {
  const texts = [];
  const rules = [];
  let y = MARGIN;
  for (const row of rows) {
    if (row === "rule") {
      rules.push(y + 10);
      y += 22;
      continue;
    }
    const font = `${row.bold ? 700 : 450} ${row.size}px ${TEXT}`;
    pen.font = font;
    const right = row.right ? pen.measureText(row.right).width + 16 : 0;
    for (const [at, part] of wrap(pen, row.left, ACROSS - 2 * MARGIN - right).entries()) {
      y += Math.round(row.size * 1.3);
      const x = row.centred ? ACROSS / 2 : MARGIN;
      texts.push({ text: part, x, y, font, align: row.centred ? "center" : "left" });
      if (at === 0 && row.right) texts.push({ text: row.right, x: ACROSS - MARGIN, y, font, align: "right" });
    }
  }
  return { texts, rules, height: y + 24 };
}

function wrap(pen, text, across) {
  const parts = [""];
  for (const word of text.trim().split(/\s+/)) {
    const longer = parts.at(-1) ? `${parts.at(-1)} ${word}` : word;
    if (pen.measureText(longer).width <= across || !parts.at(-1)) parts[parts.length - 1] = longer;
    else parts.push(word);
  }
  return parts;
}
