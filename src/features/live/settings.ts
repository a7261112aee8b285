/** What the browser needs to know of Pusher. It comes with the page, at run time. */
export interface LiveSettings {
  readonly key: string;
  readonly cluster: string;
  /** A Pusher-compatible server of one's own; null for pusher.com. */
  readonly host: string | null;
  readonly port: number | null;
  readonly tls: boolean;
}
