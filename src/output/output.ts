/** Where text goes, latin1, one char a byte. It is held back until there is a block of it, or until `flush`. */
export interface Output {
  write(text: string): void
  /** The same of at most 64 KiB, which are the caller's again afterwards. */
  writeBytes(bytes: Uint8Array): void
  /** Sends on what is held back; a promise where the consumer has no room for more. Throws also what went wrong before. */
  flush(): Promise<void> | void
}

/** The consumer of an output has gone: the run ends quietly, as `cat` would. */
export class BrokenPipe extends Error {}
