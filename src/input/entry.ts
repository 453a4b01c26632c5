import type { InputError } from '../errors.ts'

/** What an archive holds, in the order in which it holds it. */
export type ArchiveEntry =
  /** A file. What is not read of its bytes is skipped when the next entry is asked for. */
  | { readonly as: 'file'; readonly name: string; readonly bytes: AsyncGenerator<Uint8Array> }
  /** What is no file of bytes, or has a name that leads out of the archive. */
  | { readonly as: 'skipped'; readonly name: string; readonly why: SkipCause }
  /** A place where the archive is damaged, after which it can be read on. */
  | { readonly as: 'damage'; readonly error: InputError }

/** Why an entry of an archive is not read, in words that a list can count. */
export type SkipCause =
  | 'link'
  | 'device'
  | 'sparse file'
  | 'name that leads out of the archive'
  | 'entry of an unknown type'
  | 'file of a packing that is not read'
  | 'archive nested deeper than 8'

/** The name of a file in an archive, without `./` before it; undefined where it leads out of the archive. */
export function nameWithin(name: string): string | undefined {
  const parts = name.split('/').filter((part) => part !== '.')
  const isOutside = name.startsWith('/') || parts.includes('..') || name.includes('\0')
  const within = parts.filter((part) => part !== '').join('/')
  return isOutside || within === '' ? undefined : within
}
