import type { Out } from '../contract.ts'

/** Takes what a reader says of a line that was taken without it: the reader reads it for its own state. */
export const NOWHERE: Out = {
  claim() {},
  keep: () => ({ offset: 0, length: 0 }),
  place: (offset, _bytes, start, end) => ({ offset, length: end - start }),
  record() {},
  repeatable: () => undefined,
  message: () => true,
  yields: () => false,
  reject: () => true,
  canSetAside: () => true,
  setAside: () => true,
  learn() {},
  hint() {},
  assume() {},
}
