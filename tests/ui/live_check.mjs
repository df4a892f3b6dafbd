/* Drives frontend/src/lib/live.ts with a made-up browser: run by test_live.py with node. Prints one JSON object. */
import { mkdtempSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";

const root = process.argv[2];
const { build } = createRequire(path.join(root, "frontend/package.json"))("esbuild");
const outfile = path.join(mkdtempSync(path.join(tmpdir(), "linli-live-")), "live.mjs");
await build({ entryPoints: [path.join(root, "frontend/src/lib/live.ts")], outfile, bundle: true, format: "esm", logLevel: "error" });

const listeners = {};
const sources = [];
const states = [];
const seen = [];
let tokens = 0;
let refuse = false;

class FakeSource {
  constructor(address) {
    this.address = new URL(address);
    this.closed = false;
    this.named = {};
    sources.push(this);
  }
  addEventListener(name, listener) { this.named[name] = listener; }
  close() { this.closed = true; }
  send(id, seq) { this.onmessage({ data: JSON.stringify({ id, seq, event: "thing.changed", data: {} }) }); }
}

const remember = (name, listener) => { (listeners[name] ??= []).push(listener); };
globalThis.EventSource = FakeSource;
globalThis.location = { href: "http://localhost:8000/wall/" };
globalThis.document = { hidden: false, addEventListener: remember, removeEventListener() {} };
globalThis.addEventListener = remember;
globalThis.removeEventListener = () => {};
globalThis.fetch = async () => {
  tokens += 1;
  if (refuse) return { ok: false, status: 503 };
  return { ok: true, json: async () => ({ token: `t${tokens}`, url: "http://localhost:8001/live", expires_at: new Date(Date.now() + 300_000) }) };
};

const rest = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const { connectLive } = await import(pathToFileURL(outfile).href);
let gaps = 0;
const live = connectLive({ onEvent: (event) => seen.push(event.id), onState: (state) => states.push(state), onGap: () => (gaps += 1) });
await rest(20);
const first = sources[0];
first.onopen();
first.named.hello({ data: '{"seq":4}' });
const afterHello = live.seq;
first.send("a", 5);
first.send("a", 5);
first.send("b", 6);
first.onerror();
await rest(900);
const second = sources[1];
second.onopen();
second.send("b", 6);
second.send("c", 7);
second.named.bye({});
await rest(20);
const third = sources[2];
const stateAfterBye = states.at(-1);
third.onopen();
third.named.hello({ data: '{"seq":3}' });
third.named.gap({});
const afterGap = live.seq;
third.send("d", 8);
refuse = true;
third.onerror();
await rest(6500);
const whileRefused = states.at(-1);
refuse = false;
listeners.online.forEach((listener) => listener());
await rest(50);
sources.at(-1).onopen();
const last = sources.at(-1);
live.close();
console.log(JSON.stringify({
  seen, states, afterHello, stateAfterBye, afterGap, thirdAfter: third.address.searchParams.get("after"), gaps, whileRefused,
  firstAfter: first.address.searchParams.get("after"),
  secondAfter: second.address.searchParams.get("after"),
  lastAfter: last.address.searchParams.get("after"),
  secondToken: second.address.searchParams.get("token"),
  allClosed: sources.every((source) => source.closed),
}));
process.exit(0);
