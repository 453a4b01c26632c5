/** Takes text, latin1, one char a byte. The text is held back until there is a block of it, or until `flush`. */
export interface Output {
  write(text: string): void
  /** Takes bytes, which are the caller's again when it returns. */
  writeBytes(bytes: Uint8Array): void
  /**
   * Sends what is held back; a promise where the consumer has no room for more. Also throws what went wrong before.
   */
  flush(): Promise<void> | void
}

/** The consumer of an output has gone: the run ends quietly, as `cat` does. */
export class BrokenPipe extends Error {}
