// A worker that reads frames: hears null (get ready) or an ImageData, answers a list of {text, format}.
// `home` is this file's own address: reader.js begins it from a blob.
importScripts(new URL("../vendor/zxing/reader.js", self.home).href);

const FORMATS = ["QRCode", "EAN13", "EAN8", "UPCA", "UPCE", "Code128", "DataBar", "DataBarExpanded", "DataMatrix"];

ZXingWASM.prepareZXingModule({
  overrides: { locateFile: (name) => new URL(`../vendor/zxing/${name}`, self.home).href },
});

self.onmessage = async ({ data: frame }) => {
  const still = frame ?? new ImageData(8, 8);
  const found = await ZXingWASM.readBarcodes(still, { formats: FORMATS, maxNumberOfSymbols: 4, textMode: "Plain" });
  self.postMessage(found.filter((code) => code.isValid).map(({ text, format }) => ({ text, format })));
};

// A promise that nobody waits for is no error of the worker's by itself: say it as one.
self.addEventListener("unhandledrejection", (event) => {
  setTimeout(() => {
    throw event.reason;
  });
});
