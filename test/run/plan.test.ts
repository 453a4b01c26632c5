// A plan is data: a copy of it, as a worker thread would get it, runs as the plan itself does.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { adapters } from '../../adapters/registry.ts'
import { InputError } from '../../src/errors.ts'
import type { Plan } from '../../src/run/plan.ts'
import { wire } from '../../src/run/wire.ts'
import { scratchFolder } from '../cli/program.ts'
import { convertBytes } from '../kit/convert-bytes.ts'
import { planned, readCases } from '../kit/harness.ts'
import { schemaOf } from '../schemas/violations.ts'

const scratch = scratchFolder()
const BPFTRACE = 'tracepoint:skb:kfree_skb { printf("%s: %d\\n", comm, args->reason) }\n'

beforeAll(() => {
  writeFileSync(scratch.in('p.bt'), BPFTRACE)
  writeFileSync(scratch.in('snapshot.json'), JSON.stringify(schemaOf('snapshot').examples?.[0]))
  writeFileSync(scratch.in('reasons.h'), 'enum skb_drop_reason { SKB_NOT_DROPPED_YET = 0, SKB_DROP_REASON_MINE, };\n')
})

async function outputOf(plan: Plan, input: Buffer | string, folder?: string): Promise<string> {
  const wired = await wire(plan, adapters)
  const how = folder === undefined ? {} : { folder }
  return (await convertBytes(wired, Buffer.from(input), how)).output
}

/** Words of runs that together use every flag which changes what a run makes. */
const runs = (): readonly (readonly string[])[] => [
  [],
  ['--from', 'perf', '--perf-fields', 'comm,tid,cpu,time,event,trace', '--perf-time', 'absolute'],
  ['--from', 'bpftrace:json', '-e', BPFTRACE, '--bpftrace-version', '0.23.2'],
  ['--program', scratch.in('p.bt'), '--kernel', '6.12', '--distro', 'debian', '--validate', 'full'],
  ['--program', 'auto', '--reasons', scratch.in('reasons.h')],
  ['--printf', '%s: %d\\n', '--names', 'comm,args.reason', '--kind', 'all'],
  ['--snapshot', scratch.in('snapshot.json'), '--clock', 'monotonic', '--timezone', 'Europe/Berlin'],
  ['--boot-time', '2026-11-23T10:30:41.25Z', '--host', 'a', '--label', '__proto__=x', '--label', 'site=y'],
  ['--provenance', 'full', '--id', '--id-salt', 'salt', '--kind', 'drop,loss'],
  ['--where', 'has(drop.reason)', '--reason', 'NO_SOCKET', '--since', '-15m', '--sample', '1/2', '--limit', '5'],
  ['--to', 'csv', '--delimiter', 'tab', '--bom', '--csv-safe', '--columns', 'ts,drop.reason,args.queue_mapping'],
  ['--to', 'csv', '--no-header', '--drop-fields', 'stack,process.tid'],
  ['--select', 'drop.reason,process'],
]

describe('a plan', () => {
  it('is copied without loss', async () => {
    for (const words of runs()) {
      const plan = await planned(words)
      expect(structuredClone(plan), words.join(' ')).toStrictEqual(plan)
    }
  })

  it('that was copied makes the same of every fixture', async () => {
    for (const { input, args, name, folder } of readCases().filter((_, at) => at % 4 === 0)) {
      const more = ['--kind', 'all', '--to', 'csv', '--timezone', 'Asia/Kathmandu', '--provenance', 'full']
      const words = args.map((word) => word.replace(/^--(\w+)=(?=[\w-]+\.\w+$)/, `--$1=${folder}/`))
      const plan = await planned([...words, ...more])
      expect(await outputOf(structuredClone(plan), input), name).toBe(await outputOf(plan, input))
    }
  })

  it('holds what files say, so that they are read once', async () => {
    const plan = await planned(['--program', scratch.in('p.bt'), '--reasons', scratch.in('reasons.h')])
    expect(plan.given.flags).toEqual({ program: BPFTRACE })
    expect(plan.given.reasons?.table.core).toMatchObject({ 1: 'MINE' })
  })

  it('of a reader that is not there is refused', async () => {
    const plan = await planned(['--from', 'perf'])
    await expect(wire(plan, [])).rejects.toThrow('no adapter perf')
  })
})

describe('a flag of an adapter', () => {
  it('implies an adapter that there is, and looks beside a capture only for a file', () => {
    const flags = adapters.flatMap((adapter) => adapter.flags)
    const names = adapters.map(({ name }) => name)
    expect(flags.filter(({ implies }) => implies !== undefined && !names.includes(implies))).toEqual([])
    expect(flags.filter(({ auto, reads }) => auto !== undefined && reads === undefined)).toEqual([])
  })

  it.each([
    ['--program', 'p.bt', 'bpftrace'],
    ['-e', BPFTRACE, 'bpftrace'],
    ['--printf', '%d', 'bpftrace'],
    ['--perf-fields', 'comm,tid', 'perf'],
    ['--perf-time', 'relative', undefined],
  ])('says whose lines are read: %s', async (flag, value, implied) => {
    const path = value === 'p.bt' ? scratch.in(value) : value
    expect((await planned([flag, path])).implied).toBe(implied)
  })

  it('contradicts another that gives the same', async () => {
    await expect(planned(['-e', BPFTRACE, '--program', scratch.in('p.bt')])).rejects.toThrow(
      '--program and -e are two programs',
    )
  })

  it('with auto reads the one file beside each capture', async () => {
    const plan = await planned(['--program', 'auto'])
    expect(await outputOf(plan, 'curl: 3\n', scratch.in('.'))).toContain('"drop":{"count":1,"code":3')
    writeFileSync(scratch.in('q.bt'), BPFTRACE)
    await expect(outputOf(plan, 'curl: 3\n', scratch.in('.'))).rejects.toThrow(/^--program auto: 2 \.bt files beside /)
  })

  it.each([
    ['long', 'longer than 1 MiB'],
    ['folder', 'is a directory'],
  ])('with auto says what is wrong with the file: %s', async (name, why) => {
    const folder = scratch.in(name)
    mkdirSync(folder)
    if (name === 'folder') mkdirSync(join(folder, 'x.bt'))
    else writeFileSync(join(folder, 'x.bt'), 'x'.repeat(2 ** 20 + 1))
    const converted = outputOf(await planned(['--program', 'auto']), 'curl: 3\n', folder)
    await expect(converted).rejects.toThrow(new InputError(`--program auto ${join(folder, 'x.bt')}: ${why}`))
  })
})
