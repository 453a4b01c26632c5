import type { Adapter } from '../contract.ts'
import type { NeedsSeeking } from '../input/captures.ts'
import type { FilesOfFolder } from '../input/folder.ts'

/** What the adapters say of captures before they are read: which need seeking, and which are folders. */
export interface CaptureShapes {
  readonly needsSeeking: NeedsSeeking
  readonly filesOfFolder: FilesOfFolder
}

export function shapeOfCaptures(adapters: readonly Adapter[]): CaptureShapes {
  const asked = adapters.filter((adapter) => adapter.needsSeeking !== undefined)
  return {
    needsSeeking(bytes) {
      const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, HEAD_BYTES)).toString('latin1')
      const answers = asked.map((adapter) => adapter.needsSeeking?.(head))
      return answers.includes(true) ? true : answers.includes('more') ? 'more' : false
    },
    filesOfFolder: (names) =>
      adapters.map((adapter) => adapter.filesOfRecording?.(names)).find((files) => files !== undefined),
  }
}

const HEAD_BYTES = 64
