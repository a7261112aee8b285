"use client";

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { GoalAction } from "#src/contract/console.ts";
import type { Acted } from "#src/server/operations/console/act.ts";
import { useTRPC } from "../../api/api-provider.tsx";
import { type ClientProblem, isPassing, problemOf } from "../../api/problem.ts";
import { noteSessionEnded } from "../../api/session.ts";
import { rememberReason } from "./last-reasons.ts";
import { newRequestId } from "./request-id.ts";

/** How far an action by hand has come, as the dialog tells it. */
export interface Acting {
  readonly result: Acted | undefined;
  readonly problem: ClientProblem | null;
  /** Sent, and neither done nor refused for certain: sending the same again is safe, and anything else is not the same. */
  readonly isOpen: boolean;
  readonly isPending: boolean;
  readonly send: (reason: string) => void;
}

/**
 * Sends one action. Its request id stays the same until the server has answered for certain, so that a double click, or
 * another try after an answer was lost, is one action; after a refusal, the next try is another one.
 */
export function useAct(goalId: string, action: GoalAction, onDone: (acted: Acted) => void): Acting {
  const trpc = useTRPC();
  const [requestId, setRequestId] = useState(newRequestId);
  const mutation = useMutation(
    trpc.admin.goals.act.mutationOptions({
      onSuccess: (acted, { reason }) => {
        rememberReason(reason);
        onDone(acted);
      },
      onError: (error) => {
        const problem = problemOf(error);
        if (problem === "unauthenticated") noteSessionEnded();
        else if (!isPassing(problem)) setRequestId(newRequestId());
      },
    }),
  );
  const problem = mutation.error === null ? null : problemOf(mutation.error);
  return {
    result: mutation.data,
    problem,
    isOpen: mutation.isPending || (problem !== null && (isPassing(problem) || problem === "unauthenticated")),
    isPending: mutation.isPending,
    send(reason) {
      if (mutation.isPending || mutation.data !== undefined) return;
      mutation.mutate({ goal_id: goalId, action, reason: reason.trim(), request_id: requestId });
    },
  };
}
