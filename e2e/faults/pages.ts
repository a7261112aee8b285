import { setTimeout as wait } from "node:timers/promises";
import type { Db } from "mongodb";
import { channelName } from "#src/contract/channels.ts";

/** Between two readings of a page. */
const pause_ms = 150;

/** A streamer's open page, which reads its channel's snapshot again and again, as if hints came all the time. */
export class OpenPage {
  readonly #url: string;
  readonly #authorization: string;
  readonly #tag: string;
  #isOpen = true;

  constructor(app: string, authorization: string, streamerId: string) {
    const channel = channelName("private-stream", streamerId);
    this.#url = `${app}/channels/${encodeURIComponent(channel)}/data`;
    this.#authorization = authorization;
    this.#tag = `channel:${channel}`;
  }

  /** Reads until the page is closed, and so keeps an answer in the cache at every moment at which one is dropped. */
  async read(): Promise<void> {
    while (this.#isOpen) {
      await this.#look();
      await wait(pause_ms);
    }
  }

  close(): void {
    this.#isOpen = false;
  }

  /** Whether the page is shown anything else than what there is. */
  async isStale(database: Db): Promise<boolean> {
    const shown = await this.#look();
    await database.collection("view_cache").deleteMany({ tag: this.#tag });
    const fresh = await this.#look();
    return shown === null || shown !== fresh;
  }

  /** The snapshot as a text; null when it could not be read. */
  async #look(): Promise<string | null> {
    try {
      const response = await fetch(this.#url, {
        headers: { authorization: this.#authorization },
        signal: AbortSignal.timeout(5_000),
      });
      const text = await response.text();
      return response.ok ? text : null;
    } catch {
      return null;
    }
  }
}
