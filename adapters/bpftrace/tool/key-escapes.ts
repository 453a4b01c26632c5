import { unescapeJson } from '../../../src/text/json-value.ts'

/**
 * How often the map keys of a stream are escaped. 0.22 and 0.23 escape them twice (`\\n`, `\\\"`, `\\uffffffc3`), all
 * other versions once. The stream does not name its version, but a key with bytes that a key escaped twice cannot hold
 * shows it.
 */
export class KeyEscapes {
  private isOnce = false

  /** Unescapes a key again if needed. `key` was unescaped once. `isNew`: the stream is of 0.24 or later. */
  undo(key: string, isNew: boolean | undefined): string {
    if (isNew === true || this.isOnce) return key
    if (/["\x00-\x1f\x80-\xff]/.test(key.replaceAll(/\\./g, ''))) this.isOnce = true
    if (this.isOnce || !key.includes('\\')) return key
    const bytes = unescapeJson(key, 0, key.length)
    if (bytes === undefined) this.isOnce = true
    return bytes ?? key
  }
}
