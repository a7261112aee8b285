/** The limits that Pusher Channels documents; bytes are counted in UTF-8. */
export const limits = {
  channelName_chars: 164,
  eventName_chars: 200,
  eventData_bytes: 10_240,
  channelsPerEvent: 100,
  eventsPerBatch: 10,
  presenceMembers: 100,
  presenceInfo_bytes: 1024,
  userId_chars: 128,
  watchlistUsers: 100,
  clientEventsPerSecond: 10,
  requestAge_s: 600,
  cachedEvent_s: 1800,
  /** Ten events of the greatest length still fit when JSON escapes every byte of their data. */
  requestBody_bytes: 1_048_576,
  /** A client event of the greatest length fits, and so does any sign-in that is within the limits. */
  frame_bytes: 131_072,
  /** A socket that lets more than this pile up reads too slowly and is cut off. */
  unsent_bytes: 8_388_608,
} as const;

/** Close and error codes: 40xx means "stay away", 41xx "come back later", 42xx "come back at once". */
export const codes = {
  goingAway: 1001,
  unknownKey: 4001,
  pathNotFound: 4005,
  badProtocolVersion: 4006,
  unsupportedProtocol: 4007,
  noProtocol: 4008,
  unauthorized: 4009,
  overCapacity: 4100,
  noPong: 4201,
  clientEventRejected: 4301,
  watchlistTooLong: 4302,
} as const;
