/** The wall clock: nanoseconds since 1970, in milliseconds. */
export function wallClock(): bigint {
  return BigInt(Date.now()) * 1_000_000n
}
