// The closed vocabularies of the event that code switches on.

export type Kind = 'drop' | 'trace' | 'metric' | 'loss' | 'message'
export const KINDS: readonly Kind[] = ['drop', 'trace', 'metric', 'loss', 'message']

export type ClockId = 'realtime' | 'monotonic' | 'boottime' | 'tai' | 'monotonic_raw' | 'perf' | 'unknown' | 'relative'

/** Flags of a record (DESIGN section 2). The schema lets any word of `[a-z_]+` pass; these are ours. */
export type FlagWord =
  | 'truncated'
  | 'text_replaced'
  | 'time_ambiguous'
  | 'address_hashed'
  | 'symbol_cut'
  | 'address_ambiguous'
  | 'event_inferred'
  | 'reason_conflict'
  | 'incomplete'
  | 'reformatted'
  | 'key_altered'
