// Receipts on paper. A receipt printer gets a picture (ESC/POS raster), so that every script prints on every printer.
import { keep, fact } from "./keeping.js";
import { sheetOf } from "./drawing.js";

const RASTER_ROWS = 128;
const BAUD = 9600;
const START = [0x1b, 0x40];
const FEED_AND_CUT = [0x1b, 0x64, 4, 0x1d, 0x56, 0x42, 0];
const OPEN_DRAWER = [0x1b, 0x70, 0, 25, 250];
const PRINTER_CLASS = 7;

/** Which ways to a receipt printer this browser has. */
export const ways = () => ["serial", "usb"].filter((way) => way in navigator);

/** Have somebody choose a printer on a port; it is remembered by the browser. */
export async function connect(way) {
  if (way === "serial") await navigator.serial.requestPort();
  else await navigator.usb.requestDevice({ filters: [{ classCode: PRINTER_CLASS }] });
  await keep("printer", way);
}

export async function disconnect() {
  for (const port of (await navigator.serial?.getPorts()) ?? []) await port.forget();
  for (const device of (await navigator.usb?.getDevices()) ?? []) await device.forget();
  await keep("printer", null);
}

/** Print a receipt that stands on the page: on the receipt printer if one is connected, else the browser prints it. */
export async function print(receipt, { opensDrawer = false } = {}) {
  const send = await printer();
  if (!send) return window.print();
  return send(new Uint8Array([...START, ...raster(sheetOf(receipt)), ...FEED_AND_CUT, ...(opensDrawer ? OPEN_DRAWER : [])]));
}

async function printer() {
  const way = await fact("printer");
  if (way === "serial") {
    const [port] = (await navigator.serial?.getPorts()) ?? [];
    return port && ((bytes) => overSerial(port, bytes));
  }
  const [device] = way === "usb" ? ((await navigator.usb?.getDevices()) ?? []) : [];
  return device && ((bytes) => overUsb(device, bytes));
}

async function overSerial(port, bytes) {
  await port.open({ baudRate: BAUD });
  const writer = port.writable.getWriter();
  try {
    await writer.write(bytes);
  } finally {
    writer.releaseLock();
    await port.close();
  }
}

async function overUsb(device, bytes) {
  await device.open();
  try {
    if (!device.configuration) await device.selectConfiguration(1);
    const face = device.configuration.interfaces.find((one) => one.alternate.interfaceClass === PRINTER_CLASS);
    await device.claimInterface(face.interfaceNumber);
    const out = face.alternate.endpoints.find((point) => point.direction === "out");
    await device.transferOut(out.endpointNumber, bytes);
  } finally {
    await device.close();
  }
}

/** A picture as ESC/POS raster (GS v 0), in bands that small printers can hold: dark dots are ones. */
export function raster({ width, height, data }) {
  const across = width / 8;
  const bytes = [];
  for (let top = 0; top < height; top += RASTER_ROWS) {
    const rows = Math.min(RASTER_ROWS, height - top);
    bytes.push(0x1d, 0x76, 0x30, 0, across % 256, across >> 8, rows % 256, rows >> 8);
    for (let row = top; row < top + rows; row += 1) {
      for (let at = 0; at < across; at += 1) bytes.push(eightDots(data, (row * width + at * 8) * 4));
    }
  }
  return bytes;
}

function eightDots(data, from) {
  let dots = 0;
  for (let bit = 0; bit < 8; bit += 1) dots = (dots << 1) | (data[from + bit * 4] < 128 ? 1 : 0);
  return dots;
}
