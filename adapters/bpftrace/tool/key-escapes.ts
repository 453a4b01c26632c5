import { unescapeJson } from './json-value.ts'

/**
 * Keys of maps in JSON: 0.22 and 0.23 escape them twice (`\\n`, `\\\"`, `\\uffffffc3`), all others once. Nothing says which version it is: a key that holds what
 * no key escaped twice can hold tells it of the whole stream.
 */
export class KeyEscapes {
  private isOnce = false

  /** `isNew`: the stream is of 0.24 or later. `key` is what one unescaping left. */
  undo(key: string, isNew: boolean | undefined): string {
    if (isNew === true || this.isOnce) return key
    if (/["\x00-\x1f\x80-\xff]/.test(key.replaceAll(/\\./g, ''))) this.isOnce = true
    if (this.isOnce || !key.includes('\\')) return key
    const bytes = unescapeJson(key, 0, key.length)
    if (bytes === undefined) this.isOnce = true
    return bytes ?? key
  }
}
