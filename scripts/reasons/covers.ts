// Which kernels a table applies to, from the words of the data set.
import type { AbiRange, Covers, NumberRange } from '../../src/kernel/reasons/bundle.ts'
import type { DataSet, DistroEntry } from './data-set.ts'

/** The first two numbers of a distribution's key: `ubuntu-6.8.0-106..146` → `6.8`. */
export function seriesOf(id: string): string {
  return /\d+\.\d+/.exec(id)?.[0] ?? ''
}

/** `6.14.7 to 6.14.11 (…)` → 7, 11; `6.12.46` → 46, 46. */
export function pointsIn(text: string, series: string): NumberRange {
  const points = [...text.matchAll(/(\d+\.\d+)\.(\d+)\b(?!-)/g)]
    .filter((found) => found[1] === series)
    .map((found) => Number(found[2]))
  if (points.length === 0) throw new Error(`no update of ${series} in "${text}"`)
  return [Math.min(...points), Math.max(...points)]
}

/** "stable updates after: 6.1.192, 6.6.153, …; …": the series that are not at their end. */
export function openSeries(data: DataSet): { readonly [series: string]: number } {
  const after = data.missing.find((line) => line.startsWith('stable updates after:'))?.split(';', 1)[0]
  const points = [...(after ?? '').matchAll(/(\d+\.\d+)\.(\d+)/g)].map((found): [string, number] => [
    found[1] ?? '',
    Number(found[2]),
  ])
  if (points.length === 0) throw new Error('the list of what is missing does not say which stable updates')
  return Object.fromEntries(points)
}

/** The kernels that a distribution's table applies to, from its key and its sentence. */
export function coversOf(id: string, { applies_to: text }: DistroEntry): Covers {
  if (id.startsWith('ubuntu-')) return { kind: 'ubuntu', series: seriesOf(id), abis: abisIn(id, text) }
  if (id.startsWith('debian-')) {
    // debian-12-6.1.170..190: Debian's release is before the kernel's.
    const series = seriesOf(id.replace(/^debian-\d+-/, 'debian-'))
    const abis = [...text.matchAll(/\d+\.\d+\.0-(\d+)\b/g)].map((found) => Number(found[1]))
    const rc = /-rc(\d+)/.exec(text)?.[1]
    const points = text.replaceAll(/\d+\.\d+\.0-\d+/g, '')
    return {
      kind: 'debian',
      series,
      ...(abis.length === 0 ? {} : { abis: [Math.min(...abis), Math.max(...abis)] }),
      points: pointsIn(points, series),
      ...(rc === undefined ? {} : { rc: Number(rc) }),
    }
  }
  const el = /\((\d+\.\d+\.\d+)-([\d.]+)\.el(\d+)\w* to \1-([\d.]+)\.el\3\w*\)/.exec(text)
  if (el !== null) {
    const [, base = '', first = '', major = '', last = ''] = el
    return { kind: 'el', major: Number(major), minor: Number(id.split('.').at(-1)), base, builds: [first, last] }
  }
  if (/build number not established/.test(text) || id.includes('development-snapshot')) return { kind: 'none' }
  throw new Error(`${id}: cannot find out what "${text}" applies to`)
}

/** `linux-hwe-6.5 ABI 14 to 45 and linux-oem-6.5 ABI 1003 to 1027`; `kernel 5.15.0-25 (5.15.30) and older`. */
function abisIn(id: string, text: string): readonly AbiRange[] {
  const older = /\d+\.\d+\.0-(\d+) \(.*\) and older/.exec(text)?.[1]
  if (older !== undefined) return [{ flavour: 'main', range: [0, Number(older)] }]
  const abis = [...text.matchAll(/ABI (\d+)(?: to (\d+))?/g)].map(([, first, last = first]): AbiRange => {
    const range: NumberRange = [Number(first), Number(last)]
    return { flavour: range[0] >= 1000 ? 'oem' : 'main', range }
  })
  if (abis.length === 0) throw new Error(`${id}: no ABI in "${text}"`)
  return abis
}
