// The tables of docs/envelopes.md are made of these.
import type { Json } from '../event/part.ts'
import type { Kind } from '../event/words.ts'
import type { MapName } from './envelope.ts'

/** Our fields, and what a convention calls them. A field that is not here keeps our name. */
export const NAMES: Readonly<Record<MapName, Readonly<Record<string, string>>>> = {
  // Elastic Common Schema 9.4. It has no field for a place in the kernel, a kernel stack or a CPU.
  ecs: {
    'host.kernel': 'host.os.kernel',
    'process.comm': 'process.thread.name',
    'process.tid': 'process.thread.id',
    event_name: 'event.code',
    'drop.reason': 'event.reason',
    level: 'log.level',
    'capture.tool': 'event.provider',
    'capture.path': 'log.file.path',
    'capture.raw': 'event.original',
    id: 'event.id',
  },
  // Semantic conventions 1.44. Their thread.id is that of a managed thread, so the TID of the kernel keeps our name.
  otel: {
    'host.kernel': 'os.version',
    cpu: 'cpu.logical_number',
    'process.comm': 'thread.name',
    'location.symbol': 'code.function.name',
    'device.name': 'network.interface.name',
    'capture.path': 'log.file.path',
    'capture.raw': 'log.record.original',
    id: 'log.record.uid',
  },
}

export type NamedConstants = readonly (readonly [name: string, value: Json])[]

const NOTHING: NamedConstants = []
const EVENT: NamedConstants = [['event.kind', 'event']]

/** What a convention asks to be said of every record of a kind. */
export const CONSTANTS: Readonly<Record<MapName, Readonly<Record<Kind, NamedConstants>>>> = {
  ecs: {
    drop: [
      ['event.kind', 'event'],
      ['event.category', ['network']],
      ['event.type', ['denied']],
      ['event.action', 'dropped'],
    ],
    trace: EVENT,
    metric: [['event.kind', 'metric']],
    loss: EVENT,
    message: EVENT,
  },
  otel: { drop: NOTHING, trace: NOTHING, metric: NOTHING, loss: NOTHING, message: NOTHING },
}
