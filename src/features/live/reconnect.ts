/** What is needed of a connection to bring it back. */
export interface Reconnectable {
  readonly connection: {
    readonly state: string;
    bind(event: "state_change", listener: () => void): unknown;
  };
  connect(): void;
  disconnect(): void;
  /** Whether the server answers at all, asked in the cheapest way. Never rejects. */
  probe(): Promise<boolean>;
}

/** How often a server that is away is asked whether it is back; less often after a while. */
const probe_ms = 1_000;
const patientProbe_ms = 5_000;
const impatience_ms = 5 * 60_000;
/** How long a forced attempt has before the next one: doubling, since a server that answers may yet take nobody. */
const firstAttempt_ms = 2_000;
const lastAttempt_ms = 30_000;

/**
 * Brings a connection back within about a second of the server's return. pusher-js alone waits up to minutes between
 * its attempts, and after a refusal (4001 to 4099) for good. Browsers hold back pages that open many web sockets in
 * vain, so what is tried every second is a plain request, and a web socket only once something has answered it.
 */
export function keepTrying(pusher: Reconnectable, now: () => number = Date.now): void {
  let lostAt = now();
  let attempts = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const isConnected = () => pusher.connection.state === "connected";

  function wait(wait_ms: number): void {
    clearTimeout(timer);
    timer = setTimeout(() => void look(), wait_ms * (0.9 + Math.random() / 5));
  }

  async function look(): Promise<void> {
    if (isConnected()) return;
    const answers = await pusher.probe();
    if (isConnected()) return;
    if (!answers) return wait(now() - lostAt < impatience_ms ? probe_ms : patientProbe_ms);
    attempts += 1;
    pusher.disconnect();
    pusher.connect();
    wait(Math.min(lastAttempt_ms, firstAttempt_ms * 2 ** (attempts - 1)));
  }

  function onChange(): void {
    if (isConnected()) {
      clearTimeout(timer);
      timer = undefined;
      attempts = 0;
    } else if (timer === undefined) {
      lostAt = now();
      wait(probe_ms);
    }
  }

  pusher.connection.bind("state_change", onChange);
  onChange();
}
