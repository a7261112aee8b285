"use client";

import { useState } from "react";
import { type ClientProblem, isPassing } from "../../api/problem.ts";
import { newRequestId } from "../actions/request-id.ts";

/** How a change by hand is sent, so that a double click, or another try after a lost answer, is one change. */
export interface SureRequest {
  readonly requestId: string;
  /** Notes how the last try ended. After a refusal for certain the next try is another request. */
  readonly note: (problem: ClientProblem) => void;
}

/** Whether the server may have done it all the same: then sending exactly the same again is safe, and the only way on. */
export const isUnsure = (problem: ClientProblem | null): boolean =>
  problem !== null && (isPassing(problem) || problem === "unauthenticated");

export function useSureRequest(): SureRequest {
  const [requestId, setRequestId] = useState(newRequestId);
  return {
    requestId,
    note(problem) {
      if (!isUnsure(problem)) setRequestId(newRequestId());
    },
  };
}
