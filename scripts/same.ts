// Converts every capture of a folder with two builds and compares records, rejected bytes, reports and statuses:
//   npm run same -- OLD_MAIN [CORPUS] [--new MAIN] [--every N]
// OLD_MAIN is what node runs of the other build: its dist/tracenorm.cjs, or dist/src/main.js of an older one. Status 1
// when anything differs but the sentences of reports.
import { existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { batchesOf } from './same/batches.ts'
import { compareBuilds, type Difference } from './same/conversion.ts'

const LONGEST = 300

const { values, positionals } = parseArgs({
  options: {
    new: { type: 'string', default: 'dist/tracenorm.cjs' },
    /** Only every nth capture, for a quick look. */
    every: { type: 'string', default: '1' },
  },
  allowPositionals: true,
})
const [old, corpus = join(process.env.TRACENORM_CORPUS ?? '../shared', 'corpus')] = positionals
const nth = Number(values.every)
const isRight = old !== undefined && Number.isInteger(nth) && nth > 0
if (!isRight || ![old, values.new, corpus].every((path) => existsSync(path)) || !statSync(corpus).isDirectory()) {
  console.error('usage: npm run same -- OLD_MAIN [CORPUS] [--new MAIN] [--every N]; all of them must exist')
  process.exit(2)
}

const sides = { old: resolve(old), new: resolve(values.new), corpus: resolve(corpus) }
const batches = batchesOf(sides.corpus, nth)
let files = 0
let bytes = 0
let inOtherWords = 0
let differing = 0
for (const batch of batches) {
  files += batch.files.length
  const { bytes: made, differences } = await compareBuilds(sides, batch)
  bytes += made
  for (const one of differences) {
    if (one.parts.every((part) => part === 'sentences')) inOtherWords++
    else {
      differing++
      console.log(lineOf(one))
    }
  }
}
const words = inOtherWords === 0 ? '' : `; ${inOtherWords} reports say the same in other words`
console.log(
  `${files} files, ${bytes} bytes of records: ${differing === 0 ? 'nothing differs' : `${differing} conversions differ`}${words}`,
)
process.exitCode = differing === 0 ? 0 : 1

function lineOf({ files, flags, parts, records }: Difference): string {
  const name = files.length === 1 ? files[0] : `${files[0]} and ${files.length - 1} more in one run`
  const head = `${[...flags, name].join(' ')}: ${parts.join(', ')}`
  if (records === undefined) return head
  const { line, old: before, new: after } = records
  return `${head}; line ${line}\n  - ${before.slice(0, LONGEST)}\n  + ${after.slice(0, LONGEST)}`
}
