import { ObjectId } from "mongodb";
import { escrowIdOf } from "#src/contract/ids.ts";
import { escrowAccount, viewerAccount } from "#src/domain/ledger.ts";
import type { Services } from "#src/server/services.ts";
import type { Scene } from "./scene.ts";

/** A scene whose ledger can be broken on purpose. Ids are hex, amounts whole minor units. */
export interface LedgerScene {
  /** Forgets all goals, all money, and what is known of it. */
  clear(): Promise<void>;
  /** Invites as this viewer does, whatever came before; with a prepayment of 1,200. */
  invite(viewer: string): Promise<string>;
  /** Writes a transfer into a goal's escrow, past everything that guards the ledger. */
  append(goalId: string, amount: number, over?: Record<string, unknown>): Promise<void>;
}

const cleared = [
  "goals",
  "goal_summaries",
  "refund_holds",
  "ledger_transfers",
  "console_state",
  "audit_log",
] as const;

export function ledgerScene({ db, news }: Services, scene: Scene): LedgerScene {
  return {
    clear: async () => {
      await news.settle();
      for (const name of cleared) await db.driver.collection(name).deleteMany({});
    },
    invite: async (viewer) => {
      const none = { exclusive_goal_pairs: {}, trigger_private_goals: {} };
      await db.driver
        .collection("sessions")
        .updateOne({ _id: new ObjectId(scene.sessionId) }, { $set: none });
      return await scene.invite(viewer);
    },
    append: async (goalId, amount, over = {}) => {
      const escrow_id = escrowIdOf(goalId);
      await db.driver.collection<{ _id: string; [field: string]: unknown }>("ledger_transfers").insertOne({
        _id: `hold:${escrow_id}:odd`,
        insert_id: new ObjectId(),
        debit: viewerAccount(Object.values(scene.viewers)[0] ?? ""),
        credit: escrowAccount(escrow_id),
        amount,
        currency: "USD",
        at: new Date(),
        escrow_id,
        user_id: new ObjectId(scene.streamerId),
        reason: "prepayment",
        ...over,
      });
    },
  };
}
