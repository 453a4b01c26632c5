import type { Adapter } from '../../src/contract.ts'
import { isOwnLine } from '../../src/text/own-line.ts'

/** Reads what tracenorm itself writes. */
export const adapter: Adapter = {
  name: 'tracenorm',
  formats: [
    {
      name: 'ndjson',
      title: 'events as tracenorm writes them, a line each',
      versions: 'event format 1',
      example:
        '{"v":1,"kind":"drop","process":{"comm":"curl"},"drop":{"count":1,"reason":"NO_SOCKET"},"capture":{"path":"perf.txt","line":1}}',
      unit: 'line',
    },
  ],
  flags: [],
  detect: (lines) =>
    isOwnLine(lines)
      ? { format: 'ndjson', score: 100, why: 'its first line begins as ours do: {"v":1,"kind":"' }
      : undefined,
  async load() {
    const { ndjsonReader } = await import('./ndjson/reader.ts')
    return ndjsonReader
  },
}
