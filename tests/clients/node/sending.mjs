// A program of a retailer's that uses Segment's client for Node. Arguments: address, write key, how many of each.
import { Analytics } from "@segment/analytics-node";

const [host, writeKey, amount] = process.argv.slice(2);
const client = new Analytics({ host, writeKey, flushAt: 20, flushInterval: 200, maxRetries: 12 });
const sent = [], failed = [];

client.on("error", (error) => failed.push(String(error.code ?? error)));

function told(method, message) {
  return new Promise((resolve) => client[method](message, (error, context) => {
    if (error) failed.push(String(error));
    else sent.push(context.event.messageId);
    resolve();
  }));
}

const waiting = [];
for (let nth = 0; nth < Number(amount); nth++) {
  const userId = `node-user-${nth % 7}`, mark = `mark-node-${nth}`;
  waiting.push(
    told("identify", { userId, traits: { email: `${userId}@customer.example`, mark: `${mark}-i` } }),
    told("track", { userId, event: "Product Viewed", properties: { sku: "FU-SOF", price: 19.5, currency: "EUR", mark: `${mark}-t` } }),
    told("page", { userId, category: "Docs", name: "Node", properties: { mark: `${mark}-p` } }),
    told("screen", { userId, name: "Home", properties: { mark: `${mark}-s` } }),
    told("group", { userId, groupId: "club", traits: { mark: `${mark}-g` } }),
    told("track", { anonymousId: `node-cookie-${nth}`, event: "Cart Viewed", properties: { mark: `${mark}-a` } }),
  );
}
await client.closeAndFlush({ timeout: 120_000 });
await Promise.all(waiting);
console.log(JSON.stringify({ sent, failed }));
process.exit(0);
