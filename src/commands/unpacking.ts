import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Unpacking } from '../input/captures.ts'
import { bytesOf } from './bytes.ts'
import type { Io } from './io.ts'

/** The limits of unpacking as commander gives them. */
export interface UnpackingFlags {
  readonly maxExpand?: number
  readonly maxExpandRatio?: number
}

/** More than any night's archive of captures. */
const MOST_BYTES = 2 ** 40
/** bzip2 makes 1 byte of 25,000 of a text that repeats one line, zstd 1 of 10,000. */
const HIGHEST_RATIO = 100_000

/** Flags that bound what comes out of packed inputs. */
export function addUnpackingFlags(command: Command): Command {
  return command
    .optionsGroup('How packed inputs are read:')
    .addOption(
      new Option(
        '--max-expand <bytes>',
        'the bytes that may come out of one INPUT (default: 1 TiB); K, M, G, T',
      ).argParser(bytesOf),
    )
    .addOption(
      new Option(
        '--max-expand-ratio <n>',
        `how many times its own bytes, from 256 MiB on (default: ${HIGHEST_RATIO})`,
      ).argParser(ratioOf),
    )
}

/** What unpacking may use in this process. */
export function unpackingOf({ maxExpand, maxExpandRatio }: UnpackingFlags, { env }: Pick<Io, 'env'>): Unpacking {
  return {
    limits: { bytes: maxExpand ?? MOST_BYTES, ratio: maxExpandRatio ?? HIGHEST_RATIO },
    folder: env.TMPDIR || '/tmp',
    searchPath: env.PATH ?? '',
  }
}

function ratioOf(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('it is a whole number, 1 or more')
  return Number(text)
}
