// Codes seen by a camera. See README.md for the interface.
import { openReader } from "./reader.js";

const BETWEEN_FRAMES_MS = 90;
const OUT_OF_SIGHT_MS = 1000;
const WIDEST_PX = 1024;
const TROUBLES = {
  NotAllowedError: "camera_refused",
  SecurityError: "camera_refused",
  NotFoundError: "camera_missing",
  OverconstrainedError: "camera_missing",
  NotReadableError: "camera_busy",
  AbortError: "camera_busy",
};

export function scan(video, onCode, { onTrouble = () => {} } = {}) {
  const seen = new Map();
  let stopped = false;
  let stream = null;
  let reader = null;

  function stop() {
    stopped = true;
    stream?.getTracks().forEach((track) => track.stop());
    reader?.close();
    video.srcObject = null;
  }

  function tell(codes) {
    const now = performance.now();
    for (const { text, format } of codes) {
      const fresh = now - (seen.get(text) ?? -Infinity) > OUT_OF_SIGHT_MS;
      seen.set(text, now);
      if (fresh && !stopped) onCode(text, format);
    }
  }

  async function look() {
    while (!stopped) {
      if (!document.hidden && video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) tell(await reader.read(video));
      await new Promise((wake) => setTimeout(wake, BETWEEN_FRAMES_MS));
    }
  }

  async function begin() {
    if (!navigator.mediaDevices?.getUserMedia) throw new DOMException("", "NotSupportedError");
    const wish = { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } };
    stream = await navigator.mediaDevices.getUserMedia({ video: wish, audio: false });
    if (stopped) return stop();
    video.muted = true;
    video.playsInline = true;
    video.srcObject = stream;
    await video.play();
    reader = await openReader(WIDEST_PX);
    if (stopped) return stop();
    await look();
  }

  begin().catch((error) => {
    if (stopped) return;
    stop();
    onTrouble(TROUBLES[error.name] ?? "camera_unsupported");
  });
  return stop;
}
