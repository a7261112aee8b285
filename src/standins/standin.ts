/** What every local service gives back once it answers on its port. */
export interface Standin {
  /** The port it listens on: the one asked for, or a free one when 0 was asked for. */
  readonly port: number;
  /** Ends open connections and flushes what is on disk. Safe to call twice. */
  close(): Promise<void>;
}

/** Where a local service listens and what it may keep. */
export interface StandinOptions {
  /** The address to bind to, a loopback one. */
  readonly host: string;
  /** The port to bind to; 0 takes a free one. */
  readonly port: number;
  /** The service's own folder, made when it is not there. */
  readonly dataDir: string;
  /** Takes one line of plain text for the operator's log. */
  readonly log: (line: string) => void;
}
