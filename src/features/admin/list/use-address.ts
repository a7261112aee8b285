"use client";

import { useSearchParams } from "next/navigation";
import { useCallback } from "react";

/** What changes in the address's query: a value, or null to leave it out. */
type Changes = Readonly<Record<string, string | null>>;

/**
 * The page's address as the place of its filters, so that a link shows what its sender saw. A change is written without
 * asking the server for the page again; `push` makes it a step that the browser's Back undoes.
 */
export function useAddress(): readonly [
  query: ReturnType<typeof useSearchParams>,
  change: (changes: Changes, how?: "replace" | "push") => void,
] {
  const query = useSearchParams();
  const change = useCallback((changes: Changes, how: "replace" | "push" = "replace") => {
    const next = new URLSearchParams(window.location.search);
    for (const [name, value] of Object.entries(changes)) {
      if (value === null || value === "") next.delete(name);
      else next.set(name, value);
    }
    const text = next.toString();
    const address = `${window.location.pathname}${text === "" ? "" : `?${text}`}`;
    if (how === "push") window.history.pushState(null, "", address);
    else window.history.replaceState(null, "", address);
  }, []);
  return [query, change];
}
