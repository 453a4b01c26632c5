import type { Json, Part } from '../../../src/event/part.ts'
import type { EventRecord, MEMBERS } from '../../../src/event/record.ts'
import type { FlagWord } from '../../../src/event/words.ts'

/** A function for each: a store under a name in a variable takes three times as long. */
export const SETTERS: Readonly<Record<(typeof MEMBERS)[number], (record: EventRecord, part: Part) => void>> = {
  ts: (record, part) => {
    record.ts = part
  },
  clock: (record, part) => {
    record.clock = part
  },
  host: (record, part) => {
    record.host = part
  },
  labels: (record, part) => {
    record.labels = part
  },
  event_name: (record, part) => {
    record.event_name = part
  },
  cpu: (record, part) => {
    record.cpu = part
  },
  process: (record, part) => {
    record.process = part
  },
  skb: (record, part) => {
    record.skb = part
  },
  location: (record, part) => {
    record.location = part
  },
  drop: (record, part) => {
    record.drop = part
  },
  device: (record, part) => {
    record.device = part
  },
  stack: (record, part) => {
    record.stack = part
  },
  sample: (record, part) => {
    record.sample = part
  },
  metric: (record, part) => {
    record.metric = part
  },
  loss: (record, part) => {
    record.loss = part
  },
  message: (record, part) => {
    record.message = part
  },
  level: (record, part) => {
    record.level = part
  },
  stream: (record, part) => {
    record.stream = part
  },
  args: (record, part) => {
    record.args = part
  },
  payload: (record, part) => {
    record.payload = part
  },
  flags: (record, part) => {
    record.flags = flagWords(part.value())
  },
  capture: (record, part) => {
    record.capture = part
  },
  id: (record, part) => {
    record.id = part
  },
}

/** Words of a later version are carried as they are: nothing here looks at them. */
function flagWords(value: Json): readonly FlagWord[] {
  // Sound: the schema says that flags is a list of words, and only words that we know are ever compared.
  return value as readonly FlagWord[]
}
