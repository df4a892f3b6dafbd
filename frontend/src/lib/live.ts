/* The live stream: server-sent events from the city, for pages that move. */

export interface LiveEvent {
  id: string;
  seq: number;
  event: string;
  at: string;
  subject: { kind: string; key: string };
  labels: Record<string, unknown>;
  data: Record<string, unknown>;
}

export type LiveState = "online" | "reconnecting" | "offline";

export interface LiveOptions {
  onEvent: (event: LiveEvent) => void;
  onState?: (state: LiveState) => void;
  /** Called when events were missed that the server no longer keeps: fetch the page's data anew. */
  onGap?: () => void;
  /** Sequence number of the newest event the page already shows; 0 starts with what comes next. */
  after?: number;
  tokenAddress?: string;
}

export interface LiveConnection {
  close(): void;
  readonly state: LiveState;
  readonly seq: number;
}

interface Token {
  token: string;
  url: string;
  expires_at: string;
}

const BACK_OFF_MS = [500, 1000, 2000, 5000, 10_000, 30_000];
const OFFLINE_AFTER_TRIES = 3;
const HIDDEN_GRACE_MS = 20_000;
const RENEW_BEFORE_MS = 30_000;
const REMEMBERED = 2000;

/** Connect and stay connected: renews its token, backs off, goes on where it stopped, tells each event once. */
export function connectLive(options: LiveOptions): LiveConnection {
  return new Live(options);
}

class Live implements LiveConnection {
  state: LiveState = "reconnecting";
  seq: number;
  private source: EventSource | null = null;
  private tries = 0;
  private head = 0;
  private closed = false;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private renew: ReturnType<typeof setTimeout> | undefined;
  private hide: ReturnType<typeof setTimeout> | undefined;
  private readonly seen = new Set<string>();

  constructor(private readonly options: LiveOptions) {
    this.seq = options.after ?? 0;
    document.addEventListener("visibilitychange", this.onVisibility);
    addEventListener("online", this.onOnline);
    addEventListener("offline", this.onOffline);
    addEventListener("pagehide", this.onPageHide);
    void this.open();
  }

  close(): void {
    this.closed = true;
    this.stop();
    document.removeEventListener("visibilitychange", this.onVisibility);
    removeEventListener("online", this.onOnline);
    removeEventListener("offline", this.onOffline);
    removeEventListener("pagehide", this.onPageHide);
  }

  private readonly onVisibility = (): void => {
    clearTimeout(this.hide);
    if (document.hidden) this.hide = setTimeout(() => this.stop(), HIDDEN_GRACE_MS);
    else if (!this.source) this.again();
  };

  private readonly onOnline = (): void => this.again();
  private readonly onOffline = (): void => {
    this.stop();
    this.tell("offline");
  };
  private readonly onPageHide = (): void => this.stop();

  private again(): void {
    if (this.closed) return;
    this.tries = 0;
    this.stop();
    void this.open();
  }

  private stop(): void {
    clearTimeout(this.retry);
    clearTimeout(this.renew);
    this.source?.close();
    this.source = null;
  }

  private tell(state: LiveState): void {
    if (state === this.state && state !== "reconnecting") return;
    this.state = state;
    this.options.onState?.(state);
  }

  private async open(): Promise<void> {
    let token: Token;
    try {
      const response = await fetch(this.options.tokenAddress ?? "/live/token", { headers: { Accept: "application/json" } });
      if (!response.ok) throw new Error(`live token: ${response.status}`);
      token = (await response.json()) as Token;
    } catch {
      this.later();
      return;
    }
    if (this.closed || (document.hidden && this.tries > 0)) return;
    const address = new URL(token.url, location.href);
    address.searchParams.set("token", token.token);
    if (this.seq > 0) address.searchParams.set("after", String(this.seq));
    this.stop();
    const source = new EventSource(address);
    this.source = source;
    source.onopen = () => {
      this.tries = 0;
      this.tell("online");
    };
    source.onmessage = (message: MessageEvent<string>) => this.take(message);
    source.addEventListener("hello", (message: MessageEvent<string>) => {
      if (this.seq === 0) this.seq = (JSON.parse(message.data) as { seq: number }).seq;
    });
    this.listen(source);
    // The browser's own retry would reuse a stale token: we take over.
    source.onerror = () => {
      if (this.source !== source) return;
      this.stop();
      this.later();
    };
    const leftMs = Math.max(RENEW_BEFORE_MS, new Date(token.expires_at).getTime() - Date.now() - RENEW_BEFORE_MS);
    this.renew = setTimeout(() => void this.open(), leftMs);
  }

  private listen(source: EventSource): void {
    // The first word tells the newest number: a connection that breaks before the first event misses nothing.
    source.addEventListener("hello", (message) => {
      this.head = (JSON.parse((message as MessageEvent<string>).data) as { seq: number }).seq;
      if (this.seq === 0) this.seq = this.head;
    });
    source.addEventListener("gap", () => {
      this.seq = this.head;
      this.options.onGap?.();
    });
    // The token's time is up: come back at once, quietly.
    source.addEventListener("bye", () => {
      if (this.source !== source) return;
      this.stop();
      void this.open();
    });
  }

  private take(message: MessageEvent<string>): void {
    const event = JSON.parse(message.data) as LiveEvent;
    this.seq = Math.max(this.seq, event.seq);
    if (this.seen.has(event.id)) return;
    this.seen.add(event.id);
    if (this.seen.size > REMEMBERED) this.seen.delete(this.seen.values().next().value as string);
    this.options.onEvent(event);
  }

  private later(): void {
    if (this.closed) return;
    const step = BACK_OFF_MS[Math.min(this.tries, BACK_OFF_MS.length - 1)] ?? 30_000;
    this.tries += 1;
    this.tell(this.tries > OFFLINE_AFTER_TRIES ? "offline" : "reconnecting");
    this.retry = setTimeout(() => void this.open(), step * (0.75 + Math.random() / 2));
  }
}
