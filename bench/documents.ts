// Documents of perf data convert --to-json, of the samples of a captured one, again and again.
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'
import { basename } from 'node:path'
import { type Input, kept } from './captures.ts'

const LIST = '"samples": ['
const LIST_END = '\n\t]'

/** The document at `source` with its samples repeated up to so many bytes. */
export function documentOfSamples(source: string, bytes: number): Input {
  const text = readFileSync(source, 'latin1')
  const start = text.indexOf(LIST) + LIST.length
  const end = text.lastIndexOf(LIST_END)
  const samples = text.slice(start, end)
  const times = Math.ceil(bytes / samples.length)
  const path = kept(`${basename(source, '.json')}-${bytes}.json`, (file) => {
    const output = openSync(file, 'w')
    writeSync(output, text.slice(0, start), null, 'latin1')
    for (let time = 0; time < times; time++) writeSync(output, time === 0 ? samples : `,${samples}`, null, 'latin1')
    writeSync(output, text.slice(end), null, 'latin1')
    closeSync(output)
  })
  return { path, events: times * (samples.split('\n\t\t{').length - 1) }
}
