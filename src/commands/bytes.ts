import { InvalidArgumentError } from 'commander'

const UNITS = ['', 'K', 'M', 'G', 'T']

/** Reads `500000`, `512K`, `4M`, `20G` or `1T`: bytes. The letters, small ones too, mean powers of 1,024. */
export function bytesOf(text: string): number {
  const [, digits, unit = ''] = /^(\d{1,15})([KMGT]?)$/i.exec(text) ?? []
  const bytes = Number(digits) * 1024 ** UNITS.indexOf(unit.toUpperCase())
  if (!(Number.isSafeInteger(bytes) && bytes >= 1))
    throw new InvalidArgumentError('it is a number of bytes, 1 or more: 500000, 512K, 4M, 20G, 1T')
  return bytes
}
