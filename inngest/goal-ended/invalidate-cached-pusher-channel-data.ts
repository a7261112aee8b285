import { cachedChannelTargets } from "#src/contract/channels.ts";
import { dropViews } from "#src/server/data/view-cache.ts";
import { channelViewTag } from "#src/server/operations/announce.ts";
import { done, receiver } from "./receiver.ts";

/** "invalidate_cached_pusher_channel_data": drops the cached data of the streamer's four channels (readings, 11). */
export const invalidateCachedPusherChannelData = receiver(
  "invalidate_cached_pusher_channel_data",
  async ({ signal, services }) => {
    await dropViews(services.db, cachedChannelTargets(signal.metadata.user_id).map(channelViewTag));
    return done;
  },
);
