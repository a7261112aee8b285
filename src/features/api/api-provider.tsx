"use client";

import { QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createTRPCClient, httpBatchLink } from "@trpc/client";
import { createTRPCContext } from "@trpc/tanstack-react-query";
import { type ReactNode, useEffect, useState } from "react";
import type { AppRouter } from "#src/server/trpc/router.ts";
import { problemOf } from "./problem.ts";
import { mayRetry, retryDelay_ms } from "./retry.ts";
import { noteSessionEnded, onSessionRestored } from "./session.ts";

const { TRPCProvider, useTRPC } = createTRPCContext<AppRouter>();
export { useTRPC };

const makeQueryClient = () =>
  new QueryClient({
    queryCache: new QueryCache({
      onError: (error) => {
        if (problemOf(error) === "unauthenticated") noteSessionEnded();
      },
    }),
    defaultOptions: {
      queries: {
        retry: mayRetry,
        retryDelay: retryDelay_ms,
        // A page that comes back into view reads again, whatever it has (TanStack: only what is stale).
        staleTime: 0,
        refetchOnWindowFocus: true,
      },
    },
  });

/** The way of all pages to the server's procedures. Nothing is asked while pages are rendered on the server. */
export function ApiProvider({ children }: { children: ReactNode }) {
  const [queryClient] = useState(makeQueryClient);
  const [trpcClient] = useState(() =>
    createTRPCClient<AppRouter>({
      links: [httpBatchLink({ url: "/api/trpc", maxItems: 20, maxURLLength: 8_000 })],
    }),
  );
  useEffect(() => onSessionRestored(() => void queryClient.invalidateQueries()), [queryClient]);
  return (
    <QueryClientProvider client={queryClient}>
      <TRPCProvider trpcClient={trpcClient} queryClient={queryClient}>
        {children}
      </TRPCProvider>
    </QueryClientProvider>
  );
}
