// Goldens: the results for each case in fixtures/<adapter>/<format>/<case>/, in files next to the input.
//   tsx scripts/golden.ts            shows the difference; status 1 when there is one
//   tsx scripts/golden.ts --write    writes it
//   tsx scripts/golden.ts perf/…     only cases whose name begins like this
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { goldensOf, readCases } from '../test/kit/harness.ts'

const { values, positionals } = parseArgs({ options: { write: { type: 'boolean' } }, allowPositionals: true })
const scratch = mkdtempSync(join(tmpdir(), 'tracenorm-golden-'))
let differing = 0

for (const one of readCases()) {
  if (positionals.length > 0 && !positionals.some((start) => one.name.startsWith(start))) continue
  for (const [file, made] of await goldensOf(one)) {
    const golden = join(one.folder, file)
    if (existsSync(golden) && readFileSync(golden).equals(made)) continue
    differing++
    console.log(`${one.name}/${file}${existsSync(golden) ? '' : ' is new'}`)
    if (existsSync(golden)) console.log(difference(golden, made))
    if (values.write === true) writeFileSync(golden, made)
  }
}
rmSync(scratch, { recursive: true })

if (differing === 0) console.log('all goldens are as made')
else if (values.write === true) console.log(`${differing} written`)
else {
  console.log(`${differing} differ; npm run golden -- --write writes them`)
  process.exitCode = 1
}

/** By `diff -u`, whose status is 1 when there is a difference. */
function difference(golden: string, made: Buffer): string {
  const path = join(scratch, 'made')
  writeFileSync(path, made)
  try {
    return execFileSync('diff', ['-u', golden, path], { encoding: 'utf8' })
  } catch (error) {
    return error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error)
  }
}
