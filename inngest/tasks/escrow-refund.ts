import { invoke } from "inngest";
import { escrowRefundInput } from "#src/contract/tasks.ts";
import { refundEscrow } from "#src/server/operations/escrow.ts";
import { noteRefund } from "#src/server/operations/note-refund.ts";
import { readInput, type Task, tellsStepsTogether } from "./task.ts";

/** "link task escrow_refund": moves the money back, at most once, whoever asks, however often (readings, 9). */
export const escrowRefund: Task = (services) =>
  services.inngest.createFunction(
    { id: "escrow_refund", retries: 20, ...tellsStepsTogether, triggers: [invoke(escrowRefundInput)] },
    ({ event, step }) => {
      const { escrow_id, user_id, nbf, exp } = readInput(escrowRefundInput, event.data);
      return step.run("resolve the escrow", async () => {
        const result = await refundEscrow(services, escrow_id, {
          userId: user_id,
          nbf: Date.parse(nbf),
          exp: exp === null ? null : Date.parse(exp),
        });
        if (result.kind === "refunded") await noteRefund(services, escrow_id, result);
        return result;
      });
    },
  );
