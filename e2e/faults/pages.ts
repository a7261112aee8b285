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

  /** What the page is shown from the cache instead of what there is; null when that is the same. */
  async stale(database: Db): Promise<string | null> {
    const shown = await this.#look();
    await database.collection("view_cache").deleteMany({ tag: this.#tag });
    const fresh = await this.#look();
    const isRead = shown.startsWith("200 ");
    return isRead && shown === fresh ? null : `a page is shown ${shown} instead of ${fresh}`;
  }

  /** The snapshot as a text, after the answer's status; or why there was no answer. */
  async #look(): Promise<string> {
    try {
      const response = await fetch(this.#url, {
        headers: { authorization: this.#authorization },
        signal: AbortSignal.timeout(5_000),
      });
      return `${response.status} ${await response.text()}`;
    } catch (error) {
      return String(error);
    }
  }
}
