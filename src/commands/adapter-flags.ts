import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Adapter, Flag, FlagValue } from '../contract.ts'
import { UsageError } from '../errors.ts'
import type { Stdin } from '../input/stdin.ts'
import { givenFiles, givenText } from '../run/given-file.ts'
import type { FileBeside, Given } from '../run/plan.ts'

/** The word that stands for the one file beside each capture. */
const AUTO = 'auto'

/** Adds the adapters' own flags to a command. */
export function addAdapterFlags(command: Command, adapters: readonly Adapter[]): void {
  for (const adapter of adapters) {
    for (const { flag, help, parse } of adapter.flags) {
      const option = new Option(flag, `${adapter.name}: ${help}`)
      command.addOption(parse === undefined ? option : option.argParser((text) => asCommander(() => parse(text))))
    }
  }
}

/** A flag of an adapter that was given, with its value. */
export interface GivenFlag {
  /** `--program`, for messages. */
  readonly as: string
  /** The name of the value in `Context.flags`. */
  readonly name: string
  readonly value: FlagValue
  readonly flag: Flag
}

/** The adapters' flags among those that commander gives. Throws UsageError where two of them give the same thing. */
export function givenFlags(
  typed: Readonly<Record<string, unknown>>,
  adapters: readonly Adapter[],
): readonly GivenFlag[] {
  const given: GivenFlag[] = []
  for (const flag of adapters.flatMap((adapter) => adapter.flags)) {
    const option = new Option(flag.flag)
    const value = typed[option.attributeName()]
    if (!isFlagValue(value)) continue
    const as = option.long ?? option.short ?? flag.flag
    const name = flag.gives ?? option.attributeName()
    const other = given.find((one) => one.name === name)
    if (other !== undefined) throw new UsageError(`${other.as} and ${as} are two ${name}s`, 'give one')
    given.push({ as, name, value, flag })
  }
  return given
}

/** The name of the adapter whose lines the flags describe. */
export function impliedBy(given: readonly GivenFlag[]): string | undefined {
  return given.find(({ flag }) => flag.implies !== undefined)?.flag.implies
}

/** The path of the file that a flag names. Undefined: it names none. */
export function pathGivenBy({ flag, value }: GivenFlag): string | undefined {
  if (flag.reads === undefined || typeof value !== 'string') return undefined
  return flag.auto !== undefined && value === AUTO ? undefined : value
}

/**
 * The values of the flags, with the text of files in the place of their names; `-` names `stdin`. Throws InputError.
 */
export async function valuesOf(given: readonly GivenFlag[], stdin: Stdin): Promise<Pick<Given, 'flags' | 'beside'>> {
  const flags: Record<string, FlagValue> = {}
  const beside: Record<string, FileBeside> = {}
  for (const one of given) {
    const { as, name, value, flag } = one
    const path = pathGivenBy(one)
    if (path !== undefined)
      flags[name] =
        flag.reads === 'files'
          ? givenFiles(as, path, flag.fileName ?? '')
          : await givenText(as, path, stdin, flag.mostBytes)
    else if (flag.auto !== undefined && value === AUTO) beside[name] = { flag: `${as} ${AUTO}`, ending: flag.auto }
    else flags[name] = value
  }
  return { flags, beside }
}

/** Runs a parser of a flag's value: commander names the flag in its message where this error is thrown. */
export function asCommander<T>(parse: () => T): T {
  try {
    return parse()
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    throw new InvalidArgumentError(error.sentence)
  }
}

function isFlagValue(value: unknown): value is FlagValue {
  return (
    ['string', 'number', 'boolean'].includes(typeof value) ||
    (Array.isArray(value) && value.every((item) => typeof item === 'string'))
  )
}
