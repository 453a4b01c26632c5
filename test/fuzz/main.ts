// npm run fuzz -- [--seconds 60] [--seed N] [--target readers] [--runs N] [--keep FOLDER] [--sabotage]
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Finding, fuzz, tryOnce } from './fuzz.ts'
import { SABOTAGES } from './sabotage.ts'
import { system } from './system.ts'
import { TARGETS } from './targets.ts'

const MOST_FINDINGS = 20
const MOST_TRIALS = 2000

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    runs: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    target: { type: 'string' },
    keep: { type: 'string', default: 'fuzz-findings' },
    sabotage: { type: 'boolean', default: false },
  },
})
const seed = Number(values.seed)
const targets = TARGETS.filter(({ name }) => values.target === undefined || name === values.target)
if (targets.length === 0) throw new Error(`--target is one of ${TARGETS.map(({ name }) => name).join(', ')}`)
process.exitCode = values.sabotage ? await findSabotages() : await search()

async function search(): Promise<number> {
  console.log(`seed ${seed}`)
  const end = Date.now() + 1000 * Number(values.seconds)
  const most = values.runs === undefined ? Number.POSITIVE_INFINITY : Number(values.runs)
  let findings = 0
  const isOver = (trials: number): boolean =>
    findings >= MOST_FINDINGS || trials >= most || (values.runs === undefined && Date.now() > end)
  const trials = await fuzz(
    seed,
    system,
    isOver,
    (finding) => {
      findings++
      keep(finding)
    },
    targets,
  )
  console.log(`${trials} trials, ${findings} findings`)
  return findings > 0 ? 1 : 0
}

function keep({ target, seed: own, trial, fault }: Finding): void {
  mkdirSync(values.keep, { recursive: true })
  const file = join(values.keep, `${target}-${own}`)
  writeFileSync(file, trial.bytes)
  console.log(`${target}: ${fault}\n  input: ${file} (${trial.bytes.length} bytes; ${trial.beside})`)
  console.log(`  again: npm run fuzz -- --target ${target} --seed ${own} --runs 1`)
}

async function findSabotages(): Promise<number> {
  let missed = 0
  for (const sabotage of SABOTAGES) {
    const target = TARGETS.find(({ name }) => name === sabotage.target)
    let trials = 0
    let found: Finding | undefined
    for (; target !== undefined && found === undefined && trials < MOST_TRIALS; trials++) {
      const finding = await tryOnce(target, seed + trials, sabotage.system)
      if (finding?.fault.startsWith(sabotage.fault)) found = finding
    }
    if (found === undefined) missed++
    console.log(`${sabotage.name}: ${found === undefined ? 'not found' : `found in ${trials} trials`}`)
  }
  return missed > 0 ? 1 : 0
}
