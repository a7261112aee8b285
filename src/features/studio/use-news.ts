"use client";

import { useCallback, useState } from "react";

/** One announcement. Ids grow. */
interface News {
  readonly id: number;
  readonly sentence: string;
}

/** How many announcements stay in the page. */
const kept = 10;

/** What is to be read out to those who do not see it happen, the oldest first, and how to say more. */
export function useNews() {
  const [news, setNews] = useState<readonly News[]>([]);
  const say = useCallback((sentences: readonly string[]) => {
    if (sentences.length === 0) return;
    setNews((said) => {
      const next = (said.at(-1)?.id ?? 0) + 1;
      return [...said, ...sentences.map((sentence, place) => ({ id: next + place, sentence }))].slice(-kept);
    });
  }, []);
  return { news, say };
}
