// The server's time as far as this device knows it: its own clock may be wrong.
let ahead_ms = 0;

/** Learn from an answer: `said` is the server's time in milliseconds. */
export function setClock(said, asked_at) {
  if (Number.isFinite(said)) ahead_ms = Math.round(said - (asked_at + Date.now()) / 2);
}

export const skew = () => ahead_ms;
export const rememberSkew = (known_ms) => {
  ahead_ms = known_ms;
};

export const now = () => new Date(Date.now() + ahead_ms);
