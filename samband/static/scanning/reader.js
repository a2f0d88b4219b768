// Whoever reads the codes of a frame: the browser itself, or zxing in a worker.
const NATIVE = ["qr_code", "ean_13", "ean_8", "upc_a", "upc_e", "code_128", "data_matrix"];

/** A reader with `read(video)` → [{text, format}] and `close()`. Frames wider than `widest` pixels are made smaller. */
export async function openReader(widest) {
  return (await nativeReader()) ?? (await zxingReader(widest));
}

async function nativeReader() {
  if (!("BarcodeDetector" in globalThis)) return null;
  const known = await BarcodeDetector.getSupportedFormats();
  // A detector that knows QR alone (or nothing, as on some desktops) would miss what stands on the goods.
  if (!NATIVE.slice(0, 2).every((format) => known.includes(format))) return null;
  const detector = new BarcodeDetector({ formats: NATIVE.filter((format) => known.includes(format)) });
  return {
    async read(video) {
      const found = await detector.detect(video);
      return found.map((code) => ({ text: code.rawValue, format: code.format }));
    },
    close() {},
  };
}

async function zxingReader(widest) {
  const worker = openWorker(new URL("./zxing.js", import.meta.url).href);
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  let waiting = null;
  worker.onmessage = ({ data }) => waiting?.resolve(data);
  worker.onerror = () => waiting?.reject(new DOMException("", "NotSupportedError"));

  function ask(message, transfer = []) {
    return new Promise((resolve, reject) => {
      waiting = { resolve, reject };
      worker.postMessage(message, transfer);
    });
  }

  await ask(null);
  return {
    async read(video) {
      const scale = Math.min(1, widest / video.videoWidth);
      canvas.width = Math.round(video.videoWidth * scale);
      canvas.height = Math.round(video.videoHeight * scale);
      context.drawImage(video, 0, 0, canvas.width, canvas.height);
      const frame = context.getImageData(0, 0, canvas.width, canvas.height);
      return ask(frame, [frame.data.buffer]);
    },
    close() {
      worker.terminate();
      waiting?.resolve([]);
    },
  };
}

// Begun from a blob, the worker belongs to the page's own service worker, and so it also opens while the line is down.
function openWorker(address) {
  const begin = `self.home = ${JSON.stringify(address)}; importScripts(self.home);`;
  const blob = URL.createObjectURL(new Blob([begin], { type: "text/javascript" }));
  const worker = new Worker(blob);
  URL.revokeObjectURL(blob);
  return worker;
}
