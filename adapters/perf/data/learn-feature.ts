// What the features of a recording teach.
import type { Facts, Out } from '../../../src/contract.ts'
import { replaced, utf8 } from '../../../src/text/utf8.ts'
import { FEATURE, readBuildIds, readClockData, readEventDesc, readMostUnpacked, readString } from './features.ts'
import type { Recording } from './recording.ts'

/** A feature by its bit, with the bytes of its section. Those that are not needed are passed over. */
export function learnFeature(bit: number, bytes: Uint8Array, recording: Recording, out: Out): void {
  const { isLittle, symbols, attributes } = recording
  switch (bit) {
    case FEATURE.tracingData:
      recording.addTracing(bytes)
      return
    case FEATURE.buildId:
      for (const { file, id } of readBuildIds(bytes, isLittle)) symbols.buildId(file, id)
      return
    case FEATURE.hostname:
      learnText(readString(bytes, isLittle), out, (host) => ({ host }))
      return
    case FEATURE.osRelease:
      learnText(readString(bytes, isLittle), out, (kernel) => {
        symbols.kernelRelease(kernel)
        return { kernel }
      })
      return
    case FEATURE.eventDesc:
      for (const [index, { name, ids }] of readEventDesc(bytes, isLittle).entries()) {
        recording.label(index, name)
        attributes.addIds(index, ids)
      }
      return
    case FEATURE.dirFormat:
      recording.isOfFolder = bytes.some((byte) => byte !== 0)
      return
    case FEATURE.compressed:
      recording.mostUnpacked = readMostUnpacked(bytes, isLittle)
      return
    case FEATURE.clockData: {
      const clock = readClockData(bytes, isLittle)
      if (clock !== undefined) out.learn({ clock })
      return
    }
  }
}

function learnText(text: string | undefined, out: Out, factsOf: (text: string) => Facts): void {
  if (text !== undefined && text !== '' && !replaced(text)) out.learn(factsOf(utf8(text)))
}
