import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { bundleOf } from '../../../scripts/reasons/bundle-of.ts'
import { loadBundle, loadExplanations, tableOf } from '../../../src/kernel/reasons/bundle.ts'
import { candidates, describeTables } from '../../../src/kernel/reasons/candidates.ts'
import { namesByCode, reasonsOf } from '../../../src/kernel/reasons/reasons.ts'
import { corpus } from './files.ts'

const bundle = await loadBundle()
const explanations = await loadExplanations()
const json = (path: string): unknown => JSON.parse(readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8'))

describe('the bundled tables', () => {
  it('are 80 kernels with 35 different lists', () => {
    expect(bundle.tables).toHaveLength(80)
    expect(new Set(bundle.tables.map(({ id }) => id)).size).toBe(80)
    expect(new Set(bundle.tables.map(({ core }) => core).filter((core) => core !== null)).size).toBe(35)
  })

  it('and their explanations fit the schema, and are what the program was made with', () => {
    const validate = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true }).compile(
      json('schemas/reasons.v1.schema.json') as object,
    )
    for (const [file, loaded] of [
      ['tables', bundle],
      ['explanations', explanations],
    ] as const) {
      const { $schema: _, ...data } = json(`src/kernel/reasons/${file}.json`) as { $schema: string }
      expect(validate(data), JSON.stringify(validate.errors)).toBe(true)
      expect(data).toEqual(loaded)
    }
  })

  it('name only lists that are there, and every list is used', () => {
    const used = new Set(
      bundle.tables
        .flatMap(({ core, subsystems }) => [core, ...Object.values(subsystems)])
        .filter((key) => key !== null),
    )
    expect([...used].sort()).toEqual(Object.keys(bundle.lists).sort())
  })

  it.each(bundle.tables.map((table) => [table.id, table] as const))(
    '%s decodes each of its numbers and no other',
    (_, table) => {
      const names = namesByCode(tableOf(bundle, table))
      const reasons = reasonsOf(tableOf(bundle, table), `kernel:${table.id}`)
      for (const [code, name] of names) {
        expect(reasons.decode(code)).toMatchObject({ name, by: `kernel:${table.id}` })
        expect(reasons.codeOf(name)).toBe(code)
      }
      for (let id = 0; id < 6; id++) {
        for (let number = 0; number < 300; number++) {
          const code = id * 0x10000 + number
          if (!names.has(code)) expect(reasons.decode(code)?.name, `${code}`).toBeUndefined()
        }
      }
      for (const code of [-1, 1.5, Number.NaN, 0xffff, 0xffff0000, 2 ** 32 + 3, Number.MAX_SAFE_INTEGER])
        expect(reasons.decode(code)?.name).toBeUndefined()
    },
  )

  it('explain every name', () => {
    const names = new Set(bundle.tables.flatMap((table) => [...namesByCode(tableOf(bundle, table)).values()]))
    for (const name of names) expect(explanations.reasons, name).toHaveProperty(name)
  })

  it('are the data set, number for number', () => {
    const path = corpus('reasons/tables.json')
    if (path === undefined) return
    const data = JSON.parse(readFileSync(path, 'utf8'))
    const entries: readonly (readonly [
      string,
      { core: object | null; subsystem_ids: Record<string, string> | null },
    ])[] = [
      ...Object.entries<never>(data.releases),
      ...Object.values<{ since: string }[]>(data.stable)
        .flat()
        .map((entry): [string, never] => [/\d+\.\d+\.\d+(?= \(|$)/.exec(entry.since)?.[0] ?? '', entry as never]),
      ...Object.entries<never>(data.distros),
    ]
    expect(entries).toHaveLength(80)
    for (const [id, { core, subsystem_ids: ids, ...rest }] of entries) {
      const entry = bundle.tables.find((table) => table.id === id)
      if (entry === undefined) throw new Error(`no ${id}`)
      const table = tableOf(bundle, entry)
      expect(table.core, id).toEqual(core ?? {})
      expect(
        Object.fromEntries(Object.entries(table.subsystems).map(([number, { name }]) => [number, name])),
        id,
      ).toEqual(Object.fromEntries(Object.entries(ids ?? {}).filter(([number]) => number !== '0')))
      const own = rest as Readonly<Record<string, unknown>>
      for (const { name, names } of Object.values(table.subsystems)) {
        const { 0: _, ...counted } = names
        if (own[name] !== undefined) expect(counted, `${id} ${name}`).toEqual(own[name])
      }
    }
    expect(bundleOf(data)).toEqual(bundle)
  })
})

describe('candidates', () => {
  it('are all names that kernels give a number, with the kernels', () => {
    const three = candidates(bundle, 3)
    expect(three.map(({ name }) => name)).toEqual(['NO_SOCKET', 'PKT_TOO_SMALL', 'TCP_CSUM'])
    expect(describeTables(bundle, three[1]?.tables ?? [])).toBe(
      '5.18 to 6.1, 6.1.191, ubuntu-5.19-hwe, ubuntu-6.0-oem, ubuntu-6.1-oem, debian-12-6.1.170..190, debian-12-6.1.192',
    )
  })

  it('tell the subsystems of one number apart', () => {
    const found = candidates(bundle, 0x20001).map(({ name, subsystem }) => `${subsystem} ${name}`)
    expect(found.sort()).toEqual([
      'mac80211_monitor RX_DROP_M_UNEXPECTED_4ADDR_FRAME',
      'openvswitch OVS_DROP_LAST_ACTION',
    ])
  })

  it.each([-1, 1000, 0x90001, 2 ** 32, Number.NaN, 0.5])('of %s are none', (code) => {
    expect(candidates(bundle, code)).toEqual([])
  })
})
