// What this device keeps for itself, in IndexedDB. Everything that says a sale was made is written with strict durability.

const NAME = "samband-till";
const VERSION = 1;

/** Stores: facts by name, goods and allotment by SKU, tickets and deeds by their ids, queue and told by the sale's. */
const STORES = {
  facts: undefined,
  goods: { keyPath: "sku" },
  allotment: { keyPath: "sku" },
  queue: { keyPath: "sale_id" },
  told: { keyPath: "sale_id" },
  tickets: { keyPath: "id" },
  deeds: { keyPath: "id" },
};

let opened = null;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, VERSION);
    asked.onupgradeneeded = () => {
      for (const [name, options] of Object.entries(STORES)) asked.result.createObjectStore(name, options);
    };
    asked.onerror = () => reject(asked.error);
    asked.onsuccess = () => {
      // Another tab that brings a newer version must not wait for us.
      asked.result.onversionchange = () => asked.result.close();
      resolve(asked.result);
    };
  });
  return opened;
}

/** One transaction over some stores: `work` gets them by name; its promise is kept once all of it is on disk, or nothing is. */
export async function within(names, mode, work) {
  const database = await open();
  const transaction = database.transaction(names, mode, { durability: "strict" });
  const done = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error ?? new DOMException("", "AbortError"));
  });
  const stores = Object.fromEntries(names.map((name) => [name, wrap(transaction.objectStore(name))]));
  let result;
  try {
    result = await work(stores);
  } catch (error) {
    done.catch(() => {});
    if (error.name !== "ConstraintError") transaction.abort();
    throw error;
  }
  await done;
  return result;
}

function wrap(store) {
  const promised = (name) => (...values) => answered(store[name](...values));
  return Object.fromEntries(
    ["get", "getAll", "put", "add", "delete", "clear", "count"].map((name) => [name, promised(name)]),
  );
}

function answered(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

export const fact = (name) => within(["facts"], "readonly", ({ facts }) => facts.get(name));
export const keep = (name, value) => within(["facts"], "readwrite", ({ facts }) => facts.put(value, name));

/** Ask the browser not to clear our store when the disk runs full. */
export async function askToStay() {
  await navigator.storage?.persist?.();
}
