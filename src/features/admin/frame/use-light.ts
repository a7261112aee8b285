"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { adminChannel } from "#src/contract/channels.ts";
import { useTRPC } from "../../api/api-provider.tsx";
import { useNet } from "../../live/use-live-query.ts";
import { useHints } from "../list/use-hints.ts";

const hints = { channels: [adminChannel], events: ["ledger.checked"] } as const;
const gap_ms = 500;
/** A check is made every minute, and each is hinted at. Below the hints the light is read so often, live or not. */
const often_ms = 10_000;
const rarely_ms = 30_000;
/** While somebody waits for a check. */
const checking_ms = 1_000;

/** A check that was asked for by hand: which check of the whole ledger was the last one before it. */
export interface AskedCheck {
  readonly before: string | null;
}

/** The conservation light as of its last check, live. Who has asked for a check has it read often until it is through. */
export function useLight(asked: AskedCheck | null = null) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const options = trpc.admin.ledger.light.queryOptions();
  const readAgain = () => queryClient.invalidateQueries({ queryKey: options.queryKey });
  useHints(readAgain, hints, gap_ms);
  const net = useNet();
  const query = useQuery({
    ...options,
    refetchInterval: (current) => {
      const every_ms = net(current);
      if (every_ms === false) return false;
      return asked !== null && current.state.data?.checked_whole === asked.before
        ? checking_ms
        : Math.min(Math.max(every_ms, often_ms), rarely_ms);
    },
  });
  return { ...query, readAgain };
}

export type Light = ReturnType<typeof useLight>;
