/** Tells pages the nonce of their request, which their own scripts and styles carry. Written by the app's server alone. */
export const nonceHeader = "x-goalkeeper-nonce";
